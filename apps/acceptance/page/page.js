/* global document, fetch, navigator, window, Blob, MessageChannel, OffscreenCanvas, Response, VideoEncoder, VideoFrame, atob, btoa, createImageBitmap */
// What the page of the browser tests can do; the tests call it by `page.evaluate`.

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const happens = (target, name) =>
  new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true });
    target.addEventListener('error', () => reject(new Error(target.error?.message ?? 'it failed')), { once: true });
  });

window.custody = {
  /** Installs docs/examples/content-worker.js and tells it who asks. */
  async signIn(session) {
    await navigator.serviceWorker.register('/content-worker.js');
    const { active } = await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller === null) await happens(navigator.serviceWorker, 'controllerchange');
    const { port1, port2 } = new MessageChannel();
    const told = new Promise((resolve) => (port1.onmessage = resolve));
    active.postMessage(session, [port2]);
    await told;
  },

  /** A picture every 200 ms with its own time and colour (hue = seconds * 18), every tenth a key picture. */
  async record(seconds) {
    const chunks = [];
    const output = (chunk) => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      chunks.push({ timestamp: chunk.timestamp, key: chunk.type === 'key', data: btoa(String.fromCharCode(...data)) });
    };
    const failures = [];
    const encoder = new VideoEncoder({ output, error: (error) => failures.push(error) });
    encoder.configure({ codec: 'vp8', width: 320, height: 180, bitrate: 300_000, framerate: 5 });
    const canvas = new OffscreenCanvas(320, 180);
    const pen = canvas.getContext('2d');
    for (let n = 0; n < seconds * 5; n++) {
      pen.fillStyle = `hsl(${(n / 5) * 18} 70% 40%)`;
      pen.fillRect(0, 0, 320, 180);
      pen.fillStyle = 'white';
      pen.font = '64px sans-serif';
      pen.fillText(`${(n / 5).toFixed(1)} s`, 80, 110);
      const frame = new VideoFrame(canvas, { timestamp: n * 200_000 });
      encoder.encode(frame, { keyFrame: n % 10 === 0 });
      frame.close();
    }
    await encoder.flush();
    if (failures.length > 0) throw failures[0];
    return chunks;
  },

  /** PUTs to an upload URL, as an application in a browser does; the status. */
  async put({ uploadUrl, method, headers }, base64) {
    return (await fetch(uploadUrl, { method, headers, body: new Blob([bytesOf(base64)]) })).status;
  },

  /** Plays in a `<video>` of these attributes, seeks to the middle; what the element says. */
  async seekToMiddle(url, attributes = {}) {
    const video = Object.assign(document.createElement('video'), { muted: true, preload: 'metadata', ...attributes });
    document.body.replaceChildren(video);
    const loaded = happens(video, 'loadedmetadata');
    video.src = url;
    await loaded;
    const seeked = happens(video, 'seeked');
    video.currentTime = video.duration / 2;
    await seeked;
    const { duration, currentTime, videoWidth, videoHeight } = video;
    return { duration, currentTime, videoWidth, videoHeight };
  },

  /** Plays on from where it stands until the time has moved; the time. */
  async playOn() {
    const video = document.querySelector('video');
    const from = video.currentTime;
    await video.play();
    while (video.currentTime <= from) await happens(video, 'timeupdate');
    video.pause();
    return video.currentTime;
  },

  /** Reads the bytes with the worker's help and shows them in the browser's own viewer. */
  async view(url) {
    const bytes = await (await fetch(url)).blob();
    const frame = Object.assign(document.createElement('iframe'), { width: 600, height: 600 });
    document.body.replaceChildren(frame);
    const loaded = happens(frame, 'load');
    frame.src = URL.createObjectURL(bytes);
    await loaded;
    return bytes.type;
  },

  /** What `fetch` makes of it: a status, or the name of the error. */
  async attempt(url, init) {
    return fetch(url, init).then(
      ({ status }) => status,
      ({ name }) => name,
    );
  },

  /** The share of the pixels of a PNG that are nearly of this colour. */
  async share(base64, [red, green, blue]) {
    const picture = await createImageBitmap(await new Response(bytesOf(base64)).blob());
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    pen.drawImage(picture, 0, 0);
    const { data } = pen.getImageData(0, 0, picture.width, picture.height);
    let near = 0;
    for (let at = 0; at < data.length; at += 4) {
      const distance = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue);
      if (distance < 90) near += 1;
    }
    return near / (data.length / 4);
  },
};
