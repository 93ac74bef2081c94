/* global document, fetch, requestAnimationFrame, window, File */
// The page of a product that uploads with Uppy; bundled once with each major version of it.
import AwsS3 from '@uppy/aws-s3';
import Uppy from '@uppy/core';

const MiB = 1024 ** 2;

/** The bytes that harness/uppy.ts makes too. */
const bytesOf = ({ size, seed }) =>
  Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8) * 13 + seed) & 255);

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

const isRefused = async (endpoint) => (await fetch(`${endpoint}/s3/multipart/x`)).status === 401;

window.uppy = {
  version: Uppy.VERSION,

  /**
   * Uploads one file, over 5 MiB in parts; resolves to what Uppy says of it. `pause`: stops after the first part and goes on. `renewed`:
   * goes on only when the token has expired, fails, and takes the options with another one, as docs/uppy.md says.
   */
  async upload({ plugin, file: { name, type, meta, ...bytes }, pause = false, renewed }) {
    const shouldUseMultipart = ({ size }) => size > 5 * MiB;
    const uppy = new Uppy({ autoProceed: false });
    uppy.use(AwsS3, { ...plugin, shouldUseMultipart });
    const seen = { parts: 0, pauses: 0, progress: 0, failures: 0 };
    uppy.on('upload-progress', (_file, { bytesUploaded }) => (seen.progress = Math.max(seen.progress, bytesUploaded)));
    uppy.on('s3-multipart:part-uploaded', async () => {
      seen.parts += 1;
      if (!pause || seen.pauses > 0) return;
      seen.pauses += 1;
      uppy.pauseAll();
      do await nextFrame();
      while (renewed !== undefined && !(await isRefused(plugin.companionEndpoint)));
      uppy.resumeAll();
    });
    uppy.addFile({ name, type, data: new File([bytesOf(bytes)], name, { type }), meta });
    document.title = name;
    let { successful, failed } = await uppy.upload();
    if (renewed !== undefined && failed.length > 0) {
      seen.failures += 1;
      uppy.removePlugin(uppy.getPlugin('AwsS3'));
      uppy.use(AwsS3, { ...renewed, shouldUseMultipart });
      ({ successful, failed } = await uppy.retryAll());
    }
    return {
      ...seen,
      failed: failed.map(({ error }) => error),
      body: successful[0]?.response?.body,
      uploadURL: successful[0]?.uploadURL,
    };
  },
};
