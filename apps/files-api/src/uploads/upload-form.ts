import { validated } from '../requests/validation.js';
import type { FilePart } from './multipart-form.js';
import { uploadFormSchema, type UploadForm } from './uploads.schema.js';

/** The fields of a form; what they leave out, the file's own part says. Throws `validation-error`. */
export function uploadFormOf(fields: Readonly<Record<string, unknown>>, part: FilePart): UploadForm {
  return validated(uploadFormSchema, { filename: part.filename ?? '', mimeType: part.mimeType, ...fields });
}
