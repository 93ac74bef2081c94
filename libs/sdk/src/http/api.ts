import { CustodyError } from '../errors.js';
import type { Operations } from '../generated/operations.js';
import { BRIEF, patiently } from './patience.js';
import type { Patience } from './patience.js';
import { problemOf } from './problem.js';
import { TokenKeeper } from './token.js';
import type { Token } from './token.js';
import { pathOf, queryOf } from './url.js';
import type { QueryValues } from './url.js';

/** A door of the service: method and path. */
export type Door = keyof Operations;
type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

interface AnyInput<D extends Door> {
  readonly query?: Operations[D]['query'] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 1 to 255 visible characters: the call may be repeated without another effect */
  readonly idempotencyKey?: string | undefined;
  /** the call may be repeated when its answer is lost, though its method does not say so */
  readonly repeatable?: boolean | undefined;
  readonly patience?: Patience | undefined;
}

/** What a call takes: the names in its path, query and body as the API describes them. */
export type Input<D extends Door> = AnyInput<D> &
  ([Names<D>] extends [never] ? unknown : { readonly path: Readonly<Record<Names<D>, string>> }) &
  (Operations[D]['body'] extends undefined ? unknown : { readonly body: Operations[D]['body'] });

/** Where the service is and who asks. */
export interface ApiOptions {
  /** of the service, as `https://files.example.com`; a path before `/v1` is kept */
  readonly url: string;
  readonly token: Token;
  /** instead of the global one, for calls of the API; bytes go to the store another way */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Tries against a service that answers with a fault of its own. */
const FAULTS = 3;
const REPEATABLE = /^(GET|HEAD|PUT) /;

/** A call that is not answered within this is lost, in milliseconds. Putting 10,000 parts together takes a while. */
const CALL_MS = 180_000;

/** Calls the service: token, retries, errors. */
export class Api {
  readonly base: string;
  private readonly tokens: TokenKeeper;
  private readonly fetch: typeof globalThis.fetch;

  constructor({ url, token, fetch }: ApiOptions) {
    this.base = url.replace(/\/+$/, '');
    this.tokens = new TokenKeeper(token);
    this.fetch = fetch ?? ((...request) => globalThis.fetch(...request));
  }

  /** The JSON of the answer, undefined when it has none. */
  async call<D extends Door>(door: D, input: Input<D>): Promise<Operations[D]['answer']> {
    return (await this.read(door, input)).body;
  }

  /** The same with the headers of the answer. */
  async read<D extends Door>(
    door: D,
    input: Input<D>,
  ): Promise<{ readonly body: Operations[D]['answer']; readonly headers: Headers }> {
    const { patience = BRIEF, signal = patience.signal } = input;
    return patiently({ ...patience, signal }, mends(door, input), () => this.readOnce(door, { ...input, signal }));
  }

  /** One try, answered with 2xx or 3xx; the body is still to be read. */
  async send<D extends Door>(door: D, input: Input<D>): Promise<Response> {
    const token = await this.tokens.get();
    const response = await this.request(door, input, token);
    if (response.ok || response.status === 304) return response;
    const problem = await problemOf(response);
    if (problem.status !== 401) throw problem;
    const renewed = await this.tokens.renew(token);
    if (renewed === undefined) throw problem;
    const again = await this.request(door, input, renewed);
    if (again.ok || again.status === 304) return again;
    throw await problemOf(again);
  }

  private async readOnce<D extends Door>(door: D, input: Input<D>) {
    const { signal } = input;
    const late = AbortSignal.timeout(CALL_MS);
    const either = signal === undefined ? late : AbortSignal.any([signal, late]);
    try {
      const response = await this.send(door, { ...input, signal: either });
      const text = await response.text().catch((error: unknown) => lost(door, error));
      return { body: bodyOf<Operations[D]['answer']>(text, response), headers: response.headers };
    } catch (error) {
      if (late.aborted) return lost(door, error);
      throw error;
    }
  }

  private async request(door: Door, input: AnyInput<Door>, token: string): Promise<Response> {
    const {
      path = {},
      query = {},
      body,
    } = input as {
      readonly path?: Readonly<Record<string, string>>;
      readonly query?: QueryValues;
      readonly body?: unknown;
    };
    const [method = '', template = ''] = door.split(' ');
    const { headers, idempotencyKey, signal } = input;
    try {
      return await this.fetch(`${this.base}${pathOf(template, path)}${queryOf(query)}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      return lost(door, error);
    }
  }
}

/** Whether another try makes sense, and cannot do the thing twice. */
function mends(
  door: Door,
  { idempotencyKey, repeatable }: AnyInput<Door>,
): (error: CustodyError, attempt: number) => boolean {
  const twice = repeatable === true || idempotencyKey !== undefined || REPEATABLE.test(door);
  return ({ code, status }, attempt) => {
    // The service promises that nothing was changed.
    if (code === 'IDEMPOTENCY_KEY_IN_FLIGHT' || status === 429 || status === 503) return true;
    if (status === 500) return twice && attempt < FAULTS;
    return twice && (code === 'NETWORK_ERROR' || status === 502 || status === 504);
  };
}

function lost(door: Door, cause: unknown): never {
  throw new CustodyError('NETWORK_ERROR', `${door} got no answer`, { cause });
}

function bodyOf<T>(text: string, response: Response): T {
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new CustodyError('UNEXPECTED_ANSWER', `the answer ${response.status} is no JSON`, {
      status: response.status,
      cause,
    });
  }
}
