import { eventually } from '@custody/testing';
import type { Client } from './client.js';

/** One event as a browser would dispatch it; `data` parsed. */
export interface ReceivedEvent {
  readonly event: string;
  readonly id: string;
  // It has whatever shape the assertion on it expects.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
  readonly data: any;
}

/** Reads a stream of server-sent events as WHATWG HTML, 9.2.6, says. */
export class EventReader {
  readonly events: ReceivedEvent[] = [];
  /** What to resume from. */
  lastEventId: string;
  comments = 0;
  retryMs = 0;
  /** How it came to its end: by the server, or broken off. */
  over: 'ended' | 'broken' | null = null;
  private readonly fields = new Map<string, string>();

  private constructor(
    readonly response: Response,
    private readonly leave: AbortController,
    lastEventId: string,
  ) {
    this.lastEventId = lastEventId;
    void this.readAll().then(
      () => (this.over = 'ended'),
      () => (this.over = 'broken'),
    );
  }

  static async open(client: Client, path: string, lastEventId?: string): Promise<EventReader> {
    const leave = new AbortController();
    const response = await fetch(`${client.apiUrl}${path}`, {
      headers: {
        authorization: `Bearer ${client.caller.token}`,
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: leave.signal,
    });
    return new EventReader(response, leave, lastEventId ?? '');
  }

  get status(): number {
    return this.response.status;
  }

  /** `stage` of the statuses, the name of other events. */
  get story(): string[] {
    return this.events.map(({ event, data }) => (event === 'file.status' ? (data.stage as string) : event));
  }

  close(): void {
    this.leave.abort();
  }

  until(what: string, is: (reader: this) => boolean, timeoutMs = 20_000): Promise<boolean> {
    return eventually(what, () => is(this), timeoutMs);
  }

  /** Waits for the server's end of it. */
  async ended(timeoutMs?: number): Promise<void> {
    await this.until('the stream ends', ({ over }) => over !== null, timeoutMs);
  }

  private async readAll(): Promise<void> {
    let rest = '';
    for await (const chunk of (this.response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(
      new TextDecoderStream(),
    )) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.take(line);
    }
  }

  private take(line: string): void {
    if (line === '') this.dispatch();
    else if (line.startsWith(':')) this.comments += 1;
    else {
      const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
      if (name === 'retry') this.retryMs = Number(value);
      else this.fields.set(name, value);
    }
  }

  private dispatch(): void {
    this.lastEventId = this.fields.get('id') ?? this.lastEventId;
    const data = this.fields.get('data');
    if (data !== undefined) {
      const event = this.fields.get('event') ?? 'message';
      this.events.push({ event, id: this.lastEventId, data: JSON.parse(data) as unknown });
    }
    this.fields.clear();
  }
}
