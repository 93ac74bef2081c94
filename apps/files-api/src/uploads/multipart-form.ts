import { CustodyError, type FieldProblem } from '@custody/domain';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';

/** The one `file` part. `filename` and `mimeType` as the part's own headers say; `body` must be read to its end. */
export interface FilePart {
  readonly filename: string | undefined;
  readonly mimeType: string;
  readonly body: Readable;
}

export interface MultipartForm<Stored> {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly stored: Stored;
}

const LIMITS = {
  ...{ fields: 20, files: 1, parts: 21, fieldNameSize: 100, fieldSize: 64 * 1024, headerPairs: 50 },
  // Without it the limit of JSON bodies would hold; `storeFile` counts for itself.
  fileSize: Infinity,
};
const FILE_FIELD = 'file';

/**
 * Reads a `multipart/form-data` body in one pass (RFC 7578), fields before or after the file part; `storeFile` takes the
 * bytes as they come. Throws `validation-error` for a body that is not such a form, or what `storeFile` throws.
 */
export async function readForm<Stored>(
  request: FastifyRequest,
  storeFile: (part: FilePart) => Promise<Stored>,
): Promise<MultipartForm<Stored>> {
  if (!request.isMultipart()) throw new CustodyError('UNSUPPORTED_MEDIA_TYPE', 'Send multipart/form-data.');
  try {
    return await readParts(request, storeFile);
  } catch (error) {
    // Nobody reads the rest, and the client may send it before it looks at the answer: let it run into the void.
    request.raw.unpipe();
    request.raw.resume();
    throw toRefusal(error);
  }
}

async function readParts<Stored>(request: FastifyRequest, storeFile: (part: FilePart) => Promise<Stored>) {
  const fields: Record<string, unknown> = {};
  let file: { stored: Stored } | null = null;
  for await (const part of request.parts({ limits: LIMITS })) {
    if (part.fieldname in fields) throw invalid(part.fieldname, 'must not be repeated');
    if (part.type === 'field') {
      if (part.valueTruncated) throw invalid(part.fieldname, `must not be longer than ${LIMITS.fieldSize} bytes`);
      fields[part.fieldname] = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
    } else {
      if (part.fieldname !== FILE_FIELD) throw invalid(part.fieldname, `the file part is called ${FILE_FIELD}`);
      const { filename, mimetype } = part as { filename: string | undefined; mimetype: string };
      file = { stored: await storeFile({ filename, mimeType: mimetype, body: part.file }) };
    }
  }
  if (file === null) throw invalid(FILE_FIELD, 'is required');
  return { fields, stored: file.stored };
}

function invalid(pointer: string, message: string): CustodyError {
  const errors: FieldProblem[] = [{ pointer, message }];
  return new CustodyError('validation-error', undefined, { errors });
}

/** What the parser says of a broken or oversized form; an error with a status or a code of ours passes as it is. */
function toRefusal(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  const isLimit = typeof code === 'string' && /^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code);
  const isBroken = /terminated early|Unexpected end of|Malformed|Multipart|premature|FST_/i.test(
    `${error.message} ${String(code)}`,
  );
  if (!isLimit && !isBroken) return error;
  return new CustodyError('validation-error', 'The body is not a complete form with one file.', { cause: error });
}
