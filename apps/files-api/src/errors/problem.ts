import { ERRORS, REJECT_REASONS, type CustodyError, type ErrorCode } from '@custody/domain';
import { z } from 'zod';

/** RFC 9457. `code` is the stable part; `errors` has one entry for each thing that is wrong with the request. */
export const problemSchema = z.object({
  type: z
    .string()
    .meta({ description: 'URN of the kind of problem', examples: ['urn:custody:problem:FILE_NOT_FOUND'] }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  requestId: z.string().meta({ description: 'The X-Request-Id of the answer; name it when you report a problem' }),
  original: z.url().optional().meta({ description: 'What to read instead: the content door of the file' }),
  fileId: z.uuid().optional().meta({ description: 'The file that the first request under the Idempotency-Key made' }),
  withdrawn: z
    .object({ reason: z.enum(REJECT_REASONS), signature: z.string().nullable(), at: z.iso.datetime() })
    .optional()
    .meta({ description: 'Of `FILE_WITHDRAWN`: what the rescan found, and when' }),
  message: z.string().optional().meta({ description: 'The detail again at the doors of Uppy, which shows it' }),
  errors: z.array(
    z.object({
      pointer: z.string().meta({ description: 'RFC 6901 pointer into the body, or the name of a form field' }),
      message: z.string(),
    }),
  ),
});
export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function toProblem(error: CustodyError, requestId: string): Problem {
  const { status, title } = ERRORS[error.code];
  const { code, message, errors, original, fileId, withdrawn } = error;
  return {
    ...{ type: `urn:custody:problem:${code}`, title, status, detail: message, code, requestId },
    ...(original === undefined ? {} : { original }),
    ...(fileId === undefined ? {} : { fileId }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    errors: [...errors],
  };
}
