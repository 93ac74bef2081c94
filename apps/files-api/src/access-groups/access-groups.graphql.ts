import type { GraphqlPart } from '../graphql/graphql-part.js';
import { connectionType, inputType, objectType } from '../graphql/sdl.js';
import { accessGroupSchema, createAccessGroupSchema, memberSchema } from './access-groups.schema.js';

export const accessGroupsGraphql: GraphqlPart = {
  types: `
    ${objectType('AccessGroup', accessGroupSchema)}
    ${connectionType('AccessGroup')}
    ${objectType('AccessGroupMember', memberSchema)}
    ${connectionType('AccessGroupMember')}
    ${inputType('CreateAccessGroupInput', createAccessGroupSchema)}
  `,
  queries: `
    accessGroup(id: ID!): AccessGroup @requires(scope: "files:admin")
    "By name"
    accessGroups(first: Int = 50, after: String): AccessGroupConnection @requires(scope: "files:admin")
    "By user id"
    accessGroupMembers(groupId: ID!, first: Int = 50, after: String): AccessGroupMemberConnection @requires(scope: "files:admin")
  `,
  mutations: `
    createAccessGroup(input: CreateAccessGroupInput!): AccessGroup @requires(scope: "files:admin")
    renameAccessGroup(groupId: ID!, name: String!): AccessGroup @requires(scope: "files:admin")
    "The id of the group, which no file may belong to"
    deleteAccessGroup(groupId: ID!): ID @requires(scope: "files:admin")
    "The id of the user. May be repeated."
    addAccessGroupMember(groupId: ID!, userId: ID!): ID @requires(scope: "files:admin")
    removeAccessGroupMember(groupId: ID!, userId: ID!): ID @requires(scope: "files:admin")
  `,
};
