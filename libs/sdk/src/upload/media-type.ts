import { isCustodyError } from '../errors.js';
import type { Api } from '../http/api.js';

const UNKNOWN = 'application/octet-stream';

/** The media type of a name by the catalogue of the service; octet-stream for others and without files:read. */
export async function mediaTypeOf(api: Api, name: string, signal: AbortSignal): Promise<string> {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  if (extension === undefined) return UNKNOWN;
  try {
    const { items } = await api.call('GET /v1/file-types', { signal });
    return items.find(({ extensions }) => extensions.includes(extension))?.mimeType ?? UNKNOWN;
  } catch (error) {
    if (isCustodyError(error, 'INSUFFICIENT_SCOPE')) return UNKNOWN;
    throw error;
  }
}
