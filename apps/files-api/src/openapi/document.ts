import { SCOPES } from '@custody/domain';
import { accessGroupDoors } from '../access-groups/access-groups.openapi.js';
import { auditDoors } from '../audit/audit.openapi.js';
import { problemSchema } from '../errors/problem.js';
import { eventDoors } from '../events/events.openapi.js';
import { fileTypeDoors } from '../file-types/file-types.openapi.js';
import { fileDoors } from '../files/files.openapi.js';
import { graphqlDoors } from '../graphql/graphql.openapi.js';
import { folderDoors } from '../folders/folders.openapi.js';
import { healthDoors } from '../health/health.openapi.js';
import { multipartDoors } from '../multipart/multipart.openapi.js';
import { rescanDoors } from '../rescans/rescans.openapi.js';
import { shareDoors } from '../shares/shares.openapi.js';
import { listingDoors } from '../listing/listing.openapi.js';
import { storeEventDoors } from '../store-events/store-events.openapi.js';
import { subjectDoors } from '../subjects/subjects.openapi.js';
import { thumbnailDoors } from '../thumbnails/thumbnails.openapi.js';
import { uploadDoors } from '../uploads/uploads.openapi.js';
import { uppyDoors } from '../uppy/uppy.openapi.js';
import { versionDoors } from '../versions/versions.openapi.js';
import { webhookDoors } from '../webhooks/webhooks.openapi.js';
import { jsonSchema, operation, RATE_LIMIT_HEADERS, TAGS, type Doors } from './operation.js';

const DESCRIPTION = `Direct-to-S3 uploads behind an antivirus gate.

Every path under \`/v1\` answers under \`/api/v1\` too. Times are ISO 8601 in UTC, ids lower-case UUIDs, sizes exact numbers
of bytes. Tenant and user come from the token and from nothing else; members of a JSON body that are not described are
ignored. Another tenant's file, one of a group the caller is not in, a deleted one and one that
never existed answer alike. Errors are RFC 9457 problems: program
against \`code\`.`;

/** The OpenAPI 3.1 document, the same in every deployment. */
export function openApiDocument(): object {
  const doors: Doors = {
    ...uploadDoors,
    ...multipartDoors,
    ...uppyDoors,
    ...listingDoors,
    ...fileDoors,
    ...accessGroupDoors,
    ...shareDoors,
    ...subjectDoors,
    ...folderDoors,
    ...versionDoors,
    ...rescanDoors,
    ...thumbnailDoors,
    ...fileTypeDoors,
    ...eventDoors,
    ...webhookDoors,
    ...auditDoors,
    ...graphqlDoors,
    ...storeEventDoors,
    ...healthDoors,
  };
  return {
    openapi: '3.1.0',
    info: { title: 'Custody files API', version: '1.0.0', description: DESCRIPTION, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: TAGS.map((name) => ({ name })),
    paths: pathsOf(doors),
    components: {
      headers: RATE_LIMIT_HEADERS,
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `A token of the authorization server; scopes: ${SCOPES.join(', ')}`,
        },
      },
    },
  };
}

function pathsOf(doors: Doors): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, door] of Object.entries(doors)) {
    const [method = '', path = ''] = name.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(door) };
  }
  return paths;
}
