import { describe, expect, it } from '@jest/globals';
import { commandLine, countOf, metadataOf, subjectOf, UsageError } from './arguments.js';
import { safeName } from './download-command.js';
import { clock, printable, size } from './terminal.js';

describe('the command line', () => {
  it('has a command, operands and options in any order', () => {
    expect(commandLine(['upload', 'a', '--json', 'b', '--metadata', 'x=1', '--metadata', '{"y":2}'])).toMatchObject({
      command: 'upload',
      operands: ['a', 'b'],
      options: { json: true, metadata: ['x=1', '{"y":2}'] },
    });
    expect(() => commandLine(['upload', '--bukket', 'x'])).toThrow(UsageError);
  });

  it('reads subjects, metadata and numbers, or says how they are written', () => {
    expect(subjectOf('case:A:1')).toEqual({ type: 'case', id: 'A:1' });
    expect(metadataOf(['x=1', '{"y":{"z":2}}', 'x==3'])).toEqual({ x: '=3', y: { z: 2 } });
    expect([metadataOf(), countOf('lanes', '8')]).toEqual([undefined, 8]);
    for (const wrong of [
      () => subjectOf('case'),
      () => metadataOf(['{x']),
      () => metadataOf(['x']),
      () => countOf('n', '0'),
    ])
      expect(wrong).toThrow(UsageError);
  });
});

describe('what is shown', () => {
  it('sizes and times', () => {
    expect([0, 999, 1000, 12_345_678, 999_960, 5e12].map(size)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '12.3 MB',
      '1.0 MB',
      '5.0 TB',
    ]);
    expect([0.2, 61, 3723].map(clock)).toEqual(['0:01', '1:01', '1:02:03']);
  });

  it('names of others neither steer the terminal nor leave the folder', () => {
    expect(printable('a\u001B[2Jb\u202Ec\n')).toBe('a�[2Jb�c�');
    expect(['../../etc/passwd', 'C:\\x\\y.txt', 'a:b', '..', '/', 'a\0b'].map(safeName)).toEqual([
      'passwd',
      'y.txt',
      'a_b',
      'download',
      'download',
      'a_b',
    ]);
  });
});
