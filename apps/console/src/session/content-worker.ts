import type { Session } from './session.js';

interface TrustedScriptPolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypesFactory {
  createPolicy(name: string, rules: TrustedScriptPolicy): TrustedScriptPolicy;
}

const WORKER = 'content-worker.js';

/**
 * Registers the service worker that reads the content door for elements, and answers it with tokens.
 * @returns false where there are no service workers: previews are opened by a download URL then
 */
export async function startContentWorker(session: Session): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  const workers = navigator.serviceWorker;
  workers.addEventListener('message', ({ ports }) => {
    void session.token().then((token) => ports[0]?.postMessage(token));
  });
  workers.startMessages();
  await workers.register(trusted(WORKER));
  await workers.ready;
  if (workers.controller !== null) return true;
  await new Promise((resolve) => workers.addEventListener('controllerchange', resolve, { once: true }));
  return true;
}

/** The one script URL this page makes, past `require-trusted-types-for 'script'`. */
function trusted(url: string): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypesFactory };
  if (trustedTypes === undefined) return url;
  return trustedTypes
    .createPolicy('custody', { createScriptURL: (text) => (text === WORKER ? text : '') })
    .createScriptURL(url);
}
