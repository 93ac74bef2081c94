import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSystem } from './harness/invariants.js';
import { eicar, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

/** Where the worker can be held: in each window in which staging bytes might be swapped. */
const WINDOWS = ['after-claim', 'mid-pass', 'before-verdict', 'after-verdict', 'after-copy', 'before-cleanup'] as const;

describe('overwriting staging', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.start({ label: 'overwrite', apps: ['files-api', 'staging-reaper', 'notifier'] });
  }, 120_000);
  afterAll(() => system.stop());

  it.each(WINDOWS)(
    'S6 S7 bytes swapped at %s are never promoted',
    async (point) => {
      const barrier = mkdtempSync(join(tmpdir(), 'custody-barrier-'));
      await system.startApp('scan-worker', { CRASH_AT: `${point}=pause:${barrier}`, SCAN_LEASE_SEC: '30' });
      const client = await system.client();
      const honest = textFile();
      const staged = await client.staged(honest);
      const { fileId, versionId } = staged.body as { fileId: string; versionId: string };
      await client.confirm(fileId);
      await system.eventually(`the worker stands at ${point}`, () =>
        Promise.resolve(existsSync(join(barrier, `${point}.reached`))),
      );
      const key = `${client.caller.tenantId}/staging/${fileId}/${versionId}`;
      // The store's owner swaps the bytes: stronger than any uploader, whom the store refuses (S5).
      await system.store.overwriteStaging(
        key,
        Buffer.concat([eicar(), Buffer.from(' '.repeat(Math.max(0, honest.length - 68)))]),
      );
      writeFileSync(join(barrier, `${point}.go`), '');
      const file = await client.until(fileId, 'available');
      const promoted = await system.store.mainBytes(`${client.caller.tenantId}/documents/${fileId}/${versionId}`);
      expect(sha256(promoted)).toBe(file.sha256);
      expect(sha256(promoted)).toBe(sha256(honest));
      await system.stopApp('scan-worker');
    },
    60_000,
  );

  it('S6 i bytes swapped after the confirm and before the claim are not the ones scanned', async () => {
    const client = await system.client();
    const honest = textFile();
    const staged = await client.staged(honest);
    await client.confirm(staged.body.fileId);
    const key = `${client.caller.tenantId}/staging/${staged.body.fileId}/${staged.body.versionId}`;
    await system.store.overwriteStaging(key, eicar());
    await system.startApp('scan-worker');
    expect(await client.until(staged.body.fileId, 'available')).toMatchObject({ sha256: sha256(honest) });
    await system.stopApp('scan-worker');
  }, 60_000);

  it('S6 iv bytes written after the clean-up change nothing and are removed', async () => {
    await system.stopApp('staging-reaper');
    await system.startApp('scan-worker');
    const client = await system.client();
    const honest = textFile();
    const staged = await client.staged(honest);
    const { fileId, versionId } = staged.body as { fileId: string; versionId: string };
    await client.confirm(fileId);
    await client.until(fileId, 'available');
    const prefix = `${client.caller.tenantId}/staging/`;
    await system.eventually(
      'the worker cleaned up',
      async () => (await system.store.stagingVersions(prefix)).length === 0,
    );
    await system.store.overwriteStaging(`${prefix}${fileId}/${versionId}`, eicar());
    await system.startApp('staging-reaper', { FILES_STAGING_TTL_HOURS: '0.0005', FILES_STAGING_GRACE_MINUTES: '0' });
    await system.eventually(
      'the reaper swept it',
      async () => (await system.store.stagingVersions(prefix)).length === 0,
    );
    expect((await client.file(fileId)).body).toMatchObject({ status: 'available', sha256: sha256(honest) });
  }, 90_000);

  it('I1–I10 hold afterwards', async () => {
    expect(await checkSystem(system)).toEqual([]);
  });
});
