import { z } from 'zod';

const parsed = (value: string): URL | undefined => (URL.canParse(value) ? new URL(value) : undefined);

/** An absolute URL with one of the given protocols (`http:`). */
export const addressOf = (...protocols: readonly string[]) =>
  z.string().refine(
    (value) => {
      const url = parsed(value);
      return url !== undefined && url.hostname !== '' && protocols.includes(url.protocol);
    },
    `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  );

/** An http(s) URL that carries no user and password, so it may be logged. */
export const webAddress = addressOf('http:', 'https:').refine(
  (value) => parsed(value)?.username === '' && parsed(value)?.password === '',
  'must not carry a user or password',
);

/** Comma separated origins, exact: scheme, host and port, no path, no `*`. */
export const originList = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim()))
  .pipe(
    z.array(
      z
        .string()
        .refine(
          (origin) => /^https?:/.test(origin) && parsed(origin)?.origin === origin,
          'must be exact origins separated by commas, without paths or *',
        ),
    ),
  );
