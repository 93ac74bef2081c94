import { randomInt } from 'node:crypto';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import type { Client } from './client.js';

/** Inputs that are under way together. */
export const LANES = 16;

/** `FUZZ_SEED` repeats a run. */
const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));

/** Printed at once: a run that hangs or dies tells its seed too. */
export function announceSeed(): void {
  process.stderr.write(`fuzz: FUZZ_SEED=${SEED}\n`);
}

/** Holds `check` against `inputs` values, `LANES` at a time, each with the number of its lane; says which value failed. */
export async function fuzz<T>(
  inputs: number,
  values: fc.Arbitrary<T>,
  check: (value: T, lane: number) => Promise<void>,
): Promise<void> {
  const batches = fc.array(values, { minLength: LANES, maxLength: LANES });
  const property = fc.asyncProperty(batches, async (batch) => {
    const settled = await Promise.allSettled(batch.map(check));
    settled.forEach((one, lane) => {
      if (one.status === 'rejected') throw new Error(`for ${fc.stringify(batch[lane])}: ${String(one.reason)}`);
    });
  });
  const { counterexample: _, ...details } = await fc.check(property, {
    ...{ seed: SEED, numRuns: Math.ceil(inputs / LANES), endOnFailure: true },
  });
  if (details.failed)
    throw new Error(`FUZZ_SEED=${SEED} after ${details.numRuns} runs`, { cause: details.errorInstance });
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Requests over a few connections that stay open, with headers and paths `fetch` would not send. */
export class RawDoor {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: LANES });

  constructor(private readonly client: Client) {}

  send(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<RawAnswer> {
    const sent = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.client.apiUrl}/`, {
        method,
        path,
        agent: this.agent,
        headers: {
          authorization: `Bearer ${this.client.caller.token}`,
          ...(sent === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
          ...headers,
        },
      });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        text(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer }),
          reject,
        );
      });
      outgoing.end(sent);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

const NASTY = [
  '\r',
  '\n',
  '\r\n',
  '"',
  '\\',
  '/',
  '../',
  'C:\\',
  '%',
  '%00',
  '%0d%0a',
  ';',
  "'",
  '\u202e',
  '\0',
  ' ',
  '.',
  '\ud83d',
  '\ufeff',
  '\u0085',
  '<script>',
  '${x}',
  "' OR 1=1 --",
];

/** Text as attackers and users write it: any code points, graphemes, and pieces that break parsers. */
export const anyText = (maxLength = 300): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength }),
    fc.string({ unit: 'grapheme', maxLength: Math.ceil(maxLength / 4) }),
    fc
      .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ maxLength: 4 })), { maxLength: Math.ceil(maxLength / 8) })
      .map((parts) => parts.join('')),
  );

/** What Node lets a client put into the value of a header. */
export const headerText = (maxLength = 100): fc.Arbitrary<string> =>
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength,
  });

export const inQuery = (text: string): string => encodeURIComponent(text.toWellFormed());
