import type { GraphqlPart } from '../graphql/graphql-part.js';
import { connectionType, enumType, inputType, objectType } from '../graphql/sdl.js';
import { folderChangesSchema, folderViewSchema, newFolderSchema } from './folders.schema.js';

export const foldersGraphql: GraphqlPart = {
  types: `
    ${objectType('Folder', folderViewSchema, {
      more: `
        "The same as folderId: what clients cache by"
        id: ID!
        "null: in the root"
        parent: Folder @requires(scope: "files:read")
      `,
    })}
    ${connectionType('Folder')}
    ${inputType('CreateFolderInput', newFolderSchema, { types: { parentId: 'ID' } })}
    ${inputType('FolderChangesInput', folderChangesSchema, { types: { parentId: 'ID' } })}
    "emptying: it is gone for every door, what is in it is deleted in the background"
    ${enumType('FolderDeletion', ['deleted', 'emptying'])}
  `,
  queries: `
    folder(id: ID!): Folder @requires(scope: "files:read")
    "Folders of a folder, or of the root when parentId is absent, by name"
    folders(parentId: ID, first: Int = 50, after: String): FolderConnection @requires(scope: "files:read")
  `,
  mutations: `
    createFolder(input: CreateFolderInput!): Folder @requires(scope: "files:write")
    updateFolder(folderId: ID!, changes: FolderChangesInput!, ifMatch: String): Folder @requires(scope: "files:write")
    "recursive: with all that is in it"
    deleteFolder(folderId: ID!, recursive: Boolean = false, ifMatch: String): FolderDeletion @requires(scope: "files:write")
  `,
};
