import { createHash } from 'node:crypto';
import { buildZip, EICAR } from '@custody/testing';
import { startPipeline, type Pipeline, type Uploaded } from './pipeline.fixture.js';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
  await (await pipeline.worker()).ready();
}, 60_000);
afterAll(() => pipeline.close());
afterEach(async () => {
  expect(await pipeline.violations()).toEqual([]);
});

const cleaned = async (one: Uploaded) => {
  await pipeline.until(one, ['available', 'rejected']);
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline && (await pipeline.stateOf(one)).cleaned_at === null);
};

describe('a worker process', () => {
  it('M17 brings a clean file to the main bucket, with name, type, hash, verdict and trail', async () => {
    const bytes = Buffer.from('hello, this is a clean text');
    const one = await pipeline.upload(bytes, { filename: 'résumé "1".txt' });
    const version = await pipeline.until(one, 'available');
    expect(version).toMatchObject({ verdict: 'clean', coverage: 'full', sha256: one.sha256, starts: 0, epoch: 1 });
    expect(version.engine_version).toMatch(/^ClamAV/);
    expect(await pipeline.mainBytes(one)).toEqual(bytes);
    const head = await pipeline.owner.head({ bucket: 'main', key: one.mainKey });
    expect(head).toMatchObject({ contentType: 'text/plain', metadata: { sha256: one.sha256 } });
    expect(head?.contentDisposition).toMatch(/^inline; filename="resume _1_\.txt"; filename\*=UTF-8''r%C3%A9sum%C3%A9/);
    await cleaned(one);
    expect(await pipeline.stagingVersions(one)).toBe(0);
    const { rows } = await pipeline.admin.query(
      `SELECT action, actor, request_id FROM audit_log WHERE version_id = $1 ORDER BY id`,
      [one.versionId],
    );
    expect(rows.slice(2)).toEqual(
      ['scanning', 'clean', 'available'].map((state) => ({
        action: `version.${state}`,
        actor: 'system:scan-worker',
        request_id: one.context.requestId,
      })),
    );
  }, 30_000);

  it('M18 rejects EICAR: no byte in main, staging emptied, one notification for the tenant admin', async () => {
    const one = await pipeline.upload(Buffer.from(EICAR));
    const version = await pipeline.until(one, 'rejected');
    expect(version).toMatchObject({ reject_reason: 'infected', verdict: 'infected' });
    expect(version.signature).toMatch(/eicar/i);
    await cleaned(one);
    expect(await pipeline.inMain(one)).toBe(false);
    expect(await pipeline.stagingVersions(one)).toBe(0);
    const { rows } = await pipeline.admin.query(
      `SELECT type, data FROM outbox WHERE version_id = $1 AND type LIKE 'notify%'`,
      [one.versionId],
    );
    expect(rows).toMatchObject([{ data: { notification: 'file.infected', recipient: { role: 'tenant_admin' } } }]);
  }, 30_000);

  it.each([
    [
      'S4 a wrong declared sha256',
      Buffer.from('text'),
      { sha256: createHash('sha256').update('other').digest('hex') },
      'checksum_mismatch',
    ],
    ['M10 a PNG that is none', Buffer.from('only text'), { mimeType: 'image/png' }, 'mime_mismatch'],
    ['S16 nothing at all', Buffer.alloc(0), {}, 'size_mismatch'],
  ])(
    'rejects %s',
    async (_, bytes, options, reason) => {
      const one = await pipeline.upload(bytes, options);
      expect(await pipeline.until(one, 'rejected')).toMatchObject({ reject_reason: reason });
      expect(await pipeline.inMain(one)).toBe(false);
    },
    30_000,
  );

  it('M11 serves an unlisted type as octet-stream and attachment', async () => {
    const one = await pipeline.upload(Buffer.from('<script>1</script>'), { mimeType: 'text/html', filename: 'x.html' });
    await pipeline.until(one, 'available');
    const head = await pipeline.owner.head({ bucket: 'main', key: one.mainKey });
    expect(head).toMatchObject({
      contentType: 'application/octet-stream',
      contentDisposition: 'attachment; filename="x.html"',
    });
  }, 30_000);

  it.each([
    ['S11 EICAR in a zip', () => buildZip([{ name: 'a.txt', data: Buffer.from(EICAR) }]), 'infected'],
    ['S13 a bomb', () => buildZip([{ name: 'zeros', data: Buffer.alloc(40 * 1024 ** 2) }]), 'unscannable'],
  ])(
    'rejects %s',
    async (_, bytes, reason) => {
      const one = await pipeline.upload(bytes(), { mimeType: 'application/zip', filename: 'a.zip' });
      expect(await pipeline.until(one, ['available', 'rejected'])).toMatchObject({
        state: 'rejected',
        reject_reason: reason,
      });
    },
    30_000,
  );

  it('takes an honest zip', async () => {
    const bytes = buildZip([
      { name: 'a.txt', data: Buffer.from('a') },
      { name: 'b.txt', data: Buffer.from('b') },
    ]);
    const one = await pipeline.upload(bytes, { mimeType: 'application/zip', filename: 'a.zip' });
    await pipeline.until(one, 'available');
  }, 30_000);

  it('ends a version as failed when its pinned bytes are gone', async () => {
    await pipeline.stopWorkers();
    const one = await pipeline.upload(Buffer.from('here today'));
    await pipeline.owner.deleteStaging(one.stagingKey);
    await (await pipeline.worker()).ready();
    expect(await pipeline.until(one, 'rejected')).toMatchObject({ reject_reason: 'failed' });
  }, 60_000);
});
