import type { GraphqlPart } from '../graphql/graphql-part.js';
import { connectionType, inputType, objectType } from '../graphql/sdl.js';
import { subjectSchema } from './subject.schema.js';

export const subjectsGraphql: GraphqlPart = {
  types: `
    ${objectType('Subject', subjectSchema)}
    ${inputType('SubjectInput', subjectSchema)}
    ${connectionType('File', 'linkedAt: DateTime!', 'SubjectFile')}
  `,
  queries: `
    "The last linked first; an unknown subject has no files"
    subjectFiles(subject: SubjectInput!, first: Int = 50, after: String): SubjectFileConnection @requires(scope: "files:read")
  `,
  mutations: `
    "The id of the file. May be repeated."
    linkSubject(fileId: ID!, subject: SubjectInput!): ID @requires(scope: "files:write")
    unlinkSubject(fileId: ID!, subject: SubjectInput!): ID @requires(scope: "files:write")
  `,
};
