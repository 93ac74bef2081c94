import { CustodyError } from '@custody/domain';
import { Kind, visit, type DocumentNode } from 'graphql';

const MAX_SELECTIONS = 100;
const MAX_FRAGMENTS = 50;

/**
 * Throws `QUERY_TOO_COMPLEX` for a document that would keep its own validation busy: comparing fields of one name is quadratic, and
 * a hundred fragments that spread one another overflow its stack.
 */
export function refuseOversized(document: DocumentNode): void {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  if (fragments.length > MAX_FRAGMENTS)
    throw new CustodyError('QUERY_TOO_COMPLEX', `The limit is ${MAX_FRAGMENTS} fragments.`);
  visit(document, {
    SelectionSet({ selections }) {
      if (selections.length > MAX_SELECTIONS)
        throw new CustodyError('QUERY_TOO_COMPLEX', `The limit is ${MAX_SELECTIONS} fields in one place.`);
    },
  });
}
