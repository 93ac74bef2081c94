import type { GraphqlPart } from '../graphql/graphql-part.js';
import { objectType } from '../graphql/sdl.js';
import { shareSchema } from './shares.schema.js';

export const sharesGraphql: GraphqlPart = {
  types: objectType('Share', shareSchema),
  queries: `
    "Who may read a file beside its group; for who made it and administrators"
    shares(fileId: ID!): [Share!] @requires(scope: "files:read")
  `,
  mutations: `
    "expiresAt absent: until it is taken back. Again: another end."
    shareFile(fileId: ID!, userId: ID!, expiresAt: DateTime): Share @requires(scope: "files:write")
    "The id of the user who lost the share"
    unshareFile(fileId: ID!, userId: ID!): ID @requires(scope: "files:write")
  `,
};
