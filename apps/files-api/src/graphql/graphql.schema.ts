import { z } from 'zod';

/** GraphQL over HTTP. One operation a request: an array (a batch) is no request. */
export const graphqlRequestSchema = z.object({
  query: z
    .string()
    .min(1)
    .meta({ description: 'The document', examples: ['{ files(first: 10) { edges { node { id } } } }'] }),
  operationName: z.string().nullish().meta({ description: 'Which operation of the document' }),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish().meta({ description: 'Ignored' }),
});
export type GraphqlRequest = z.output<typeof graphqlRequestSchema>;

/** `data` is absent when nothing was executed. */
export const graphqlAnswerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullable().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        locations: z.array(z.object({ line: z.int(), column: z.int() })).optional(),
        path: z.array(z.union([z.string(), z.int()])).optional(),
        extensions: z.record(z.string(), z.unknown()).meta({
          description: '`code`, `status`, `requestId`, and `errors`, `retryAfterSec`, `original` as in a problem',
        }),
      }),
    )
    .optional(),
});
