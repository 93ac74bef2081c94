import type { StepContext } from '@custody/data';
import DataLoader from 'dataloader';

/** Answers by key; a key without an answer is null. */
type Fetch<Key, Value, Arguments> = (
  context: StepContext,
  keys: readonly Key[],
  args: Arguments,
) => Promise<ReadonlyMap<Key, Value>>;

/**
 * What the nodes of one request ask for one by one, fetched together: one call for each set of arguments, however many nodes.
 * Nothing is kept: a read after a mutation of the same request must see it.
 */
export class Batched<Key, Value, Arguments = undefined> {
  private readonly requests = new WeakMap<StepContext, Map<string, DataLoader<Key, Value | null>>>();

  constructor(private readonly fetch: Fetch<Key, Value, Arguments>) {}

  /** `context` must be the one of the request: `CurrentCaller` gives all its fields the same. */
  load(context: StepContext, key: Key, args: Arguments): Promise<Value | null> {
    const loaders = this.requests.get(context) ?? new Map<string, DataLoader<Key, Value | null>>();
    this.requests.set(context, loaders);
    const name = JSON.stringify([args]);
    const loader = loaders.get(name) ?? this.loader(context, args);
    loaders.set(name, loader);
    return loader.load(key);
  }

  private loader(context: StepContext, args: Arguments): DataLoader<Key, Value | null> {
    return new DataLoader(
      async (keys) => {
        const found = await this.fetch(context, [...new Set(keys)], args);
        return keys.map((key) => found.get(key) ?? null);
      },
      { cache: false },
    );
  }
}
