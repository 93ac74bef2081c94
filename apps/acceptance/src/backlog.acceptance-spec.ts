import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';

const FILES = 1_040;
/** Enough to see both orders; the threshold is passed after 40. */
const SCANNED = 200;

describe('a backlog over 1,000', () => {
  let system: System;

  beforeAll(async () => {
    const env = { FILES_STAGING_MAX_PER_TENANT: '5000', LOG_LEVEL: 'warn', SCAN_LEASE_SEC: '30' };
    system = await System.start({ label: 'backlog', apps: ['files-api', 'staging-reaper'], env });
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('M21 F19 takes the newest first while the oldest still progress, and first in, first out below the threshold', async () => {
    const client = await system.client();
    const bytes = textFile();
    let started = 0;
    const lane = async () => {
      while (started++ < FILES) await client.upload(bytes);
    };
    await Promise.all(Array.from({ length: 16 }, lane));
    await system.startApp('scan-worker', { SCAN_CONCURRENCY: '4' });
    await system.eventually(
      `${SCANNED} files are available`,
      async () => {
        const [done] = await system.rows<{ n: number }>(
          `SELECT count(*)::int AS n FROM file_versions WHERE state = 'available'`,
        );
        return (done?.n ?? 0) >= SCANNED;
      },
      120_000,
    );
    await system.stopApp('scan-worker');
    // The place of each upload, in the order in which scans began.
    const scans = await system.rows<{ place: number }>(
      `WITH places AS (SELECT id, (rank() OVER (ORDER BY uploaded_at))::int AS place FROM file_versions)
       SELECT p.place, min(a.id) AS began
         FROM places p JOIN audit_log a ON a.version_id = p.id AND a.action = 'version.scanning'
        GROUP BY p.place ORDER BY began`,
    );
    const over = scans.slice(0, FILES - 1_000).map((row) => row.place);
    const newest = over.filter((place) => place > FILES / 2);
    const oldest = over.filter((place) => place <= FILES / 2);
    expect(newest.length).toBeGreaterThanOrEqual(25);
    expect(newest[0]).toBeGreaterThan(FILES - 5);
    expect(oldest.length).toBeGreaterThanOrEqual(5);
    expect(Math.max(...oldest)).toBeLessThanOrEqual(20);
    // Scans run four at a time, so neighbours may change places.
    const rest = scans.slice(FILES - 1_000 + 20, SCANNED).map((row) => row.place);
    expect(rest.filter((place, index) => index > 0 && place + 10 < (rest[index - 1] as number))).toEqual([]);
  }, 300_000);
});
