import { answerOf, headersOf, pageParameters, pathParameter, requestOf, type Doors } from '../openapi/operation.js';
import {
  accessGroupPageSchema,
  accessGroupSchema,
  createAccessGroupSchema,
  memberPageSchema,
  renameAccessGroupSchema,
} from './access-groups.schema.js';

const groupId = pathParameter('groupId', 'What is no UUID answers as an absent group', 'uuid');
const userId = pathParameter('userId', 'As in the `sub` of the user’s tokens', 'uuid');
const done = (description: string) => ({ 204: { description, headers: headersOf({}) } });
const of = { tag: 'access', scope: 'files:admin' } as const;

export const accessGroupDoors: Doors = {
  'POST /v1/access-groups': {
    ...of,
    creates: true,
    summary: 'Create an access group',
    requestBody: requestOf(createAccessGroupSchema),
    responses: { 201: answerOf(accessGroupSchema, 'The group') },
    refusals: ['validation-error', 'ACCESS_GROUP_EXISTS', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'GET /v1/access-groups': {
    ...of,
    summary: 'List access groups by name',
    parameters: pageParameters,
    responses: { 200: answerOf(accessGroupPageSchema, 'A page of groups') },
    refusals: ['validation-error'],
  },
  'GET /v1/access-groups/{groupId}': {
    ...of,
    summary: 'Read an access group',
    parameters: [groupId],
    responses: { 200: answerOf(accessGroupSchema, 'The group') },
    refusals: ['ACCESS_GROUP_NOT_FOUND'],
  },
  'PATCH /v1/access-groups/{groupId}': {
    ...of,
    summary: 'Rename an access group',
    parameters: [groupId],
    requestBody: requestOf(renameAccessGroupSchema),
    responses: { 200: answerOf(accessGroupSchema, 'The group') },
    refusals: ['validation-error', 'ACCESS_GROUP_NOT_FOUND', 'ACCESS_GROUP_EXISTS', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'DELETE /v1/access-groups/{groupId}': {
    ...of,
    summary: 'Delete an access group nothing belongs to',
    parameters: [groupId],
    responses: done('Deleted, with its memberships'),
    refusals: ['ACCESS_GROUP_NOT_FOUND', 'ACCESS_GROUP_IN_USE'],
  },
  'GET /v1/access-groups/{groupId}/members': {
    ...of,
    summary: 'List the members kept here',
    description: 'Members by the `groups` claim of their tokens are the authorization server’s and not listed.',
    parameters: [groupId, ...pageParameters],
    responses: { 200: answerOf(memberPageSchema, 'A page of members') },
    refusals: ['validation-error', 'ACCESS_GROUP_NOT_FOUND'],
  },
  'PUT /v1/access-groups/{groupId}/members/{userId}': {
    ...of,
    summary: 'Make a user a member',
    parameters: [groupId, userId],
    responses: done('The user is a member'),
    refusals: ['validation-error', 'ACCESS_GROUP_NOT_FOUND'],
  },
  'DELETE /v1/access-groups/{groupId}/members/{userId}': {
    ...of,
    summary: 'End a membership',
    description: 'At once. A group that the user’s token names stays theirs until the token ends.',
    parameters: [groupId, userId],
    responses: done('The membership is over'),
    refusals: ['validation-error', 'MEMBER_NOT_FOUND'],
  },
};
