import type { Operations } from './generated/operations.js';

type Answer<D extends keyof Operations> = Operations[D]['answer'];
type Body<D extends keyof Operations> = Operations[D]['body'];
type ItemOf<T> = T extends { readonly items: readonly (infer Item)[] } ? Item : never;

/** With the entity tag to give back as `ifMatch`. */
export type Tagged<T> = T & { readonly etag: string };

export type FileMetadata = Answer<'GET /v1/files/{fileId}'>;
/** An item of a list; `downloadUrl` is there when the list was asked with `urls: true`. */
export type ListedFile = ItemOf<Answer<'GET /v1/files'>>;
export type FileStatus = FileMetadata['status'];
export type FileStage = FileMetadata['stage'];
export type RejectReason = NonNullable<FileMetadata['rejectReason']>;
export type FileChanges = Body<'PATCH /v1/files/{fileId}'>;
export type Bucket = FileMetadata['bucket'];

/** Filters, order and page size of a list of files. */
export interface FileQuery extends Omit<Operations['GET /v1/files']['query'], 'cursor' | 'urls' | 'metadata'> {
  /** each available item gets a download URL of 15 minutes */
  readonly urls?: boolean | undefined;
  /** what the metadata contains: same members, arrays with at least these elements */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type PresignRequest = Body<'POST /v1/files/presign'>;
export type Presigned = Answer<'POST /v1/files/presign'>;
export type VersionPresignRequest = Body<'POST /v1/files/{fileId}/versions/presign'>;
export type ConfirmRequest = Body<'POST /v1/files/presign/{fileId}/confirm'>;
export type Confirmed = Answer<'POST /v1/files/presign/{fileId}/confirm'>;

export type DownloadUrlRequest = Body<'POST /v1/files/{fileId}/download-url'>;
export type DownloadUrl = Answer<'POST /v1/files/{fileId}/download-url'>;
export type ThumbnailQuery = Operations['GET /v1/files/{fileId}/thumbnail-url']['query'];
export type ThumbnailUrl = Answer<'GET /v1/files/{fileId}/thumbnail-url'>;

export type FileVersion = ItemOf<Answer<'GET /v1/files/{fileId}/versions'>>;
export type Folder = Answer<'GET /v1/folders/{folderId}'>;
export type NewFolder = Body<'POST /v1/folders'>;
export type FolderChanges = Body<'PATCH /v1/folders/{folderId}'>;

/** What a file is about, in the words of the service that owns it. */
export interface Subject {
  readonly type: string;
  readonly id: string;
}
export type SubjectFile = ItemOf<Answer<'GET /v1/subjects/{type}/{subjectId}/files'>>;
export type Share = ItemOf<Answer<'GET /v1/files/{fileId}/shares'>>;
export type FileType = ItemOf<Answer<'GET /v1/file-types'>>;
export type AuditEntry = ItemOf<Answer<'GET /v1/audit'>>;
export type AuditQuery = Omit<Operations['GET /v1/audit']['query'], 'cursor' | 'format'>;

/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
/** What a creating call takes. */
export interface CreateOptions extends CallOptions {
  /** one is made up otherwise, so that a lost answer makes nothing twice */
  readonly idempotencyKey?: string | undefined;
}
/** What a change takes. */
export interface ChangeOptions extends CallOptions {
  /** entity tag as read; PRECONDITION_FAILED when somebody changed it since */
  readonly ifMatch?: string | undefined;
}
