import { z } from 'zod';
import type { Page, PageRequest } from '../requests/page.js';

/** Arguments of every connection. Null counts as absent. */
export const pageArgumentsSchema = z
  .object({
    first: z.int().min(1).max(200).nullish(),
    after: z.string().max(8_192).nullish(),
  })
  .transform(({ first, after }): PageRequest => ({ limit: first ?? 50, cursor: after ?? undefined }));

interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node, Extra extends object = object> {
  readonly edges: (Edge<Node> & Extra)[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A page of a use-case as a connection; `cursorOf` writes the cursor that use-case reads. */
export function connection<Node>(
  { items, hasMore }: Omit<Page<Node>, 'nextCursor'>,
  { cursor }: { readonly cursor?: string | undefined },
  cursorOf: (node: Node) => string,
): Connection<Node> {
  const edges = items.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: hasMore,
      hasPreviousPage: cursor !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
