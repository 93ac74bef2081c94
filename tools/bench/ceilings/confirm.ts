import type { FastifyInstance, FastifyRequest } from 'fastify';
import { storeOf } from '../store.ts';

interface Actor {
  readonly tenant: string;
  readonly user: string;
}

export interface Means {
  readonly tenantOf: (request: FastifyRequest) => Promise<Actor>;
  readonly contextOf: (actor: Actor) => string;
  readonly rowsOf: (name: string, text: string, values: unknown[]) => Promise<Record<string, unknown>[]>;
}

/** HEAD, the first bytes of the version it named, and one statement; the version id comes with the request. */
export function confirmCeiling(app: FastifyInstance, { tenantOf, contextOf, rowsOf }: Means): void {
  const store = storeOf(process.env);
  app.post<{ Params: { id: string }; Querystring: { version: string } }>(
    '/v1/files/presign/:id/confirm',
    async (request) => {
      const actor = await tenantOf(request);
      const { version } = request.query;
      const path = `/${process.env['S3_STAGING_BUCKET']}/${actor.tenant}/staging/${request.params.id}/${version}`;
      const head = await store({ method: 'HEAD', path });
      const pin = String(head.headers['x-amz-version-id']);
      const { body } = await store({
        method: 'GET',
        path,
        headers: { range: 'bytes=0-4099' },
        query: { versionId: pin },
      });
      const values = [
        contextOf(actor),
        version,
        pin,
        head.headers['etag'],
        Number(head.headers['content-length']),
        null,
      ];
      const [step] = await rowsOf('record', 'SELECT * FROM record_upload($1, $2, $3, $4, $5, $6)', values);
      if (step?.['applied'] !== true || body.length === 0) throw new Error('nothing was confirmed');
      return { fileId: request.params.id, state: step['state'] };
    },
  );
}
