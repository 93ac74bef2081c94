import type { GraphqlPart } from '../graphql/graphql-part.js';
import { objectType } from '../graphql/sdl.js';
import { arrivedPartsSchema, signedPartsSchema } from './multipart.schema.js';

export const multipartGraphql: GraphqlPart = {
  types: `
    ${objectType('ArrivedParts', arrivedPartsSchema, { types: { size: 'BigInt', partSize: 'BigInt', parts: 'ArrivedPart' } })}
    ${objectType('ArrivedPart', arrivedPartsSchema.shape.parts.element, { types: { size: 'BigInt' } })}
    ${objectType('SignedParts', signedPartsSchema, { types: { parts: 'SignedPart' } })}
    ${objectType('SignedPart', signedPartsSchema.shape.parts.element, { types: { method: 'String', size: 'BigInt' } })}
  `,
  queries: `
    "What of an upload in parts has arrived: the parts behind the one numbered after, at most 1000"
    arrivedParts(fileId: ID!, first: Int = 1000, after: Int = 0): ArrivedParts @requires(scope: "files:write")
  `,
  mutations: `
    "URLs for up to 1000 parts, in any order, as often as needed"
    signParts(fileId: ID!, partNumbers: [Int!]!): SignedParts @requires(scope: "files:write")
    "The id of the file whose upload in parts was given up"
    abortMultipart(fileId: ID!): ID @requires(scope: "files:write")
  `,
};
