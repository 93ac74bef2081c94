/** One block of an event stream; `data` is undefined when it only moves the point to resume from. */
export interface RawEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string | undefined;
}

/** Reads `text/event-stream` as WHATWG HTML, 9.2.6, says, from pieces cut anywhere. */
export class EventParser {
  /** what the server asks to wait before connecting again, in milliseconds */
  retryMs: number | undefined;
  private rest = '';
  private event = 'message';
  private id: string | undefined;
  private data: string[] = [];
  private touched = false;

  /** The blocks that ended in this piece. */
  *feed(piece: string): Generator<RawEvent, void, undefined> {
    this.rest += piece;
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.rest);
      if (end === null) return;
      const line = this.rest.slice(0, end.index);
      this.rest = this.rest.slice(end.index + end[0].length);
      if (line !== '') this.take(line);
      else if (this.touched) yield this.dispatch();
    }
  }

  private take(line: string): void {
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'retry') {
      if (/^\d+$/.test(value)) this.retryMs = Number(value);
      return;
    }
    if (name === 'event') this.event = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.id = value;
    else return;
    this.touched = true;
  }

  private dispatch(): RawEvent {
    const { event, id, data } = this;
    this.event = 'message';
    this.id = undefined;
    this.data = [];
    this.touched = false;
    return { event, id, data: data.length === 0 ? undefined : data.join('\n') };
  }
}
