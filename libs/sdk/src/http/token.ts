/** A bearer token without the word `Bearer`, or who gets one; asked once more when the service no longer takes the last one. */
export type Token = string | (() => string | Promise<string>);

/** Keeps the token between requests and asks for one at a time. */
export class TokenKeeper {
  private current: Promise<string> | undefined;

  constructor(private readonly token: Token) {}

  get(): Promise<string> {
    this.current ??= this.ask();
    return this.current;
  }

  /**
   * After a 401: a new one, or undefined when there is no other. Several requests that fail with the same token make one
   * question.
   */
  async renew(refused: string): Promise<string | undefined> {
    if (typeof this.token === 'string') return undefined;
    const current = await this.get();
    if (current !== refused) return current;
    this.current = this.ask();
    return this.current;
  }

  private ask(): Promise<string> {
    const { token } = this;
    if (typeof token === 'string') return Promise.resolve(token);
    const asked = Promise.resolve().then(token);
    // A failed question is asked again by the next request.
    asked.catch(() => (this.current = undefined));
    return asked;
  }
}
