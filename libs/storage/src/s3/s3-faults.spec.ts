import type { OutgoingHttpHeaders, RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import type { S3ObjectStore } from './s3-object-store.js';
import { storeOver } from './store-over.fixture.js';

const withStore = (answer: RequestListener, run: (store: S3ObjectStore) => Promise<void>, maxAttempts = 1) =>
  storeOver(answer, { responseTimeoutMs: 150, idleTimeoutMs: 150, maxAttempts }, run);

const main = { bucket: 'main', key: 'k' } as const;
const unavailable = { name: 'ObjectStoreError', code: 'UNAVAILABLE', retryable: true };

describe('F12 a failing store', () => {
  it.each([500, 503, 429])('an answer of %d is worth another try', (status) =>
    withStore(
      (_, response) => response.writeHead(status).end(),
      async (store) => {
        await expect(store.head(main)).rejects.toMatchObject(unavailable);
        await expect(store.open(main)).rejects.toMatchObject(unavailable);
      },
    ),
  );

  it('no answer ends at the deadline', () =>
    withStore(
      () => undefined,
      async (store) => {
        await expect(store.head(main)).rejects.toMatchObject(unavailable);
        await expect(store.open(main)).rejects.toMatchObject(unavailable);
      },
    ));

  it('is asked again, and not for what it refuses', async () => {
    let asked = 0;
    const answer: RequestListener = ({ url }, response) => {
      asked += 1;
      if (url === '/main/none') response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      else if (asked === 1) response.destroy();
      else if (asked === 2) response.writeHead(503).end();
      else response.end('abc');
    };
    await withStore(
      answer,
      async (store) => {
        expect(await store.readHead(main, 10)).toEqual(Buffer.from('abc'));
        expect(asked).toBe(3);
        await expect(store.open({ ...main, key: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
        expect(asked).toBe(4);
      },
      3,
    );
  });

  it('whose clock is hours off is asked again by its own', async () => {
    const hours = 5 * 3_600_000;
    const asked: number[] = [];
    const answer: RequestListener = ({ headers }, response) => {
      const at = String(headers['x-amz-date']).replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
      asked.push(Math.abs(Math.round((Date.parse(at) - Date.now()) / hours)));
      response.setHeader('date', new Date(Date.now() + hours).toUTCString());
      if (asked.length > 1) response.end('abc');
      else response.writeHead(403).end('<Error><Code>RequestTimeTooSkewed</Code></Error>');
    };
    await withStore(
      answer,
      async (store) => {
        expect(await store.readHead(main, 10)).toEqual(Buffer.from('abc'));
        expect(await store.readHead(main, 10)).toEqual(Buffer.from('abc'));
      },
      2,
    );
    expect(asked).toEqual([0, 1, 1]);
  });

  it.each([
    ['NoSuchBucket', 404, 'INVALID_REQUEST'],
    ['AccessDenied', 403, 'ACCESS_DENIED'],
    ['InvalidRange', 416, 'INVALID_RANGE'],
    ['RequestTimeout', 400, 'UNAVAILABLE'],
  ])('says %s in its own words', (code, status, known) =>
    withStore(
      (_, response) => response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`),
      async (store) => {
        await expect(store.open(main)).rejects.toMatchObject({
          code: known,
          message: `open: the store answered ${status} ${code}`,
        });
      },
    ),
  );

  it('a request that waits for a connection ends when its caller does', () =>
    withStore(
      () => undefined,
      async (store) => {
        const waiting = Array.from({ length: 80 }, () => store.open(main));
        const settled = Promise.allSettled(waiting);
        await expect(store.open(main, undefined, AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'ABORTED' });
        expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
      },
    ));

  it('a body that is cut or falls silent is not a short file', async () => {
    const announce: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': '10', etag: '"e"' });
      response.write('abc');
    };
    await withStore(
      (request, response) => {
        announce(request, response);
        setImmediate(() => response.destroy());
      },
      async (store) => {
        await expect(store.open(main).then(({ body }) => body.toArray())).rejects.toMatchObject(unavailable);
      },
    );
    await withStore(announce, async (store) => {
      await expect(store.open(main).then(({ body }) => body.toArray())).rejects.toMatchObject(unavailable);
    });
  });

  it('the signal of the caller ends the wait and the body', () =>
    withStore(
      (request, response) => {
        if (request.method === 'HEAD') return;
        response.writeHead(200, { 'content-length': '10' });
        response.write('abc');
      },
      async (store) => {
        const aborted = { code: 'ABORTED' };
        await expect(store.head(main, AbortSignal.timeout(20))).rejects.toMatchObject(aborted);
        await expect(store.head(main, AbortSignal.abort())).rejects.toMatchObject(aborted);
        const stop = new AbortController();
        const { body } = await store.open(main, undefined, stop.signal);
        body.once('data', () => stop.abort());
        await expect(body.toArray()).rejects.toMatchObject(aborted);
      },
    ));

  it('a part that is refused while a body is written is the failure that its writer hears of', () =>
    withStore(
      (request, response) => {
        request.resume().once('end', () => {
          if (request.method === 'POST') response.end('<R><UploadId>u</UploadId></R>');
          else response.writeHead(503).end();
        });
      },
      async (store) => {
        const body = Readable.from(Array.from({ length: 1_000 }, () => Buffer.alloc(65_536)));
        await expect(store.putStream('k', body, { contentType: 'text/plain' })).rejects.toMatchObject(unavailable);
        expect(body.destroyed).toBe(true);
      },
    ));

  it('no message carries a credential or a signature', () =>
    withStore(
      (_, response) => response.writeHead(403).end(),
      async (store) => {
        const error: unknown = await store.head(main).catch((caught: unknown) => caught);
        expect(error).toMatchObject({ code: 'ACCESS_DENIED', retryable: false });
        expect(JSON.stringify([String(error), error])).not.toMatch(/secret|Signature|127\.0\.0\.1/);
      },
    ));
});

describe('what a copy answers', () => {
  const from = { bucket: 'staging', key: 'k', versionId: 'v' } as const;
  const spec = { contentType: 'text/plain', contentDisposition: 'inline', size: 3, sha256: 'ab', etag: 'e' };
  const found = { 'content-length': '3', etag: '"f"', 'x-amz-meta-sha256': 'ab' };
  /** Answers a copy with this body; `asked`: the methods of all requests. */
  const copying = (body: string, asked: string[], head: OutgoingHttpHeaders | null = found): RequestListener => {
    return (request, response) => {
      asked.push(request.method ?? '');
      if (request.method === 'PUT') response.writeHead(200, { 'content-type': 'application/xml' }).end(body);
      else if (head === null) response.writeHead(404).end();
      else response.writeHead(200, head).end();
    };
  };
  const answer = (etag: string) => `<CopyObjectResult><ETag>"${etag}"</ETag></CopyObjectResult>`;
  const unwritten = { ...spec, destination: 'unwritten' } as const;

  it('is enough when it is the ETag of the pinned version', async () => {
    const asked: string[] = [];
    await withStore(copying(answer('e'), asked), async (store) => {
      expect(await store.promote(from, 'k', unwritten)).toEqual({ key: 'k', etag: 'e', size: 3, existed: false });
    });
    expect(asked).toEqual(['PUT']);
  });

  it.each([
    ['another ETag', answer('f'), spec.etag],
    ['no ETag', '<CopyObjectResult/>', spec.etag],
    ['an ETag nobody can compare', answer('e'), undefined],
  ])('is looked into when it is %s', async (_, body, etag) => {
    const asked: string[] = [];
    await withStore(copying(body, asked), async (store) => {
      expect(await store.promote(from, 'k', { ...unwritten, etag })).toMatchObject({ etag: 'f', existed: false });
    });
    await withStore(copying(body, asked, { ...found, 'x-amz-meta-sha256': 'cd' }), async (store) => {
      await expect(store.promote(from, 'k', { ...unwritten, etag })).rejects.toMatchObject({ code: 'CONFLICT' });
    });
    expect(asked).toEqual(['PUT', 'HEAD', 'PUT', 'HEAD']);
  });

  it('is no success when an error stands in an answer of 200', async () => {
    const body = '<Error><Code>InternalError</Code><Message>try again</Message></Error>';
    await withStore(copying(body, []), async (store) => {
      await expect(store.promote(from, 'k', unwritten)).rejects.toMatchObject(unavailable);
    });
  });

  it('comes after a look at the destination, unless nobody can have written there', async () => {
    const asked: string[] = [];
    await withStore(copying(answer('e'), asked, null), (store) => store.promote(from, 'k', spec).then(() => undefined));
    expect(asked).toEqual(['HEAD', 'PUT']);
  });
});
