import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import { startProcess } from './process.ts';
import { runCommand } from './run-command.ts';
import { processService, type Service } from './service.ts';

export interface ClamdOptions {
  readonly dir: string;
  readonly port: number;
  /** `test`: one signature, the EICAR pattern; `real`: freshclam's, when its network answers. */
  readonly signatures: 'test' | 'real';
  readonly warn: (text: string) => void;
}

/** The engine's hard ceiling is 2 GiB - 1. */
export const CLAMD_CEILING = 2 ** 31 - 1;
const FRESHCLAM_MS = 90_000;
const MIRROR = 'database.clamav.net';

/** clamd with its own configuration and signatures in `<dir>/clamd`. */
export function clamdService(options: ClamdOptions): Service {
  const { dir, port } = options;
  const home = path.join(dir, 'clamd');
  const database = path.join(home, 'database');
  const scratch = path.join(home, 'tmp');
  return processService('clamd', async (keep) => {
    await mkdir(database, { recursive: true });
    await mkdir(scratch, { recursive: true });
    const config = path.join(home, 'clamd.conf');
    await writeFile(config, clamdConfig(port, database, scratch));
    const isReal = await provideSignatures(options, home, database);
    keep(
      await startProcess(dir, {
        name: 'clamd',
        command: 'clamd',
        args: ['--foreground', `--config-file=${config}`],
        // The real signatures (8 million) take a while to load.
        readyWithinMs: isReal ? 120_000 : 30_000,
        ready: () => answersPing(port),
      }),
    );
  });
}

function clamdConfig(port: number, database: string, scratch: string): string {
  return `TCPSocket ${port}
TCPAddr 127.0.0.1
DatabaseDirectory ${database}
TemporaryDirectory ${scratch}
LogTime yes
MaxThreads 8
MaxConnectionQueueLength 100
ReadTimeout 120
StreamMaxLength ${CLAMD_CEILING}
MaxFileSize ${CLAMD_CEILING}
MaxScanSize ${CLAMD_CEILING}
MaxScanTime 600000
AlertExceedsMax yes
AlertEncrypted yes
AlertEncryptedArchive yes
AlertEncryptedDoc yes
ConcurrentDatabaseReload yes
SelfCheck 3600
`;
}

/** @returns whether real signatures are in place */
async function provideSignatures(options: ClamdOptions, home: string, database: string): Promise<boolean> {
  await writeFile(path.join(database, 'custody-test.ndb'), testSignature());
  if (options.signatures === 'test') return false;
  const problem = await freshen(home, database);
  const isReal = (await readdir(database)).some((name) => /^main\.c[vl]d$/.test(name));
  if (!isReal) {
    options.warn(`NO REAL VIRUS SIGNATURES (${problem ?? 'freshclam brought none'}).`);
    options.warn('clamd knows nothing but the EICAR test pattern: good for development, for nothing else.');
  } else if (problem) {
    options.warn(`virus signatures were not refreshed (${problem}); the ones on disk are used`);
  }
  return isReal;
}

/** @returns why freshclam could not do its work, or undefined */
async function freshen(home: string, database: string): Promise<string | undefined> {
  if (!(await mirrorAnswers())) return `${MIRROR} does not answer`;
  const config = path.join(home, 'freshclam.conf');
  const owner = process.getuid?.() === 0 ? 'DatabaseOwner root\n' : '';
  const text = `DatabaseDirectory ${database}\nDatabaseMirror ${MIRROR}\n${owner}MaxAttempts 1\nConnectTimeout 5\n`;
  await writeFile(config, text);
  try {
    await runCommand('freshclam', [`--config-file=${config}`, '--stdout'], FRESHCLAM_MS);
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

function mirrorAnswers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: MIRROR, port: 443 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    // The timer covers name resolution too, which a socket timeout does not.
    const timer = setTimeout(() => end(false), 2_000);
    timer.unref();
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** One .ndb line (name:target:offset:hex) for the EICAR pattern, which must not stand in a source file. */
export function testSignature(): string {
  const halves = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD', 'ANTIVIRUS-TEST-FILE!$H+H*'];
  const pattern = Buffer.from(halves.join('-'), 'latin1').toString('hex');
  return `Eicar-Test-Signature:0:*:${pattern}\n`;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    let answer = '';
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer to PING')));
    socket.once('error', reject);
    socket.once('connect', () => socket.write('zPING\0'));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.once('close', () => resolve(answer.startsWith('PONG')));
  });
}
