import { describe, expect, it } from '@jest/globals';
import { type Machine, planInstall } from './debian.ts';

const machine = (over: Partial<Machine>): Machine => ({
  isRoot: true,
  distribution: ['debian'],
  hasProgram: () => Promise.resolve(false),
  ...over,
});

describe('planInstall', () => {
  it('names each missing package once, in order', async () => {
    const plan = await planInstall(['redis', 's3'], machine({}));
    const packages = ['ceph-common', 'ceph-mgr', 'ceph-mon', 'ceph-osd', 'radosgw', 'redis-server'];
    expect(plan).toEqual({ kind: 'install', packages });
  });

  it('installs nothing when every program is there', async () => {
    expect(await planInstall(['redis', 's3', 'clamd'], machine({ hasProgram: () => Promise.resolve(true) }))).toEqual({
      kind: 'nothing',
    });
  });

  it('installs Chromium for the tests that need a browser', async () => {
    const plan = await planInstall(['browser'], machine({}));
    expect(plan).toEqual({ kind: 'install', packages: ['chromium'] });
  });

  it('leaves alone what is given by URL', async () => {
    expect(await planInstall([], machine({}))).toEqual({ kind: 'nothing' });
  });

  it('tells a user who is not root exactly what to run', async () => {
    const plan = await planInstall(['clamd'], machine({ isRoot: false }));
    expect(plan).toMatchObject({
      kind: 'ask',
      message: expect.stringContaining('apt-get install -y --no-install-recommends clamav-daemon clamav-freshclam'),
    });
  });

  it('points other systems to docker compose', async () => {
    const plan = await planInstall(['redis'], machine({ distribution: ['fedora'] }));
    expect(plan).toMatchObject({ kind: 'ask', message: expect.stringContaining('docker compose up') });
  });

  it('takes a derivative that names debian in ID_LIKE for one', async () => {
    const plan = await planInstall(['redis'], machine({ distribution: ['linuxmint', 'ubuntu', 'debian'] }));
    expect(plan.kind).toBe('install');
  });
});
