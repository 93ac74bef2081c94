import fc from 'fast-check';
import { AddressPolicy } from './address-policy.js';
import type { Names } from './names.js';
import { NameServers } from './names.js';
import { TargetPolicy, TargetRefused } from './target-policy.js';

const RULES = { allowHttp: false, ports: [443], openedAddresses: [] } as const;
const nobody: Names = { addressesOf: () => Promise.resolve([]) };
const policy = new TargetPolicy(RULES, nobody);
const quiet = new AbortController().signal;

function reasonOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof TargetRefused) return error.reason;
    throw error;
  }
  return 'allowed';
}

describe('addresses', () => {
  const addresses = new AddressPolicy([]);

  it.each([
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '10.0.0.1',
      '100.64.0.1',
      '100.127.255.255',
      '127.0.0.1',
      '127.255.0.1',
      '169.254.169.254',
    ],
    ...[
      '172.16.0.1',
      '172.31.255.255',
      '192.0.0.8',
      '192.0.2.1',
      '192.88.99.1',
      '192.168.1.1',
      '198.18.0.1',
      '198.51.100.1',
    ],
    ...['203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::7f00:1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '::ffff:0:8.8.8.8',
      '64:ff9b::a00:1',
      '64:ff9b::808:808',
    ],
    ...[
      '64:ff9b:1::1',
      '100::1',
      '2001::1',
      '2001:db8::1',
      '2002:a00:1::1',
      '2002:808:808::1',
      '3fff::1',
      '5f00::1',
      'fc00::1',
    ],
    ...['fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '4000::1', '2606:4700::1%1'],
    ...['', 'example.com', '127.1', '0x7f.0.0.1', '8.8.8.8/32', '1.2.3.4.5'],
  ])('%s is not public', (address) => {
    expect(addresses.allows(address)).toBe(false);
  });

  it.each([
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
  ])('%s is public', (address) => {
    expect(addresses.allows(address)).toBe(true);
  });

  it('opens what the operator opens, and only that', () => {
    const opened = new AddressPolicy(['127.0.0.1/32', 'fd00::/8']);
    expect(['127.0.0.1', 'fd12::1', '8.8.8.8'].map((one) => opened.allows(one))).toEqual([true, true, true]);
    expect(['127.0.0.2', '::1', '::ffff:127.0.0.1', 'fc00::1'].map((one) => opened.allows(one))).toEqual([
      ...[false, false, false, false],
    ]);
    expect(() => new AddressPolicy(['127.0.0.1'])).toThrow();
  });
});

describe('URLs', () => {
  it.each([
    ['https://example.com/hook?x=1', 'allowed'],
    ['https://example.com:443/', 'allowed'],
    ['HTTPS://EXAMPLE.COM', 'allowed'],
    ['https://[2606:4700:4700::1111]/', 'allowed'],
    ['http://example.com/', 'scheme'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['//example.com', 'scheme'],
    ['https://', 'scheme'],
    ['https:///', 'scheme'],
    ['not a url', 'scheme'],
    ['https://user@example.com/', 'credentials'],
    ['https://:pw@example.com/', 'credentials'],
    ['https://example.com:8443/', 'port'],
    ['https://example.com:22/', 'port'],
    ['https://127.0.0.1/', 'address'],
    ['https://127.0.0.1./', 'address'],
    ['https://２130706433/', 'address'],
    ['https://[::ffff:127.0.0.1]/', 'address'],
    ['https://[fe80::1%25eth0]/', 'scheme'],
    ['https://169.254.169.254/latest/meta-data', 'address'],
  ])('%s: %s', (url, expected) => {
    expect(reasonOf(() => policy.parse(url))).toBe(expected);
  });

  const inEveryNotation = (a: number, b: number, c: number, d: number): string[] => {
    const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    const [hex, octal] = [(n: number) => `0x${n.toString(16)}`, (n: number) => `0${n.toString(8)}`];
    return [
      ...[`${a}.${b}.${c}.${d}`, String(whole), hex(whole), octal(whole)],
      ...[`${hex(a)}.${hex(b)}.${hex(c)}.${hex(d)}`, `${octal(a)}.${octal(b)}.${octal(c)}.${octal(d)}`],
      ...[
        `${a}.${whole & 0xffffff}`,
        `${a}.${b}.${whole & 0xffff}`,
        `${hex(a)}.${octal(b)}.${c}.${d}`,
        `${a}.${b}.${c}.${d}.`,
      ],
    ];
  };
  const byte = fc.integer({ min: 0, max: 255 });
  const inside = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127, 224, 239, 240, 255), byte, byte, byte),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
    fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
    fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
    fc.tuple(fc.constant(198), fc.constantFrom(18, 19), byte, byte),
  );

  it('S37 an address that is not public is refused in every notation (seed 37)', () => {
    fc.assert(
      fc.property(inside, ([a, b, c, d]) => {
        for (const host of inEveryNotation(a, b, c, d))
          expect([host, reasonOf(() => policy.parse(`https://${host}/`))]).toEqual([host, 'address']);
      }),
      { seed: 37, numRuns: 500 },
    );
  });

  it('S37 and so is every IPv6 address that carries it (seed 37)', () => {
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), ([a, b, c, d]) => {
        const tail = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const carriers = [
          `::ffff:${tail}`,
          `::ffff:${a}.${b}.${c}.${d}`,
          `::${tail}`,
          `::ffff:0:${tail}`,
          `64:ff9b::${tail}`,
        ];
        for (const host of [
          ...carriers,
          `64:ff9b:1::${tail}`,
          `2002:${tail}::1`,
          `2001:0:${tail}::1`,
          `0:0:0:0:0:FFFF:${tail}`,
        ])
          expect([host, reasonOf(() => policy.parse(`https://[${host}]/`))]).toEqual([host, 'address']);
      }),
      { seed: 37, numRuns: 500 },
    );
  });

  it('http, ports and addresses are opened one by one', () => {
    const local = new TargetPolicy({ allowHttp: true, ports: 'any', openedAddresses: ['127.0.0.1/32'] }, nobody);
    expect(reasonOf(() => local.parse('http://127.0.0.1:8080/x'))).toBe('allowed');
    expect(reasonOf(() => local.parse('http://127.0.0.2:8080/x'))).toBe('address');
    expect(local.parse('http://127.0.0.1/x#fragment').href).toBe('http://127.0.0.1/x');
  });
});

describe('names', () => {
  const named = (...addresses: string[]) =>
    new TargetPolicy(RULES, { addressesOf: () => Promise.resolve(addresses) }).addressesOf(
      new URL('https://hooks.example.com/'),
      quiet,
    );

  it('resolve to the addresses that are connected to', async () => {
    expect(await named('93.184.216.34', '2606:4700::1')).toEqual([
      { address: '93.184.216.34', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
    expect(await named()).toEqual([]);
  });

  it('S37 one address among them that is not public spoils them all', async () => {
    await expect(named('93.184.216.34', '10.0.0.1')).rejects.toThrow(TargetRefused);
    await expect(named('::ffff:10.0.0.1')).rejects.toThrow(TargetRefused);
  });

  it('localhost is the machine itself, and asks nobody', async () => {
    const real = new TargetPolicy(RULES, new NameServers(['192.0.2.1']));
    for (const host of ['localhost', 'LOCALHOST', 'a.localhost', 'localhost.'])
      await expect(real.addressesOf(new URL(`https://${host}/`), quiet)).rejects.toThrow(TargetRefused);
  });
});
