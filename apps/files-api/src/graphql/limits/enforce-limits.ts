import type { FilesApiConfig } from '@custody/config';
import { CustodyError } from '@custody/domain';
import { getOperationAST, type DocumentNode, type GraphQLSchema } from 'graphql';
import { measure } from './measure.js';

/** Throws `validation-error` for a subscription, `QUERY_TOO_DEEP` or `QUERY_TOO_COMPLEX` for a valid operation that asks for too much, before any of it is executed (S33). */
export function enforceLimits(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  variables: Readonly<Record<string, unknown>>,
  limits: FilesApiConfig['graphql'],
): void {
  const operation = getOperationAST(document, operationName);
  if (!operation) return;
  // No rule of validation minds an operation the schema has no root for.
  if (!schema.getRootType(operation.operation))
    throw new CustodyError('validation-error', `There is no ${operation.operation} here.`);
  const { depth, cost, aliases, rootFields } = measure(schema, document, operation, variables, limits.maxCost);
  if (depth > limits.maxDepth) throw new CustodyError('QUERY_TOO_DEEP', `The limit is ${limits.maxDepth} levels.`);
  if (cost > limits.maxCost) throw tooComplex(`The limit is a cost of ${limits.maxCost}; ask for smaller pages.`);
  if (aliases > limits.maxAliases) throw tooComplex(`The limit is ${limits.maxAliases} aliases.`);
  if (rootFields > limits.maxRootFields)
    throw tooComplex(`The limit is ${limits.maxRootFields} queries or mutations at once.`);
}

function tooComplex(detail: string): CustodyError {
  return new CustodyError('QUERY_TOO_COMPLEX', detail);
}
