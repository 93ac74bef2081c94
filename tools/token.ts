// Prints a bearer token of the local issuer:
//   npm run -s token -- --tenant UUID --user UUID --scope "files:read files:write" [--groups a,b] [--expires seconds]
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Env, readEnvFile } from './stack/env-file.ts';

const USAGE =
  'token --tenant UUID --user UUID --scope "files:read files:write" [--groups UUID,UUID] [--expires SECONDS]';

async function requestToken(tokenUrl: string): Promise<string> {
  const { values } = parseArgs({
    options: {
      tenant: { type: 'string' },
      user: { type: 'string' },
      scope: { type: 'string', default: '' },
      groups: { type: 'string', default: '' },
      expires: { type: 'string', default: '3600' },
    },
  });
  const { tenant, user, scope, groups, expires } = values;
  const body = { tenant, user, scope, groups: groups.split(',').filter(Boolean), expires: Number(expires) };
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  });
  if (!answer.ok) throw new Error(`usage: ${USAGE}`);
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

/** The environment names another stack than the clone's own, e.g. that of a test run. */
async function findTokenUrl(): Promise<string> {
  const given = process.env['TOKEN_URL'];
  if (given) return given;
  const dir = path.resolve(import.meta.dirname, '..', process.env['CUSTODY_DIR'] ?? '.local');
  const env: Env = await readEnvFile(path.join(dir, 'env')).catch(() => ({}));
  const url = env['TOKEN_URL'];
  if (!url) throw new Error('no running stack: `npm start` first');
  return url;
}

try {
  console.log(await requestToken(await findTokenUrl()));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
