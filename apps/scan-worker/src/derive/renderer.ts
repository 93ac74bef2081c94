import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DeriveSettings } from './derive-settings.js';
import { readRendering } from './read-rendering.js';
import type { Rendering } from './rendering/frame.js';
import { findSandbox, nodeLimits, type Sandbox } from './sandbox.js';

/** `died`: the process was killed or ended without an answer; the bytes, or the machine, may be to blame. */
export type RenderOutcome =
  | { readonly kind: 'rendered'; readonly rendering: Rendering }
  | { readonly kind: 'died'; readonly reason: 'timeout' | 'crashed' };

const SCRIPT = join(import.meta.dirname, 'rendering/main.js');
/** All thumbnails of the catalogue together stay far below. */
const MOST_OUTPUT = 8 * 1024 ** 2;

/** Decodes hostile bytes in a process of its own that can be killed, and that has nothing worth taking. */
@Injectable()
export class Renderer {
  private readonly log = new Logger(Renderer.name);
  private sandbox: Promise<Sandbox> | null = null;

  constructor(private readonly settings: DeriveSettings) {}

  /** @throws what `body` fails with, and the signal's reason. Never for what the process does. */
  async execute(body: Readable, mimeType: string, signal: AbortSignal): Promise<RenderOutcome> {
    const child = await this.start(mimeType);
    const deadline = AbortSignal.timeout(this.settings.timeoutSec * 1_000);
    const stop = AbortSignal.any([signal, deadline]);
    const kill = (): void => void child.kill('SIGKILL');
    stop.addEventListener('abort', kill, { once: true });
    if (stop.aborted) kill();
    try {
      const ended = once(child, 'close');
      const [output] = await Promise.all([collect(child.stdout, kill), this.feed(body, child.stdin, kill), ended]);
      signal.throwIfAborted();
      const rendering = child.exitCode === 0 ? readRendering(output) : null;
      if (rendering !== null) return { kind: 'rendered', rendering };
      return { kind: 'died', reason: deadline.aborted ? 'timeout' : 'crashed' };
    } finally {
      stop.removeEventListener('abort', kill);
      body.destroy();
    }
  }

  private async start(mimeType: string): Promise<ChildProcessByStdio<Writable, Readable, null>> {
    const { memoryMb, maxPixels } = this.settings;
    this.sandbox ??= this.findSandbox();
    const { command } = await this.sandbox;
    const [program, ...args] = [
      ...command,
      process.execPath,
      ...nodeLimits(memoryMb),
      SCRIPT,
      mimeType,
      String(maxPixels),
    ];
    const child = spawn(program, args, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] });
    // A program that cannot be started ends with an error and then `close`: the outcome is the same as a crash.
    child.on('error', (error) => this.log.error(`a rendering could not be started: ${error.message}`));
    return child;
  }

  private async findSandbox(): Promise<Sandbox> {
    const sandbox = await findSandbox(this.settings);
    if (sandbox.missing.length > 0) this.log.warn(`renderings run without ${sandbox.missing.join(' and ')}`);
    return sandbox;
  }

  /** A process that takes no more has decided; a source that fails ends it. */
  private async feed(body: Readable, stdin: Writable, kill: () => void): Promise<void> {
    let failure: unknown = null;
    body.once('error', (error) => (failure = error));
    try {
      await pipeline(body, stdin);
    } catch (error) {
      if (failure === null || failure !== error) return;
      kill();
      throw error;
    }
  }
}

async function collect(stdout: Readable, kill: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_OUTPUT) {
      kill();
      return Buffer.alloc(0);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
