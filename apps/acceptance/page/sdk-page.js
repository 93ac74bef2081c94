/* global document, window */
// The page of the SDK's tests: the built package as it is, with no bundler; the tests call it by `page.evaluate`.
import { createCustody } from '/sdk/index.js';

const input = document.body.appendChild(Object.assign(document.createElement('input'), { type: 'file' }));
let client;
let upload;
const phases = [];

window.custody = {
  signIn(options) {
    client = createCustody(options);
  },

  /** Uploads the file that is chosen in the input. */
  begin(options) {
    upload = client.files.upload(input.files[0], { ...options, onProgress: ({ phase }) => phases.push(phase) });
    upload.catch(() => undefined);
  },

  progress: () => upload.progress,
  phases: () => phases,
  finished: () => upload.then((result) => result),
  verdict: (fileId) => client.waitForScan(fileId, { timeoutMs: 30_000 }),
  unfinished: () => client.files.unfinished(),
};
