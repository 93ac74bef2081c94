import type { GraphqlPart } from '../graphql/graphql-part.js';
import { enumType, objectType } from '../graphql/sdl.js';
import { fileTypeListSchema } from './file-types.schema.js';

const fileTypeSchema = fileTypeListSchema.shape.items.element;

export const fileTypesGraphql: GraphqlPart = {
  types: `
    ${enumType('FileCategory', fileTypeSchema.shape.category.options)}
    ${enumType('Disposition', fileTypeSchema.shape.disposition.options)}
    ${objectType('FileType', fileTypeSchema, {
      types: { id: 'ID', category: 'FileCategory', disposition: 'Disposition', maxSize: 'BigInt' },
    })}
  `,
  queries: `
    "The catalogue that decides what is accepted and how it is served"
    fileTypes: [FileType!] @requires(scope: "files:read")
  `,
};
