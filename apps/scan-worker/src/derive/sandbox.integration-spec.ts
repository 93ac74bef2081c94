import { spawnSync } from 'node:child_process';
import { findSandbox, nodeLimits } from './sandbox.js';

/** What a rendering could do if hostile bytes had taken it over, tried in the very fence it runs in. */
describe('the sandbox of a rendering', () => {
  it('S23 has no environment, no files but its code, no processes, and no network where the platform allows', async () => {
    const { command, missing } = await findSandbox({ memoryMb: 1_024, timeoutSec: 10 });
    const attempts = `
      const attempt = async (what, go) => [what, await Promise.resolve().then(go).then(() => 'allowed', (error) => error.code)];
      const { readFileSync, writeFileSync } = await import('node:fs');
      const { spawnSync } = await import('node:child_process');
      const { networkInterfaces } = await import('node:os');
      console.log(JSON.stringify(Object.fromEntries(await Promise.all([
        attempt('read', () => readFileSync('/etc/passwd')),
        attempt('write', () => writeFileSync('/tmp/never', 'x')),
        attempt('spawn', () => spawnSync('true')),
        ['network', Object.keys(networkInterfaces()).length],
        ['environment', Object.keys(process.env)],
      ].map((one) => Promise.resolve(one))))));`;
    const [program = process.execPath, ...args] = [...command, process.execPath, ...nodeLimits(1_024)];
    const { stdout } = spawnSync(program, [...args, '--input-type=module', '--eval', attempts], { env: {}, cwd: '/' });
    const denied = 'ERR_ACCESS_DENIED';
    const seen = JSON.parse(stdout.toString()) as Record<string, unknown>;
    expect(seen).toMatchObject({ read: denied, write: denied, spawn: denied, environment: [] });
    if (!missing.includes('a network of its own')) expect(seen['network']).toBe(0);
  });

  it('S23 memory beyond the limit ends the process, not the machine', async () => {
    const { command, missing } = await findSandbox({ memoryMb: 1_024, timeoutSec: 30 });
    const [program = process.execPath, ...args] = [...command, process.execPath, ...nodeLimits(1_024)];
    const hoard = 'const all = []; for (let n = 0; n < 24; n += 1) all.push(Buffer.alloc(64 * 2 ** 20, 1));';
    const { status } = spawnSync(program, [...args, '--eval', hoard], { env: {}, cwd: '/' });
    if (!missing.includes('resource limits')) expect(status).not.toBe(0);
  });
});
