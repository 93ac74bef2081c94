import type { CloudEvent } from '@custody/contracts';

/** Somebody who is told about events. */
export interface Destination {
  /** Names the delivery in PostgreSQL; never changes, or everything is told again. */
  readonly name: string;

  /** Resolves when the event has arrived. The same event may come again; its id tells. `signal` ends the attempt. */
  deliver(event: CloudEvent, signal: AbortSignal): Promise<void>;
}

/** The destinations of this process, each told on its own. */
export class Destinations {
  constructor(readonly all: readonly Destination[]) {}
}
