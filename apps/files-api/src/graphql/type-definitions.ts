import { BUCKETS, REJECT_REASONS, THUMBNAIL_FORMATS, VERSION_STATES } from '@custody/domain';
import { printType } from 'graphql';
import { accessGroupsGraphql } from '../access-groups/access-groups.graphql.js';
import { auditGraphql } from '../audit/audit.graphql.js';
import { fileTypesGraphql } from '../file-types/file-types.graphql.js';
import { filesGraphql } from '../files/files.graphql.js';
import { foldersGraphql } from '../folders/folders.graphql.js';
import { listingGraphql } from '../listing/listing.graphql.js';
import { multipartGraphql } from '../multipart/multipart.graphql.js';
import { rescansGraphql } from '../rescans/rescans.graphql.js';
import { sharesGraphql } from '../shares/shares.graphql.js';
import { subjectsGraphql } from '../subjects/subjects.graphql.js';
import { thumbnailsGraphql } from '../thumbnails/thumbnails.graphql.js';
import { uploadsGraphql } from '../uploads/uploads.graphql.js';
import { versionsGraphql } from '../versions/versions.graphql.js';
import { webhooksGraphql } from '../webhooks/webhooks.graphql.js';
import type { GraphqlPart } from './graphql-part.js';
import { scalars } from './scalars.js';
import { enumType } from './sdl.js';

const parts: readonly GraphqlPart[] = [
  uploadsGraphql,
  multipartGraphql,
  listingGraphql,
  filesGraphql,
  versionsGraphql,
  rescansGraphql,
  thumbnailsGraphql,
  foldersGraphql,
  subjectsGraphql,
  sharesGraphql,
  accessGroupsGraphql,
  fileTypesGraphql,
  auditGraphql,
  webhooksGraphql,
];

const BASE = `
"A scope of the token this field needs; without it the field is null and errors say INSUFFICIENT_SCOPE."
directive @requires(scope: String!) on FIELD_DEFINITION
${Object.values(scalars).map(printType).join('\n')}
type PageInfo {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  "Give it as after for the next page, under the same filter and order."
  endCursor: String
}
${enumType('Bucket', BUCKETS)}
${enumType('FileStatus', ['pending_scan', 'available', 'rejected'])}
${enumType('VersionStage', VERSION_STATES)}
${enumType('RejectReason', REJECT_REASONS)}
${enumType('ThumbnailFormat', THUMBNAIL_FORMATS)}
${enumType('Order', ['asc', 'desc'])}
`;

/** The schema as text (GraphQL SDL), the same in every deployment. Shapes come from the schemas that REST validates and answers with. */
export function typeDefinitions(): string {
  return [
    BASE,
    ...parts.map(({ types }) => types),
    `type Query {\n${parts.map(({ queries = '' }) => queries).join('\n')}\n}`,
    `type Mutation {\n${parts.map(({ mutations = '' }) => mutations).join('\n')}\n}`,
  ].join('\n');
}
