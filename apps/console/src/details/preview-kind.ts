import type { FileMetadata } from '@custody/sdk';

export type PreviewKind = 'image' | 'video' | 'audio' | 'pdf' | 'text' | 'none';

const PDF_MOST = 50 * 1024 ** 2;
const SHOWN_IMAGES = /^image\/(png|jpeg|webp|gif|avif)$/;
const TEXTS = /^text\/|^application\/(json|xml)$/;

/** How a file can be looked at without leaving the page. */
export function previewKind({
  mimeType,
  size,
  status,
}: Pick<FileMetadata, 'mimeType' | 'size' | 'status'>): PreviewKind {
  if (status !== 'available') return 'none';
  if (SHOWN_IMAGES.test(mimeType)) return 'image';
  if (mimeType.startsWith('video/')) return 'video';
  if (mimeType.startsWith('audio/')) return 'audio';
  // The viewer gets it as a blob, whole.
  if (mimeType === 'application/pdf') return size <= PDF_MOST ? 'pdf' : 'none';
  return TEXTS.test(mimeType) ? 'text' : 'none';
}
