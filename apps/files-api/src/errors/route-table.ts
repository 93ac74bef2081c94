import type { FastifyInstance } from 'fastify';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
}

/** Every route the process answers, as Fastify registered it. */
export class RouteTable {
  private readonly entries: Route[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ method, url }) => {
      // Catch-all routes (CORS preflight) say nothing about what exists.
      if (url.includes('*')) return;
      const pattern = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}$`);
      for (const one of [method].flat()) this.entries.push({ method: one, path: url, pattern });
    });
  }

  /** `METHOD /path/:parameter` of each route. */
  get all(): string[] {
    return this.entries.map(({ method, path }) => `${method} ${path}`);
  }

  methodsOf(url: string): string[] {
    const [path = ''] = url.split('?', 1);
    return [...new Set(this.entries.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
  }
}
