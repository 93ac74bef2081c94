import type { FilesApiConfig } from '@custody/config';

/** Origins of the store that a presigned URL can have. */
export function storeOrigins(store: FilesApiConfig['store']): string[] {
  const { protocol, host, origin } = new URL(store.publicEndpoint);
  if (store.forcePathStyle) return [origin];
  return [store.stagingBucket, store.mainBucket].map((bucket) => `${protocol}//${bucket}.${host}`);
}

/**
 * What the console may load and reach (CSP Level 3): its own files, the store, the token endpoint. Nothing inline; a PDF is
 * a blob in a frame; scripts get into the page only through the one Trusted Types policy that registers the service worker.
 */
export function contentSecurityPolicy(stores: readonly string[], tokenUrl: string): string {
  const store = stores.join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' blob: ${store}`,
    "media-src 'self' blob:",
    `connect-src 'self' ${store} ${new URL(tokenUrl).origin}`,
    'frame-src blob:',
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types custody',
  ].join('; ');
}
