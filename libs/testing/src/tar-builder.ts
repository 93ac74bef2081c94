/** A tar (POSIX ustar) of plain files in memory, with its two closing blocks. */
export function buildTar(members: { name: string; data: Buffer; type?: string }[]): Buffer {
  const parts = members.flatMap(({ name, data, type }) => [
    tarHeader(name, data.length, type ?? '0'),
    data,
    Buffer.alloc(-data.length & 511),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

export function tarHeader(name: string, size: number, type: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0, 'latin1');
  header.write('0000644\0' + '0000000\0' + '0000000\0', 100, 'latin1');
  header.write(`${size.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124, 'latin1');
  header.write(`        ${type}`, 148, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
