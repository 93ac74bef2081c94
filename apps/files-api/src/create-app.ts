import type { FilesApiConfig } from '@custody/config';
import { Logger } from '@custody/observability';
import { BullMqStrategy } from '@custody/queues';
import cors from '@fastify/cors';
import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { serveConsole } from './console/serve-console.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { RouteTable } from './errors/route-table.js';
import { sendProblem } from './errors/send-problem.js';
import { publishDocument } from './openapi/publish-document.js';
import { BODY_LIMIT, installBodyParsers } from './requests/body-parsers.js';
import { validationPipe } from './requests/validation.js';

const EXPOSED = [
  'Accept-Ranges',
  'Allow',
  'Content-Disposition',
  'Content-Length',
  'Content-Range',
  'ETag',
  'Idempotent-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
];

export interface FilesApi {
  readonly app: NestFastifyApplication;
  readonly routes: RouteTable;
}

/** The whole application, connected to nothing yet that it does not need for answering; the caller listens and closes. */
export async function createApp(config: FilesApiConfig): Promise<FilesApi> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    // An upload token names all groups of its user; what Node takes of a request line and headers is 16 KiB. The default ends at 100.
    routerOptions: { maxParamLength: 12 * 1024 },
    exposeHeadRoutes: false,
    // `X-Forwarded-*` is the sender's word (S36).
    trustProxy: false,
    rewriteUrl: ({ url = '/' }) => (url.startsWith('/api/v1/') ? url.slice('/api'.length) : url),
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => sendProblem(error, request, reply),
  });
  const fastify = adapter.getInstance();
  // A route takes the handler that is there when the next plugin loads. Mercurius loads before Nest sets its own, which ends here too.
  fastify.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  adapter.setErrorHandler = () => fastify;
  const routes = new RouteTable(fastify);
  installBodyParsers(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  await fastify.register(multipart);
  await fastify.register(cors, {
    origin: [...config.http.corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: 3_600,
    // An OPTIONS that is no preflight is answered like one, instead of by a refusal that is no problem+json.
    strictPreflight: false,
  });
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter(routes));
  app.useGlobalPipes(validationPipe);
  // Takes attach events once `startAllMicroservices` is called.
  app.connectMicroservice({
    strategy: new BullMqStrategy({
      ...config.redis,
      shutdownGraceSec: config.runtime.shutdownGraceSec,
      queues: { 'attach-file': config.attach.concurrency },
    }),
  });
  publishDocument(app);
  await serveConsole(fastify, config);
  return { app, routes };
}
