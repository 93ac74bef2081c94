/** What a catalogued type allows (M9, M11, M32). Sizes in bytes. */
export interface FileType {
  readonly id: string;
  readonly mimeType: string;
  /** Extensions without the dot; the first is used on download. */
  readonly extensions: readonly string[];
  readonly category: 'image' | 'document' | 'text' | 'video' | 'audio' | 'archive' | 'binary';
  readonly maxSize: number;
  /** `inline` only for types no browser executes. */
  readonly disposition: 'inline' | 'attachment';
  /** MIME types a content sniffer may report for honest bytes of this type; null: the type has no magic number. */
  readonly sniffsAs: readonly string[] | null;
}

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
/** The largest object of S3 (5 TiB); a deployment's own limit comes from configuration. */
const ANY = 5 * 1024 * GiB;
const IMAGE_MAX = 10 * MiB;

const ZIP = 'application/zip';
const OLE = 'application/x-cfb';

function type(
  id: string,
  mimeType: string,
  extensions: readonly string[],
  category: FileType['category'],
  options: Partial<Pick<FileType, 'maxSize' | 'disposition' | 'sniffsAs'>> = {},
): FileType {
  const maxSize = category === 'image' ? IMAGE_MAX : ANY;
  return { id, mimeType, extensions, category, maxSize, disposition: 'attachment', sniffsAs: [mimeType], ...options };
}

const inline = { disposition: 'inline' } as const;
const openXml = 'application/vnd.openxmlformats-officedocument';

/** A type that is not listed is stored as this one (M11). */
export const OCTET_STREAM = 'application/octet-stream';

export const FILE_TYPES: readonly FileType[] = [
  type('jpeg', 'image/jpeg', ['jpg', 'jpeg'], 'image', inline),
  type('png', 'image/png', ['png'], 'image', { ...inline, sniffsAs: ['image/png', 'image/apng'] }),
  type('webp', 'image/webp', ['webp'], 'image', inline),
  type('gif', 'image/gif', ['gif'], 'image', inline),
  type('avif', 'image/avif', ['avif'], 'image', inline),
  type('svg', 'image/svg+xml', ['svg'], 'image', { sniffsAs: ['application/xml'] }),
  type('heic', 'image/heic', ['heic'], 'image', { sniffsAs: ['image/heic', 'image/heif'] }),
  type('tiff', 'image/tiff', ['tiff', 'tif'], 'image'),
  type('pdf', 'application/pdf', ['pdf'], 'document', inline),
  type('docx', `${openXml}.wordprocessingml.document`, ['docx'], 'document', {
    sniffsAs: [`${openXml}.wordprocessingml.document`, ZIP],
  }),
  type('xlsx', `${openXml}.spreadsheetml.sheet`, ['xlsx'], 'document', {
    sniffsAs: [`${openXml}.spreadsheetml.sheet`, ZIP],
  }),
  type('pptx', `${openXml}.presentationml.presentation`, ['pptx'], 'document', {
    sniffsAs: [`${openXml}.presentationml.presentation`, ZIP],
  }),
  type('odt', 'application/vnd.oasis.opendocument.text', ['odt'], 'document', {
    sniffsAs: ['application/vnd.oasis.opendocument.text', ZIP],
  }),
  type('doc', 'application/msword', ['doc'], 'document', { sniffsAs: [OLE] }),
  type('xls', 'application/vnd.ms-excel', ['xls'], 'document', { sniffsAs: [OLE] }),
  type('ppt', 'application/vnd.ms-powerpoint', ['ppt'], 'document', { sniffsAs: [OLE] }),
  type('rtf', 'application/rtf', ['rtf'], 'document', { sniffsAs: ['application/rtf', 'text/rtf'] }),
  type('eml', 'message/rfc822', ['eml'], 'document', { sniffsAs: null }),
  type('msg', 'application/vnd.ms-outlook', ['msg'], 'document', { sniffsAs: [OLE] }),
  type('txt', 'text/plain', ['txt', 'log'], 'text', { ...inline, sniffsAs: null }),
  type('csv', 'text/csv', ['csv'], 'text', { sniffsAs: null }),
  type('json', 'application/json', ['json'], 'text', { sniffsAs: null }),
  type('xml', 'application/xml', ['xml'], 'text', { sniffsAs: ['application/xml'] }),
  type('mp4', 'video/mp4', ['mp4', 'm4v'], 'video', { ...inline, sniffsAs: ['video/mp4', 'video/x-m4v'] }),
  type('mov', 'video/quicktime', ['mov'], 'video', inline),
  type('webm', 'video/webm', ['webm'], 'video', {
    ...inline,
    sniffsAs: ['video/webm', 'video/matroska', 'video/x-matroska'],
  }),
  type('mkv', 'video/matroska', ['mkv'], 'video', { sniffsAs: ['video/matroska', 'video/x-matroska', 'video/webm'] }),
  type('avi', 'video/vnd.avi', ['avi'], 'video', { sniffsAs: ['video/vnd.avi', 'video/x-msvideo'] }),
  type('mp3', 'audio/mpeg', ['mp3'], 'audio', inline),
  type('wav', 'audio/wav', ['wav'], 'audio', { ...inline, sniffsAs: ['audio/wav', 'audio/vnd.wave', 'audio/x-wav'] }),
  type('ogg', 'audio/ogg', ['ogg', 'oga'], 'audio', {
    ...inline,
    sniffsAs: ['audio/ogg', 'application/ogg', 'audio/opus'],
  }),
  type('m4a', 'audio/mp4', ['m4a'], 'audio', { ...inline, sniffsAs: ['audio/mp4', 'audio/x-m4a', 'video/mp4'] }),
  type('zip', ZIP, ['zip'], 'archive', { sniffsAs: [ZIP] }),
  type('gzip', 'application/gzip', ['gz', 'tgz'], 'archive', { sniffsAs: ['application/gzip', 'application/x-gzip'] }),
  type('tar', 'application/x-tar', ['tar'], 'archive'),
  type('7z', 'application/x-7z-compressed', ['7z'], 'archive'),
  type('binary', OCTET_STREAM, ['bin'], 'binary', { sniffsAs: null }),
];

const byMime = new Map(FILE_TYPES.map((fileType) => [fileType.mimeType, fileType]));
const OTHER = byMime.get(OCTET_STREAM) as FileType;

/** The essence of a MIME string (`Image/PNG; q=1` → `image/png`), or null when it is not `type/subtype` (RFC 9110 8.3.1). */
export function mimeEssence(value: string): string | null {
  const essence = (value.split(';', 1)[0] as string).trim().toLowerCase();
  return /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/.test(essence) ? essence : null;
}

/** The catalogued type for a declared MIME type; anything unknown is octet-stream (M11). */
export function fileTypeFor(mimeType: string): FileType {
  return byMime.get(mimeEssence(mimeType) ?? OCTET_STREAM) ?? OTHER;
}

/**
 * Whether bytes that sniff as `sniffed` may be called `declared` (M10). `sniffed` is null when no magic number was found.
 * A type without a magic number (text, octet-stream) must not carry one of an executable or a page; other magic passes only
 * for octet-stream, which is never served inline.
 */
export function sniffAgrees(declared: FileType, sniffed: string | null): boolean {
  if (declared.sniffsAs !== null) return sniffed !== null && declared.sniffsAs.includes(sniffed);
  return declared.mimeType === OCTET_STREAM || sniffed === null;
}
