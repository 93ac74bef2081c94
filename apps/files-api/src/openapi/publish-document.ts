import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from './document.js';

/** `/openapi.json` and a page to try it at `/docs`; both say what the repository says in public. */
export function publishDocument(app: NestFastifyApplication): void {
  const document = openApiDocument();
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', (_request, reply) => reply.send(document));
  SwaggerModule.setup('docs', app, document as OpenAPIObject, {
    raw: false,
    customSiteTitle: 'Custody files API',
  });
}
