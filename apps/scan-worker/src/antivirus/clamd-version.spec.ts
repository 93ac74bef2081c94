import fc from 'fast-check';
import { parseMaxThreads, parseVersion } from './clamd-version.js';
import { signatureAge } from './virus-scanner.js';

describe('the version of clamd', () => {
  it('is engine, signatures and their day (S18)', () => {
    const version = parseVersion('ClamAV 1.4.6/27465/Thu Nov  5 09:25:11 2026');
    expect(version).toEqual({
      engine: 'ClamAV 1.4.6',
      signatureVersion: 27465,
      signaturesAt: new Date('2026-11-05T09:25:11Z'),
    });
    expect(signatureAge(version!, new Date('2026-11-07T09:25:11Z'))).toBe(2 * 86_400_000);
  });

  it('has no signatures when only local ones are loaded', () => {
    expect(parseVersion('ClamAV 1.4.6')).toEqual({ engine: 'ClamAV 1.4.6' });
    expect(signatureAge({ engine: 'ClamAV 1.4.6' }, new Date())).toBeUndefined();
  });

  it('keeps the number when the date is not one', () => {
    expect(parseVersion('ClamAV 1.4.6/27465/yesterday')).toEqual({ engine: 'ClamAV 1.4.6', signatureVersion: 27465 });
  });

  it('is undefined for anything else', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseVersion(`${text}?`)).toBeUndefined()));
  });
});

describe('the statistics of clamd', () => {
  it('name the threads', () => {
    const stats =
      'POOLS: 1\n\nSTATE: VALID PRIMARY\nTHREADS: live 1  idle 0 max 12 idle-timeout 30\nQUEUE: 0 items\nEND';
    expect(parseMaxThreads(stats)).toBe(12);
    expect(parseMaxThreads('POOLS: 1\nEND')).toBeUndefined();
  });
});
