import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppProcess } from './app-process.js';
import { eventually } from './eventually.js';

describe('AppProcess', () => {
  const folderOfTheRun = process.env['TEST_LOG_DIR'];
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'custody-logs-'));
    process.env['TEST_LOG_DIR'] = folder;
  });
  afterEach(async () => {
    if (folderOfTheRun === undefined) delete process.env['TEST_LOG_DIR'];
    else process.env['TEST_LOG_DIR'] = folderOfTheRun;
    await rm(folder, { recursive: true });
  });

  it('S35 leaves what the app printed where the run searches for secrets', async () => {
    // Nothing is configured, so it says what is missing and ends.
    const app = await AppProcess.spawn('notifier', {}, { label: 'logged' });
    await expect(app.ready()).rejects.toThrow(/notifier ended:\n(.|\n)*REDIS_URL/);
    expect(await app.ended()).not.toBe(0);
    const [name = ''] = await readdir(folder);
    expect(name).toMatch(/^logged-notifier-\d+\.log$/);
    await eventually('all of it is written', async () => (await readFile(join(folder, name), 'utf8')) === app.output);
  });
});
