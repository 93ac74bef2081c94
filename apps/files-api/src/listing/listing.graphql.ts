import type { GraphqlPart } from '../graphql/graphql-part.js';
import { connectionType, enumType, inputType } from '../graphql/sdl.js';
import { listingParametersSchema } from './listing.schema.js';

export const listingGraphql: GraphqlPart = {
  types: `
    ${enumType('FileSort', listingParametersSchema.shape.sort.unwrap().options)}
    ${inputType('FileFilter', listingParametersSchema, {
      types: {
        id: 'ID',
        createdBy: 'ID',
        folder: 'ID',
        bucket: 'Bucket',
        status: 'FileStatus',
        metadata: 'JSONObject',
      },
      omit: ['limit', 'cursor', 'sort', 'order', 'urls'],
    })}
    ${connectionType('File')}
  `,
  queries: `
    "The files that pass every filter, a page of 1 to 200"
    files(filter: FileFilter, sort: FileSort = createdAt, order: Order = desc, first: Int = 50, after: String): FileConnection
      @requires(scope: "files:read")
  `,
};
