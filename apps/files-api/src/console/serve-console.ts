import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FilesApiConfig } from '@custody/config';
import serveFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { contentSecurityPolicy, storeOrigins } from './content-security-policy.js';

/** The built page; from `src` and from `dist` it is as far. */
const SITE = fileURLToPath(new URL('../../../console/dist/site/', import.meta.url));

/**
 * The web console at `/console/`, when it is enabled. Its files are public; what they show is read through the other
 * doors, with the token of who signed in.
 * @throws Error when it is not built
 */
export async function serveConsole(fastify: FastifyInstance, config: FilesApiConfig): Promise<void> {
  if (!config.webConsole.enabled) return;
  if (!existsSync(SITE)) throw new Error('CONSOLE_ENABLED is true and the console is not built');
  const settings = pageSettings(config);
  const headers = securityHeaders(contentSecurityPolicy(storeOrigins(config.store), settings.tokenUrl));
  await fastify.register(async (scope) => {
    scope.addHook('onRequest', (_request, reply, next) => {
      reply.headers(headers);
      next();
    });
    scope.get('/console', (_request, reply) => reply.redirect('/console/', 308));
    scope.get('/console/config.json', (_request, reply) => reply.header('cache-control', 'no-cache').send(settings));
    await scope.register(serveFiles, {
      root: SITE,
      prefix: '/console/',
      decorateReply: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', cacheControlOf(path));
      },
    });
  });
}

/** What the page has to know before anybody signed in; nothing of it is secret. */
function pageSettings({ http, auth, webConsole }: FilesApiConfig) {
  const issuer = auth.issuer.replace(/\/+$/, '');
  const { clientId, scope, authorizeUrl = `${issuer}/authorize`, tokenUrl = `${issuer}/token` } = webConsole;
  if (!URL.canParse(tokenUrl)) throw new Error('AUTH_ISSUER is no URL: the console needs CONSOLE_TOKEN_URL');
  return { apiUrl: http.publicUrl, clientId, scope, authorizeUrl, tokenUrl };
}

function securityHeaders(policy: string): Record<string, string> {
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  };
}

/** Names under assets/ change with their content. */
const cacheControlOf = (path: string) =>
  path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
