/** How previews and measures of a type are made; each kind has its own decoder. */
export type Derivation = 'image' | 'pdf';

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
  /** MIME types a content sniffer may report for honest bytes of this type; null among them: bytes without a magic number. */
  readonly sniffsAs: readonly (string | null)[];
  /** What is derived from it after its scan (M24, M25); null: nothing. */
  readonly derivation: Derivation | null;
  /** Longest sides, in pixels, of the thumbnails that are made of it; empty: none. */
  readonly thumbnails: readonly number[];
}

/** Longest sides, in pixels, of every thumbnail there is, smallest first. */
export const THUMBNAIL_SIZES = [128, 512] as const;
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];

/** Each size is made in each of these. */
export const THUMBNAIL_FORMATS = ['webp', 'jpeg'] as const;
export type ThumbnailFormat = (typeof THUMBNAIL_FORMATS)[number];

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
  options: Partial<Pick<FileType, 'disposition' | 'sniffsAs' | 'derivation'>> = {},
): FileType {
  const { disposition = 'attachment', sniffsAs = [mimeType], derivation = null } = options;
  const maxSize = category === 'image' ? IMAGE_MAX : ANY;
  const thumbnails = derivation === null ? [] : THUMBNAIL_SIZES;
  return { id, mimeType, extensions, category, maxSize, disposition, sniffsAs, derivation, thumbnails };
}

const inline = { disposition: 'inline' } as const;
/** Only these have a decoder here (S22); SVG is a program and is never rasterised. */
const picture = { ...inline, derivation: 'image' } as const;
/** Text that other text formats announce themselves in is still text. */
const TEXTS = [null, 'application/xml', 'image/svg+xml', 'text/vcard', 'text/calendar', 'text/vtt'];
const openXml = 'application/vnd.openxmlformats-officedocument';

/** A type that is not listed is stored as this one (M11). */
export const OCTET_STREAM = 'application/octet-stream';

export const FILE_TYPES: readonly FileType[] = [
  type('jpeg', 'image/jpeg', ['jpg', 'jpeg'], 'image', picture),
  type('png', 'image/png', ['png'], 'image', { ...picture, sniffsAs: ['image/png', 'image/apng'] }),
  type('webp', 'image/webp', ['webp'], 'image', picture),
  type('gif', 'image/gif', ['gif'], 'image', picture),
  type('avif', 'image/avif', ['avif'], 'image', picture),
  type('svg', 'image/svg+xml', ['svg'], 'image', { sniffsAs: ['image/svg+xml', 'application/xml'] }),
  type('heic', 'image/heic', ['heic'], 'image', { sniffsAs: ['image/heic', 'image/heif'] }),
  type('tiff', 'image/tiff', ['tiff', 'tif'], 'image'),
  type('pdf', 'application/pdf', ['pdf'], 'document', { ...inline, derivation: 'pdf' }),
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
  type('eml', 'message/rfc822', ['eml'], 'document', { sniffsAs: [null] }),
  type('msg', 'application/vnd.ms-outlook', ['msg'], 'document', { sniffsAs: [OLE] }),
  type('txt', 'text/plain', ['txt', 'log'], 'text', { ...inline, sniffsAs: TEXTS }),
  type('csv', 'text/csv', ['csv'], 'text', { sniffsAs: [null] }),
  type('json', 'application/json', ['json'], 'text', { sniffsAs: [null] }),
  type('xml', 'application/xml', ['xml'], 'text', { sniffsAs: ['application/xml', 'image/svg+xml', null] }),
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
  type('binary', OCTET_STREAM, ['bin'], 'binary', { sniffsAs: [null] }),
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
 * Anything may be called octet-stream: it is never shown.
 */
export function sniffAgrees(declared: FileType, sniffed: string | null): boolean {
  return declared.mimeType === OCTET_STREAM || declared.sniffsAs.includes(sniffed);
}

/**
 * The name a file is saved under: its type decides the extension (M32), so `report` of a PDF becomes `report.pdf` and an
 * image called `a.exe` becomes `a.exe.png`. What we have no type for keeps its name.
 */
export function downloadName(filename: string, { mimeType, extensions }: FileType): string {
  const has = /\.([^./\\]+)$/.exec(filename)?.[1]?.toLowerCase();
  if (mimeType === OCTET_STREAM || (has !== undefined && extensions.includes(has))) return filename;
  return `${filename}.${extensions[0] ?? 'bin'}`;
}
