import type { GraphqlPart } from '../graphql/graphql-part.js';
import { objectType } from '../graphql/sdl.js';
import { thumbnailUrlSchema } from './thumbnails.schema.js';

export const thumbnailsGraphql: GraphqlPart = {
  types: objectType('ThumbnailUrl', thumbnailUrlSchema),
  queries: `
    "Written to the audit log; THUMBNAIL_NOT_READY and NO_THUMBNAIL name the original"
    thumbnailUrl(fileId: ID!, size: Int = 512, format: ThumbnailFormat = webp): ThumbnailUrl @requires(scope: "files:export")
  `,
};
