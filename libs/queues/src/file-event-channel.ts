import { fileEventHint, type FileEventHint, type FileEventHints } from '@custody/contracts';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { BoundedLog } from './bounded-log.js';
import type { Reconnection } from './reconnection.js';
import type { QueueConnection } from './redis-connection.js';

/** A Redis that does not answer must not fill the memory with hints nobody needs any more. */
const MOST_UNANSWERED = 1_000;

type Listener = (hint: FileEventHint) => void;

/**
 * Wakes up, over Redis pub/sub, whoever follows events in any process. At most once, and only for those who listen at that moment: a
 * listener looks for itself every now and then. Each side connects when it is first used.
 */
export class FileEventChannel implements FileEventHints, OnApplicationShutdown {
  private readonly log = new BoundedLog(new Logger(FileEventChannel.name));
  private readonly name: string;
  private publisher: Redis | undefined;
  private subscriber: Redis | undefined;
  private listener: Listener | undefined;
  private unanswered = 0;

  constructor(
    private readonly connection: QueueConnection,
    private readonly reconnection: Reconnection,
  ) {
    this.name = `${connection.prefix}:file-events`;
  }

  announce(hints: readonly FileEventHint[]): void {
    // Hints of one turn of the event loop go out in one write.
    this.publisher ??= this.connect({ maxRetriesPerRequest: 1, enableAutoPipelining: true });
    for (const hint of hints.slice(0, MOST_UNANSWERED - this.unanswered)) {
      this.unanswered += 1;
      this.publisher
        .publish(this.name, JSON.stringify(hint))
        .catch((error: unknown) => this.complain(error))
        .finally(() => (this.unanswered -= 1));
    }
  }

  /** From now on `listener` gets every hint of every process, this one's included. One listener a process. */
  listen(listener: Listener): void {
    this.listener = listener;
    if (this.subscriber !== undefined) return;
    // ioredis subscribes again after each reconnection.
    this.subscriber = this.connect({ maxRetriesPerRequest: null });
    this.subscriber.on('message', (_channel, message) => this.receive(message));
    this.subscriber.subscribe(this.name).catch((error: unknown) => this.complain(error));
  }

  onApplicationShutdown(): void {
    this.publisher?.disconnect();
    this.subscriber?.disconnect();
  }

  private receive(message: string): void {
    const hint = fileEventHint.safeParse(jsonOf(message));
    if (hint.success) this.listener?.(hint.data);
    else this.log.warn('a hint that is none was received');
  }

  private connect(options: Pick<RedisOptions, 'maxRetriesPerRequest' | 'enableAutoPipelining'>): Redis {
    const { url, commandTimeoutMs } = this.connection;
    const redis = new Redis(url, {
      ...options,
      connectTimeout: commandTimeoutMs,
      retryStrategy: this.reconnection.strategy,
    });
    return redis.on('error', (error: Error) => this.complain(error));
  }

  private complain(error: unknown): void {
    this.log.warn(`Redis of the events: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Whoever reaches our Redis may publish anything; the schema refuses it.
    return undefined;
  }
}
