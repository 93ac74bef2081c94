// Generated from openapi.json by `npm run generate`.

export type Problem = {
  /** URN of the kind of problem */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code:
    | 'validation-error'
    | 'QUERY_TOO_LONG'
    | 'QUERY_TOO_DEEP'
    | 'QUERY_TOO_COMPLEX'
    | 'UNAUTHENTICATED'
    | 'INSUFFICIENT_SCOPE'
    | 'NOT_THE_OWNER'
    | 'UPLOAD_OUT_OF_BOUNDS'
    | 'FILE_NOT_FOUND'
    | 'FILE_WITHDRAWN'
    | 'ACCESS_GROUP_NOT_FOUND'
    | 'MEMBER_NOT_FOUND'
    | 'SHARE_NOT_FOUND'
    | 'SUBJECT_NOT_LINKED'
    | 'THUMBNAIL_NOT_READY'
    | 'NO_THUMBNAIL'
    | 'VERSION_NOT_FOUND'
    | 'FOLDER_NOT_FOUND'
    | 'WEBHOOK_NOT_FOUND'
    | 'WEBHOOK_DELIVERY_NOT_FOUND'
    | 'RESCAN_NOT_FOUND'
    | 'ROUTE_NOT_FOUND'
    | 'METHOD_NOT_ALLOWED'
    | 'NOT_ACCEPTABLE'
    | 'UPLOAD_NOT_FOUND'
    | 'NO_MULTIPART_UPLOAD'
    | 'UPLOAD_INCOMPLETE'
    | 'FILE_NOT_AVAILABLE'
    | 'ACCESS_GROUP_EXISTS'
    | 'ACCESS_GROUP_IN_USE'
    | 'VERSION_NOT_AVAILABLE'
    | 'VERSION_NOT_HELD'
    | 'FOLDER_EXISTS'
    | 'FOLDER_NOT_EMPTY'
    | 'FOLDER_CYCLE'
    | 'FOLDER_TOO_DEEP'
    | 'UPLOAD_NOT_AWAITED'
    | 'IDEMPOTENCY_KEY_IN_FLIGHT'
    | 'WEBHOOK_LIMIT_EXCEEDED'
    | 'WEBHOOK_DISABLED'
    | 'PRECONDITION_FAILED'
    | 'PAYLOAD_TOO_LARGE'
    | 'UNSUPPORTED_MEDIA_TYPE'
    | 'RANGE_NOT_SATISFIABLE'
    | 'MIME_TYPE_MISMATCH'
    | 'SIZE_MISMATCH'
    | 'CHECKSUM_MISMATCH'
    | 'EMPTY_FILE'
    | 'IDEMPOTENCY_KEY_REUSED'
    | 'WEBHOOK_URL_NOT_ALLOWED'
    | 'TOO_MANY_REQUESTS'
    | 'TOO_MANY_STREAMS'
    | 'INTERNAL_ERROR'
    | 'STAGING_LIMIT_EXCEEDED'
    | 'AUTH_UNAVAILABLE'
    | 'STORE_UNAVAILABLE'
    | 'SERVICE_UNAVAILABLE';
  /** The X-Request-Id of the answer; name it when you report a problem */
  readonly requestId: string;
  /** What to read instead: the content door of the file */
  readonly original?: string | undefined;
  /** The file that the first request under the Idempotency-Key made */
  readonly fileId?: string | undefined;
  /** Of `FILE_WITHDRAWN`: what the rescan found, and when */
  readonly withdrawn?:
    | {
        readonly reason:
          | 'infected'
          | 'mime_mismatch'
          | 'size_mismatch'
          | 'checksum_mismatch'
          | 'expired'
          | 'unscannable'
          | 'failed'
          | 'deleted';
        readonly signature: string | null;
        readonly at: string;
      }
    | undefined;
  /** The detail again at the doors of Uppy, which shows it */
  readonly message?: string | undefined;
  readonly errors: readonly {
    /** RFC 6901 pointer into the body, or the name of a form field */
    readonly pointer: string;
    readonly message: string;
  }[];
};
/** Every door, by method and path. */
export interface Operations {
  /** Ask for an upload URL */
  'POST /v1/files/presign': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Kept as it is; never part of a key */
      readonly filename: string;
      /** A type that is not catalogued is stored and served as application/octet-stream */
      readonly mimeType: string;
      /** Logical bucket */
      readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
      /** Exact size in bytes */
      readonly size: number;
      /** Any JSON object up to 16 KiB and 32 levels */
      readonly metadata?: Readonly<Record<string, unknown>> | undefined;
      /** SHA-256 of the bytes, hexadecimal; verified before release */
      readonly sha256?: string | undefined;
      /** Only members of the group, who made the file and administrators see it */
      readonly accessGroupId?: string | undefined;
      /** The folder to put it in; absent: the root */
      readonly folderId?: string | undefined;
      /** true: in parts, to be signed by `…/multipart/parts`; needed over 5 GiB */
      readonly multipart?: boolean | undefined;
    };
    readonly answer:
      | {
          readonly fileId: string;
          readonly versionId: string;
          readonly status: 'pending_scan';
          readonly uploadUrl: string;
          readonly method: 'PUT';
          /** Send exactly these with the PUT (Host and Content-Length come by themselves) */
          readonly headers: Readonly<Record<string, string>>;
          /** Always empty: the upload is a PUT, not a form */
          readonly fields: Readonly<Record<string, never>>;
          readonly expiresAt: string;
        }
      | {
          readonly fileId: string;
          readonly versionId: string;
          readonly status: 'pending_scan';
          readonly multipart: {
            /** Bytes of every part but the last, which is the rest */
            readonly partSize: number;
            /** Parts are numbered from 1 to this */
            readonly partCount: number;
          };
        };
  };
  /** Say that the bytes have arrived */
  'POST /v1/files/presign/{fileId}/confirm': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Only members of the group, who made the file and administrators see it */
      readonly accessGroupId?: string | undefined;
      readonly notes?: string | undefined;
      /** false registers the file as present but not valid */
      readonly isValid?: boolean | undefined;
    };
    readonly answer: {
      readonly fileId: string;
      readonly status: 'pending_scan' | 'available' | 'rejected';
    };
  };
  /** Upload through the service */
  'POST /v1/files/upload': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly fileId: string;
      readonly versionId: string;
      readonly filename: string;
      readonly mimeType: string;
      readonly size: number;
      /** Logical bucket */
      readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
      readonly status: 'pending_scan' | 'available' | 'rejected';
      readonly url: null;
      readonly createdAt: string;
      readonly uploadedBy: string;
    };
  };
  /** What of an upload in parts has arrived */
  'GET /v1/files/{fileId}/multipart': {
    readonly query: {
      /** Parts behind this one */
      readonly after?: number | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly fileId: string;
      readonly versionId: string;
      /** Bytes of the whole */
      readonly size: number;
      /** Bytes of every part but the last, which is the rest */
      readonly partSize: number;
      /** Parts are numbered from 1 to this */
      readonly partCount: number;
      /** Those that have arrived, by number */
      readonly parts: readonly {
        readonly partNumber: number;
        readonly size: number;
        readonly etag: string;
      }[];
      readonly hasMore: boolean;
    };
  };
  /** Give an upload in parts up */
  'DELETE /v1/files/{fileId}/multipart': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Ask for the URLs of parts */
  'POST /v1/files/{fileId}/multipart/parts': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Parts to send next, from 1 to `partCount` */
      readonly partNumbers: readonly number[];
    };
    readonly answer: {
      readonly parts: readonly {
        readonly partNumber: number;
        readonly uploadUrl: string;
        readonly method: 'PUT';
        /** Send exactly these */
        readonly headers: Readonly<Record<string, string>>;
        /** Bytes of this part; the store refuses any other length */
        readonly size: number;
      }[];
      readonly expiresAt: string;
    };
  };
  /** Ask for an upload token */
  'POST /v1/uploads/tokens': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** The only logical bucket it uploads to; absent: any */
      readonly bucket?: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules' | undefined;
      /** The only folder it uploads to; absent: any */
      readonly folderId?: string | undefined;
      /** Its life in seconds */
      readonly expiresIn?: number | undefined;
    };
    readonly answer: {
      readonly token: string;
      /** `companionEndpoint` (Uppy 6) or `endpoint` (Uppy 5) with the token in its path */
      readonly endpoint: string;
      readonly expiresAt: string;
      readonly expiresIn: number;
    };
  };
  /** List files */
  'GET /v1/files': {
    readonly query: {
      /** Most items of a page */
      readonly limit?: number | undefined;
      /** `nextCursor` of the page before, under the same sort and order */
      readonly cursor?: string | undefined;
      readonly sort?: 'createdAt' | 'updatedAt' | undefined;
      readonly order?: 'asc' | 'desc' | undefined;
      /** true: each available item has a download URL of 15 minutes; needs files:export too */
      readonly urls?: 'true' | 'false' | undefined;
      readonly id?: string | undefined;
      /** The filename begins with this, whatever the case */
      readonly name?: string | undefined;
      /** The filename is exactly this */
      readonly filename?: string | undefined;
      readonly mimeType?: string | undefined;
      readonly createdBy?: string | undefined;
      /** Inclusive */
      readonly createdFrom?: string | undefined;
      /** Exclusive */
      readonly createdTo?: string | undefined;
      /** Inclusive */
      readonly updatedFrom?: string | undefined;
      /** Exclusive */
      readonly updatedTo?: string | undefined;
      readonly bucket?: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules' | undefined;
      readonly status?: 'pending_scan' | 'available' | 'rejected' | undefined;
      /** Directly in this folder; `root`: in none */
      readonly folder?: 'root' | string | undefined;
      /** Linked to this subject, `type:id` */
      readonly subject?: string | undefined;
      /** A JSON object the metadata contains, at any of its levels as written */
      readonly metadata?: string | undefined;
      /** The metadata's `externalId`, or one of its `externalIds` */
      readonly externalId?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly fileId: string;
        readonly versionId: string;
        readonly filename: string;
        /** The catalogued type it is served as */
        readonly mimeType: string;
        /** Bytes; as declared until the upload is confirmed */
        readonly size: number;
        readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
        readonly status: 'pending_scan' | 'available' | 'rejected';
        readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
        readonly rejectReason:
          | (
              | 'infected'
              | 'mime_mismatch'
              | 'size_mismatch'
              | 'checksum_mismatch'
              | 'expired'
              | 'unscannable'
              | 'failed'
              | 'deleted'
            )
          | null;
        /** Of the scanned bytes, hexadecimal; null before the scan */
        readonly sha256: string | null;
        readonly metadata: Readonly<Record<string, unknown>>;
        readonly notes: string | null;
        /** null: in the root */
        readonly folderId: string | null;
        /** Names from the root down; null while a deleted folder above it is being emptied */
        readonly folderPath: string | null;
        /** The content door, for a token with files:read; null unless available */
        readonly url: string | null;
        readonly createdAt: string;
        readonly updatedAt: string;
        readonly uploadedBy: string;
        /** Only its members see the file; null: the whole tenant does */
        readonly accessGroupId: string | null;
        /** false: registered as present but not valid */
        readonly isValid: boolean;
        /** What the file is about */
        readonly subjects: readonly {
          /** A word of the service that owns the subject */
          readonly type: string;
          /** Whatever that service calls it */
          readonly id: string;
        }[];
        /** Pixels, as shown; null: no image, or not known (see derived) */
        readonly width: number | null;
        readonly height: number | null;
        /** Of a PDF; null: no PDF, or not known (see derived) */
        readonly pageCount: number | null;
        /** Sizes that can be asked for at thumbnail-url */
        readonly thumbnails: readonly number[];
        /** Width, height, page count and thumbnails are made after the scan */
        readonly derived: {
          /** none: nothing is derived from this type */
          readonly status: 'none' | 'pending' | 'done' | 'failed';
          /** Why it failed */
          readonly reason: string | null;
        };
        readonly scan: {
          /** How the engine saw the bytes. full: in one piece; windowed: in overlapping pieces; members: an archive too large for it, each file in it in one piece; none: not at all */
          readonly coverage: 'full' | 'windowed' | 'members' | 'none';
          readonly engineVersion: string | null;
          readonly signatureVersion: string | null;
          readonly scannedAt: string;
        } | null;
        /** How far a scan has come that takes more than a few seconds; null before its first report and once there is a verdict. The entity tag does not change with it */
        readonly scanProgress: {
          readonly scannedBytes: number;
          /** More than size where bytes are read twice, as those of large archives */
          readonly totalBytes: number;
          /** When it was reported */
          readonly at: string;
        } | null;
        /** Only with urls=true; null unless the file is available */
        readonly downloadUrl?:
          | {
              readonly url: string;
              readonly expiresAt: string;
              readonly expiresIn: number;
            }
          | null
          | undefined;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Read what is known of a file */
  'GET /v1/files/{fileId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly fileId: string;
      readonly versionId: string;
      readonly filename: string;
      /** The catalogued type it is served as */
      readonly mimeType: string;
      /** Bytes; as declared until the upload is confirmed */
      readonly size: number;
      readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
      readonly status: 'pending_scan' | 'available' | 'rejected';
      readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
      readonly rejectReason:
        | (
            | 'infected'
            | 'mime_mismatch'
            | 'size_mismatch'
            | 'checksum_mismatch'
            | 'expired'
            | 'unscannable'
            | 'failed'
            | 'deleted'
          )
        | null;
      /** Of the scanned bytes, hexadecimal; null before the scan */
      readonly sha256: string | null;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly notes: string | null;
      /** null: in the root */
      readonly folderId: string | null;
      /** Names from the root down; null while a deleted folder above it is being emptied */
      readonly folderPath: string | null;
      /** The content door, for a token with files:read; null unless available */
      readonly url: string | null;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly uploadedBy: string;
      /** Only its members see the file; null: the whole tenant does */
      readonly accessGroupId: string | null;
      /** false: registered as present but not valid */
      readonly isValid: boolean;
      /** What the file is about */
      readonly subjects: readonly {
        /** A word of the service that owns the subject */
        readonly type: string;
        /** Whatever that service calls it */
        readonly id: string;
      }[];
      /** Pixels, as shown; null: no image, or not known (see derived) */
      readonly width: number | null;
      readonly height: number | null;
      /** Of a PDF; null: no PDF, or not known (see derived) */
      readonly pageCount: number | null;
      /** Sizes that can be asked for at thumbnail-url */
      readonly thumbnails: readonly number[];
      /** Width, height, page count and thumbnails are made after the scan */
      readonly derived: {
        /** none: nothing is derived from this type */
        readonly status: 'none' | 'pending' | 'done' | 'failed';
        /** Why it failed */
        readonly reason: string | null;
      };
      readonly scan: {
        /** How the engine saw the bytes. full: in one piece; windowed: in overlapping pieces; members: an archive too large for it, each file in it in one piece; none: not at all */
        readonly coverage: 'full' | 'windowed' | 'members' | 'none';
        readonly engineVersion: string | null;
        readonly signatureVersion: string | null;
        readonly scannedAt: string;
      } | null;
      /** How far a scan has come that takes more than a few seconds; null before its first report and once there is a verdict. The entity tag does not change with it */
      readonly scanProgress: {
        readonly scannedBytes: number;
        /** More than size where bytes are read twice, as those of large archives */
        readonly totalBytes: number;
        /** When it was reported */
        readonly at: string;
      } | null;
    };
  };
  /** Rename, move or describe a file */
  'PATCH /v1/files/{fileId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Kept as it is; never part of a key */
      readonly filename?: string | undefined;
      /** null: into the root */
      readonly folderId?: string | null | undefined;
      /** Replaces all of it */
      readonly metadata?: Readonly<Record<string, unknown>> | undefined;
      /** null: for the whole tenant */
      readonly accessGroupId?: string | null | undefined;
      readonly notes?: string | null | undefined;
    };
    readonly answer: {
      readonly fileId: string;
      readonly versionId: string;
      readonly filename: string;
      /** The catalogued type it is served as */
      readonly mimeType: string;
      /** Bytes; as declared until the upload is confirmed */
      readonly size: number;
      readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
      readonly status: 'pending_scan' | 'available' | 'rejected';
      readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
      readonly rejectReason:
        | (
            | 'infected'
            | 'mime_mismatch'
            | 'size_mismatch'
            | 'checksum_mismatch'
            | 'expired'
            | 'unscannable'
            | 'failed'
            | 'deleted'
          )
        | null;
      /** Of the scanned bytes, hexadecimal; null before the scan */
      readonly sha256: string | null;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly notes: string | null;
      /** null: in the root */
      readonly folderId: string | null;
      /** Names from the root down; null while a deleted folder above it is being emptied */
      readonly folderPath: string | null;
      /** The content door, for a token with files:read; null unless available */
      readonly url: string | null;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly uploadedBy: string;
      /** Only its members see the file; null: the whole tenant does */
      readonly accessGroupId: string | null;
      /** false: registered as present but not valid */
      readonly isValid: boolean;
      /** What the file is about */
      readonly subjects: readonly {
        /** A word of the service that owns the subject */
        readonly type: string;
        /** Whatever that service calls it */
        readonly id: string;
      }[];
      /** Pixels, as shown; null: no image, or not known (see derived) */
      readonly width: number | null;
      readonly height: number | null;
      /** Of a PDF; null: no PDF, or not known (see derived) */
      readonly pageCount: number | null;
      /** Sizes that can be asked for at thumbnail-url */
      readonly thumbnails: readonly number[];
      /** Width, height, page count and thumbnails are made after the scan */
      readonly derived: {
        /** none: nothing is derived from this type */
        readonly status: 'none' | 'pending' | 'done' | 'failed';
        /** Why it failed */
        readonly reason: string | null;
      };
      readonly scan: {
        /** How the engine saw the bytes. full: in one piece; windowed: in overlapping pieces; members: an archive too large for it, each file in it in one piece; none: not at all */
        readonly coverage: 'full' | 'windowed' | 'members' | 'none';
        readonly engineVersion: string | null;
        readonly signatureVersion: string | null;
        readonly scannedAt: string;
      } | null;
      /** How far a scan has come that takes more than a few seconds; null before its first report and once there is a verdict. The entity tag does not change with it */
      readonly scanProgress: {
        readonly scannedBytes: number;
        /** More than size where bytes are read twice, as those of large archives */
        readonly totalBytes: number;
        /** When it was reported */
        readonly at: string;
      } | null;
    };
  };
  /** Delete a file */
  'DELETE /v1/files/{fileId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Undo a delete */
  'POST /v1/files/{fileId}/restore': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly fileId: string;
      readonly versionId: string;
      readonly filename: string;
      /** The catalogued type it is served as */
      readonly mimeType: string;
      /** Bytes; as declared until the upload is confirmed */
      readonly size: number;
      readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
      readonly status: 'pending_scan' | 'available' | 'rejected';
      readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
      readonly rejectReason:
        | (
            | 'infected'
            | 'mime_mismatch'
            | 'size_mismatch'
            | 'checksum_mismatch'
            | 'expired'
            | 'unscannable'
            | 'failed'
            | 'deleted'
          )
        | null;
      /** Of the scanned bytes, hexadecimal; null before the scan */
      readonly sha256: string | null;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly notes: string | null;
      /** null: in the root */
      readonly folderId: string | null;
      /** Names from the root down; null while a deleted folder above it is being emptied */
      readonly folderPath: string | null;
      /** The content door, for a token with files:read; null unless available */
      readonly url: string | null;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly uploadedBy: string;
      /** Only its members see the file; null: the whole tenant does */
      readonly accessGroupId: string | null;
      /** false: registered as present but not valid */
      readonly isValid: boolean;
      /** What the file is about */
      readonly subjects: readonly {
        /** A word of the service that owns the subject */
        readonly type: string;
        /** Whatever that service calls it */
        readonly id: string;
      }[];
      /** Pixels, as shown; null: no image, or not known (see derived) */
      readonly width: number | null;
      readonly height: number | null;
      /** Of a PDF; null: no PDF, or not known (see derived) */
      readonly pageCount: number | null;
      /** Sizes that can be asked for at thumbnail-url */
      readonly thumbnails: readonly number[];
      /** Width, height, page count and thumbnails are made after the scan */
      readonly derived: {
        /** none: nothing is derived from this type */
        readonly status: 'none' | 'pending' | 'done' | 'failed';
        /** Why it failed */
        readonly reason: string | null;
      };
      readonly scan: {
        /** How the engine saw the bytes. full: in one piece; windowed: in overlapping pieces; members: an archive too large for it, each file in it in one piece; none: not at all */
        readonly coverage: 'full' | 'windowed' | 'members' | 'none';
        readonly engineVersion: string | null;
        readonly signatureVersion: string | null;
        readonly scannedAt: string;
      } | null;
      /** How far a scan has come that takes more than a few seconds; null before its first report and once there is a verdict. The entity tag does not change with it */
      readonly scanProgress: {
        readonly scannedBytes: number;
        /** More than size where bytes are read twice, as those of large archives */
        readonly totalBytes: number;
        /** When it was reported */
        readonly at: string;
      } | null;
    };
  };
  /** Read the bytes */
  'GET /v1/files/{fileId}/content': {
    readonly query: {
      /** One version of the file; absent: the one that speaks for it */
      readonly versionId?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Ask for a download URL */
  'POST /v1/files/{fileId}/download-url': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** true: saved as a file; false: shown where the type is safe to show; absent: as the type says */
      readonly attachment?: boolean | undefined;
      /** Seconds; at most, and by default, the configured life of a download URL (3600) */
      readonly expiresIn?: number | undefined;
      /** One version of the file; absent: the one that speaks for it */
      readonly versionId?: string | undefined;
    };
    readonly answer: {
      readonly url: string;
      readonly expiresAt: string;
      readonly expiresIn: number;
    };
  };
  /** Create an access group */
  'POST /v1/access-groups': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Unique in the tenant */
      readonly name: string;
      /** The id the authorization server uses in the `groups` claim; a new one when absent */
      readonly id?: string | undefined;
    };
    readonly answer: {
      readonly id: string;
      readonly name: string;
      readonly createdAt: string;
      readonly updatedAt: string;
    };
  };
  /** List access groups by name */
  'GET /v1/access-groups': {
    readonly query: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly id: string;
        readonly name: string;
        readonly createdAt: string;
        readonly updatedAt: string;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Read an access group */
  'GET /v1/access-groups/{groupId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly id: string;
      readonly name: string;
      readonly createdAt: string;
      readonly updatedAt: string;
    };
  };
  /** Rename an access group */
  'PATCH /v1/access-groups/{groupId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Unique in the tenant */
      readonly name?: string | undefined;
    };
    readonly answer: {
      readonly id: string;
      readonly name: string;
      readonly createdAt: string;
      readonly updatedAt: string;
    };
  };
  /** Delete an access group nothing belongs to */
  'DELETE /v1/access-groups/{groupId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List the members kept here */
  'GET /v1/access-groups/{groupId}/members': {
    readonly query: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly userId: string;
        readonly addedAt: string;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Make a user a member */
  'PUT /v1/access-groups/{groupId}/members/{userId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** End a membership */
  'DELETE /v1/access-groups/{groupId}/members/{userId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List who a file is shared with */
  'GET /v1/files/{fileId}/shares': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly userId: string;
        /** Who granted it, as the audit log names actors */
        readonly grantedBy: string;
        readonly createdAt: string;
        readonly expiresAt: string | null;
      }[];
    };
  };
  /** Let a user read a file */
  'PUT /v1/files/{fileId}/shares/{userId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** When the access ends by itself; absent or null: when it is taken back */
      readonly expiresAt?: string | null | undefined;
    };
    readonly answer: {
      readonly userId: string;
      /** Who granted it, as the audit log names actors */
      readonly grantedBy: string;
      readonly createdAt: string;
      readonly expiresAt: string | null;
    };
  };
  /** Take a share back */
  'DELETE /v1/files/{fileId}/shares/{userId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Link a file to a subject */
  'PUT /v1/files/{fileId}/subjects/{type}/{subjectId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Unlink a file from a subject */
  'DELETE /v1/files/{fileId}/subjects/{type}/{subjectId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List the files of a subject */
  'GET /v1/subjects/{type}/{subjectId}/files': {
    readonly query: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly fileId: string;
        readonly versionId: string;
        readonly filename: string;
        /** The catalogued type it is served as */
        readonly mimeType: string;
        /** Bytes; as declared until the upload is confirmed */
        readonly size: number;
        readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
        readonly status: 'pending_scan' | 'available' | 'rejected';
        readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
        readonly rejectReason:
          | (
              | 'infected'
              | 'mime_mismatch'
              | 'size_mismatch'
              | 'checksum_mismatch'
              | 'expired'
              | 'unscannable'
              | 'failed'
              | 'deleted'
            )
          | null;
        /** Of the scanned bytes, hexadecimal; null before the scan */
        readonly sha256: string | null;
        readonly metadata: Readonly<Record<string, unknown>>;
        readonly notes: string | null;
        /** null: in the root */
        readonly folderId: string | null;
        /** Names from the root down; null while a deleted folder above it is being emptied */
        readonly folderPath: string | null;
        /** The content door, for a token with files:read; null unless available */
        readonly url: string | null;
        readonly createdAt: string;
        readonly updatedAt: string;
        readonly uploadedBy: string;
        /** Only its members see the file; null: the whole tenant does */
        readonly accessGroupId: string | null;
        /** false: registered as present but not valid */
        readonly isValid: boolean;
        /** What the file is about */
        readonly subjects: readonly {
          /** A word of the service that owns the subject */
          readonly type: string;
          /** Whatever that service calls it */
          readonly id: string;
        }[];
        /** Pixels, as shown; null: no image, or not known (see derived) */
        readonly width: number | null;
        readonly height: number | null;
        /** Of a PDF; null: no PDF, or not known (see derived) */
        readonly pageCount: number | null;
        /** Sizes that can be asked for at thumbnail-url */
        readonly thumbnails: readonly number[];
        /** Width, height, page count and thumbnails are made after the scan */
        readonly derived: {
          /** none: nothing is derived from this type */
          readonly status: 'none' | 'pending' | 'done' | 'failed';
          /** Why it failed */
          readonly reason: string | null;
        };
        readonly scan: {
          /** How the engine saw the bytes. full: in one piece; windowed: in overlapping pieces; members: an archive too large for it, each file in it in one piece; none: not at all */
          readonly coverage: 'full' | 'windowed' | 'members' | 'none';
          readonly engineVersion: string | null;
          readonly signatureVersion: string | null;
          readonly scannedAt: string;
        } | null;
        /** How far a scan has come that takes more than a few seconds; null before its first report and once there is a verdict. The entity tag does not change with it */
        readonly scanProgress: {
          readonly scannedBytes: number;
          /** More than size where bytes are read twice, as those of large archives */
          readonly totalBytes: number;
          /** When it was reported */
          readonly at: string;
        } | null;
        readonly linkedAt: string;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Ask for an upload URL into a subject */
  'POST /v1/subjects/{type}/{subjectId}/presign': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Kept as it is; never part of a key */
      readonly filename: string;
      /** A type that is not catalogued is stored and served as application/octet-stream */
      readonly mimeType: string;
      /** Logical bucket */
      readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
      /** Exact size in bytes */
      readonly size: number;
      /** Any JSON object up to 16 KiB and 32 levels */
      readonly metadata?: Readonly<Record<string, unknown>> | undefined;
      /** SHA-256 of the bytes, hexadecimal; verified before release */
      readonly sha256?: string | undefined;
      /** Only members of the group, who made the file and administrators see it */
      readonly accessGroupId?: string | undefined;
      /** The folder to put it in; absent: the root */
      readonly folderId?: string | undefined;
      /** true: in parts, to be signed by `…/multipart/parts`; needed over 5 GiB */
      readonly multipart?: boolean | undefined;
    };
    readonly answer:
      | {
          readonly fileId: string;
          readonly versionId: string;
          readonly status: 'pending_scan';
          readonly uploadUrl: string;
          readonly method: 'PUT';
          /** Send exactly these with the PUT (Host and Content-Length come by themselves) */
          readonly headers: Readonly<Record<string, string>>;
          /** Always empty: the upload is a PUT, not a form */
          readonly fields: Readonly<Record<string, never>>;
          readonly expiresAt: string;
        }
      | {
          readonly fileId: string;
          readonly versionId: string;
          readonly status: 'pending_scan';
          readonly multipart: {
            /** Bytes of every part but the last, which is the rest */
            readonly partSize: number;
            /** Parts are numbered from 1 to this */
            readonly partCount: number;
          };
        };
  };
  /** Create a folder */
  'POST /v1/folders': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** 1 to 255 characters without / and control characters; kept in NFC */
      readonly name: string;
      /** null: in the root */
      readonly parentId?: string | null | undefined;
    };
    readonly answer: {
      readonly folderId: string;
      /** null: in the root */
      readonly parentId: string | null;
      readonly name: string;
      /** Names from the root down */
      readonly path: string;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly createdBy: string;
    };
  };
  /** List the folders of a folder or of the root */
  'GET /v1/folders': {
    readonly query: {
      /** Folders directly in this one */
      readonly parentId?: 'root' | string | undefined;
      /** Most items of a page */
      readonly limit?: number | undefined;
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly folderId: string;
        /** null: in the root */
        readonly parentId: string | null;
        readonly name: string;
        /** Names from the root down */
        readonly path: string;
        readonly createdAt: string;
        readonly updatedAt: string;
        readonly createdBy: string;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Read a folder */
  'GET /v1/folders/{folderId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly folderId: string;
      /** null: in the root */
      readonly parentId: string | null;
      readonly name: string;
      /** Names from the root down */
      readonly path: string;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly createdBy: string;
    };
  };
  /** Rename or move a folder */
  'PATCH /v1/folders/{folderId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** 1 to 255 characters without / and control characters; kept in NFC */
      readonly name?: string | undefined;
      /** null: into the root */
      readonly parentId?: string | null | undefined;
    };
    readonly answer: {
      readonly folderId: string;
      /** null: in the root */
      readonly parentId: string | null;
      readonly name: string;
      /** Names from the root down */
      readonly path: string;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly createdBy: string;
    };
  };
  /** Delete a folder */
  'DELETE /v1/folders/{folderId}': {
    readonly query: {
      /** true: with all that is in it */
      readonly recursive?: 'true' | 'false' | undefined;
    };
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List the versions of a file */
  'GET /v1/files/{fileId}/versions': {
    readonly query: {
      /** Versions on a page */
      readonly limit?: number | undefined;
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      /** Newest first */
      readonly items: readonly {
        readonly versionId: string;
        /** It is the available version that speaks for the file */
        readonly current: boolean;
        readonly status: 'pending_scan' | 'available' | 'rejected';
        readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
        readonly rejectReason:
          | (
              | 'infected'
              | 'mime_mismatch'
              | 'size_mismatch'
              | 'checksum_mismatch'
              | 'expired'
              | 'unscannable'
              | 'failed'
              | 'deleted'
            )
          | null;
        readonly mimeType: string;
        /** Bytes; as declared until the upload is confirmed */
        readonly size: number;
        readonly sha256: string | null;
        /** The content door for this version; null unless available */
        readonly url: string | null;
        readonly createdAt: string;
        readonly uploadedBy: string;
        readonly scan: {
          /** How the engine saw the bytes. full: in one piece; windowed: in overlapping pieces; members: an archive too large for it, each file in it in one piece; none: not at all */
          readonly coverage: 'full' | 'windowed' | 'members' | 'none';
          readonly engineVersion: string | null;
          readonly signatureVersion: string | null;
          readonly scannedAt: string;
        } | null;
        /** How far a scan has come that takes more than a few seconds; null before its first report and once there is a verdict. The entity tag does not change with it */
        readonly scanProgress: {
          readonly scannedBytes: number;
          /** More than size where bytes are read twice, as those of large archives */
          readonly totalBytes: number;
          /** When it was reported */
          readonly at: string;
        } | null;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Ask for an upload URL for a new version */
  'POST /v1/files/{fileId}/versions/presign': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** A type that is not catalogued is stored and served as application/octet-stream */
      readonly mimeType: string;
      /** Exact size in bytes */
      readonly size: number;
      /** SHA-256 of the bytes, hexadecimal; verified before release */
      readonly sha256?: string | undefined;
      /** true: in parts, to be signed by `…/multipart/parts`; needed over 5 GiB */
      readonly multipart?: boolean | undefined;
    };
    readonly answer:
      | {
          readonly fileId: string;
          readonly versionId: string;
          readonly status: 'pending_scan';
          readonly uploadUrl: string;
          readonly method: 'PUT';
          /** Send exactly these with the PUT (Host and Content-Length come by themselves) */
          readonly headers: Readonly<Record<string, string>>;
          /** Always empty: the upload is a PUT, not a form */
          readonly fields: Readonly<Record<string, never>>;
          readonly expiresAt: string;
        }
      | {
          readonly fileId: string;
          readonly versionId: string;
          readonly status: 'pending_scan';
          readonly multipart: {
            /** Bytes of every part but the last, which is the rest */
            readonly partSize: number;
            /** Parts are numbered from 1 to this */
            readonly partCount: number;
          };
        };
  };
  /** Let an available version speak for the file */
  'POST /v1/files/{fileId}/versions/{versionId}/restore': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly fileId: string;
      readonly versionId: string;
      readonly filename: string;
      /** The catalogued type it is served as */
      readonly mimeType: string;
      /** Bytes; as declared until the upload is confirmed */
      readonly size: number;
      readonly bucket: 'avatars' | 'assets' | 'documents' | 'exports' | 'modules';
      readonly status: 'pending_scan' | 'available' | 'rejected';
      readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
      readonly rejectReason:
        | (
            | 'infected'
            | 'mime_mismatch'
            | 'size_mismatch'
            | 'checksum_mismatch'
            | 'expired'
            | 'unscannable'
            | 'failed'
            | 'deleted'
          )
        | null;
      /** Of the scanned bytes, hexadecimal; null before the scan */
      readonly sha256: string | null;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly notes: string | null;
      /** null: in the root */
      readonly folderId: string | null;
      /** Names from the root down; null while a deleted folder above it is being emptied */
      readonly folderPath: string | null;
      /** The content door, for a token with files:read; null unless available */
      readonly url: string | null;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly uploadedBy: string;
      /** Only its members see the file; null: the whole tenant does */
      readonly accessGroupId: string | null;
      /** false: registered as present but not valid */
      readonly isValid: boolean;
      /** What the file is about */
      readonly subjects: readonly {
        /** A word of the service that owns the subject */
        readonly type: string;
        /** Whatever that service calls it */
        readonly id: string;
      }[];
      /** Pixels, as shown; null: no image, or not known (see derived) */
      readonly width: number | null;
      readonly height: number | null;
      /** Of a PDF; null: no PDF, or not known (see derived) */
      readonly pageCount: number | null;
      /** Sizes that can be asked for at thumbnail-url */
      readonly thumbnails: readonly number[];
      /** Width, height, page count and thumbnails are made after the scan */
      readonly derived: {
        /** none: nothing is derived from this type */
        readonly status: 'none' | 'pending' | 'done' | 'failed';
        /** Why it failed */
        readonly reason: string | null;
      };
      readonly scan: {
        /** How the engine saw the bytes. full: in one piece; windowed: in overlapping pieces; members: an archive too large for it, each file in it in one piece; none: not at all */
        readonly coverage: 'full' | 'windowed' | 'members' | 'none';
        readonly engineVersion: string | null;
        readonly signatureVersion: string | null;
        readonly scannedAt: string;
      } | null;
      /** How far a scan has come that takes more than a few seconds; null before its first report and once there is a verdict. The entity tag does not change with it */
      readonly scanProgress: {
        readonly scannedBytes: number;
        /** More than size where bytes are read twice, as those of large archives */
        readonly totalBytes: number;
        /** When it was reported */
        readonly at: string;
      } | null;
    };
  };
  /** Release a version that is held */
  'POST /v1/files/{fileId}/versions/{versionId}/release': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Why; kept in the audit log */
      readonly reason: string;
    };
    readonly answer: undefined;
  };
  /** Reject a version that is held */
  'POST /v1/files/{fileId}/versions/{versionId}/reject': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Why; kept in the audit log */
      readonly reason: string;
    };
    readonly answer: undefined;
  };
  /** Scan a file again */
  'POST /v1/files/{fileId}/rescan': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Why; kept in the audit log */
      readonly reason?: string | null | undefined;
    };
    readonly answer: {
      readonly fileId: string;
      readonly versionId: string;
      readonly state: 'queued' | 'running';
      readonly requestedAt: string;
    };
  };
  /** Scan one version again */
  'POST /v1/files/{fileId}/versions/{versionId}/rescan': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Why; kept in the audit log */
      readonly reason?: string | null | undefined;
    };
    readonly answer: {
      readonly fileId: string;
      readonly versionId: string;
      readonly state: 'queued' | 'running';
      readonly requestedAt: string;
    };
  };
  /** Scan the tenant's files again */
  'POST /v1/rescans': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** Why; kept in the audit log */
      readonly reason?: string | null | undefined;
      readonly scannedBefore?: string | null | undefined;
    };
    readonly answer: {
      readonly runId: string;
      readonly state: 'running' | 'done' | 'stopped';
      /** `too_many_withdrawn`: more than a run may withdraw; the signatures should be looked at first */
      readonly stopReason: ('asked' | 'too_many_withdrawn') | null;
      readonly reason: string | null;
      readonly startedBy: string;
      readonly startedAt: string;
      readonly endedAt: string | null;
      /** Versions with a later verdict are not in the run */
      readonly scannedBefore: string;
      /** Versions there were to scan when it began, or came to be since */
      readonly total: number;
      readonly clean: number;
      /** Infected, or not the bytes that were scanned */
      readonly withdrawn: number;
      /** Without a verdict this time: nothing changed, the audit log says why */
      readonly inconclusive: number;
      /** Deleted, withdrawn or scanned meanwhile; known when it is done */
      readonly skipped: number;
    };
  };
  /** List runs, newest first */
  'GET /v1/rescans': {
    readonly query: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly runId: string;
        readonly state: 'running' | 'done' | 'stopped';
        /** `too_many_withdrawn`: more than a run may withdraw; the signatures should be looked at first */
        readonly stopReason: ('asked' | 'too_many_withdrawn') | null;
        readonly reason: string | null;
        readonly startedBy: string;
        readonly startedAt: string;
        readonly endedAt: string | null;
        /** Versions with a later verdict are not in the run */
        readonly scannedBefore: string;
        /** Versions there were to scan when it began, or came to be since */
        readonly total: number;
        readonly clean: number;
        /** Infected, or not the bytes that were scanned */
        readonly withdrawn: number;
        /** Without a verdict this time: nothing changed, the audit log says why */
        readonly inconclusive: number;
        /** Deleted, withdrawn or scanned meanwhile; known when it is done */
        readonly skipped: number;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Read how far a run has come */
  'GET /v1/rescans/{runId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly runId: string;
      readonly state: 'running' | 'done' | 'stopped';
      /** `too_many_withdrawn`: more than a run may withdraw; the signatures should be looked at first */
      readonly stopReason: ('asked' | 'too_many_withdrawn') | null;
      readonly reason: string | null;
      readonly startedBy: string;
      readonly startedAt: string;
      readonly endedAt: string | null;
      /** Versions with a later verdict are not in the run */
      readonly scannedBefore: string;
      /** Versions there were to scan when it began, or came to be since */
      readonly total: number;
      readonly clean: number;
      /** Infected, or not the bytes that were scanned */
      readonly withdrawn: number;
      /** Without a verdict this time: nothing changed, the audit log says why */
      readonly inconclusive: number;
      /** Deleted, withdrawn or scanned meanwhile; known when it is done */
      readonly skipped: number;
    };
  };
  /** Stop a run */
  'POST /v1/rescans/{runId}/stop': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly runId: string;
      readonly state: 'running' | 'done' | 'stopped';
      /** `too_many_withdrawn`: more than a run may withdraw; the signatures should be looked at first */
      readonly stopReason: ('asked' | 'too_many_withdrawn') | null;
      readonly reason: string | null;
      readonly startedBy: string;
      readonly startedAt: string;
      readonly endedAt: string | null;
      /** Versions with a later verdict are not in the run */
      readonly scannedBefore: string;
      /** Versions there were to scan when it began, or came to be since */
      readonly total: number;
      readonly clean: number;
      /** Infected, or not the bytes that were scanned */
      readonly withdrawn: number;
      /** Without a verdict this time: nothing changed, the audit log says why */
      readonly inconclusive: number;
      /** Deleted, withdrawn or scanned meanwhile; known when it is done */
      readonly skipped: number;
    };
  };
  /** Ask for the URL of a thumbnail */
  'GET /v1/files/{fileId}/thumbnail-url': {
    readonly query: {
      /** Longest side in pixels */
      readonly size?: 128 | 512 | undefined;
      /** Image format */
      readonly format?: 'webp' | 'jpeg' | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly url: string;
      readonly expiresAt: string;
    };
  };
  /** The types this service knows */
  'GET /v1/file-types': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        /** Stable name of the type */
        readonly id: string;
        /** What it is stored and, where that is safe, served as */
        readonly mimeType: string;
        /** Without the dot; the first is added on download when none fits */
        readonly extensions: readonly string[];
        readonly category: 'image' | 'document' | 'text' | 'video' | 'audio' | 'archive' | 'binary';
        /** Bytes; the smaller of the limits of the type and of this deployment */
        readonly maxSize: number;
        /** inline: a browser may show it */
        readonly disposition: 'inline' | 'attachment';
        /** Longest sides in pixels; empty: none are made */
        readonly thumbnails: readonly number[];
      }[];
    };
  };
  /** Follow all files */
  'GET /v1/events': {
    readonly query: {
      /** As the header `Last-Event-ID`, for clients that cannot set it; the header counts */
      readonly lastEventId?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: undefined;
    readonly event:
      | {
          readonly event: 'file.status';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly fileId: string;
            readonly versionId: string;
            readonly status: 'pending_scan' | 'available' | 'rejected';
            readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
            readonly rejectReason:
              | (
                  | 'infected'
                  | 'mime_mismatch'
                  | 'size_mismatch'
                  | 'checksum_mismatch'
                  | 'expired'
                  | 'unscannable'
                  | 'failed'
                  | 'deleted'
                )
              | null;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'file.progress';
          readonly data: {
            readonly fileId: string;
            readonly versionId: string;
            readonly scannedBytes: number;
            readonly totalBytes: number;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'file.changed';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly fileId: string;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'file.deleted';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly fileId: string;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'file.restored';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly fileId: string;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'reset';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly reason: 'unknown' | 'expired';
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'end';
          readonly data: {
            readonly reason: 'final' | 'deleted' | 'not_found' | 'token_expired' | 'shutdown';
            /** When it happened */
            readonly at: string;
          };
        };
  };
  /** Follow one file */
  'GET /v1/files/{fileId}/events': {
    readonly query: {
      /** As the header `Last-Event-ID`, for clients that cannot set it; the header counts */
      readonly lastEventId?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: undefined;
    readonly event:
      | {
          readonly event: 'file.status';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly fileId: string;
            readonly versionId: string;
            readonly status: 'pending_scan' | 'available' | 'rejected';
            readonly stage: 'awaiting_upload' | 'uploaded' | 'scanning' | 'held' | 'clean' | 'available' | 'rejected';
            readonly rejectReason:
              | (
                  | 'infected'
                  | 'mime_mismatch'
                  | 'size_mismatch'
                  | 'checksum_mismatch'
                  | 'expired'
                  | 'unscannable'
                  | 'failed'
                  | 'deleted'
                )
              | null;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'file.progress';
          readonly data: {
            readonly fileId: string;
            readonly versionId: string;
            readonly scannedBytes: number;
            readonly totalBytes: number;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'file.changed';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly fileId: string;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'file.deleted';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly fileId: string;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'file.restored';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly fileId: string;
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'reset';
          /** Opaque; give it back as `Last-Event-ID` */
          readonly id: string;
          readonly data: {
            readonly reason: 'unknown' | 'expired';
            /** When it happened */
            readonly at: string;
          };
        }
      | {
          readonly event: 'end';
          readonly data: {
            readonly reason: 'final' | 'deleted' | 'not_found' | 'token_expired' | 'shutdown';
            /** When it happened */
            readonly at: string;
          };
        };
  };
  /** Register a webhook */
  'POST /v1/webhooks': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** https, no user or password, public addresses only; a fragment is dropped */
      readonly url: string;
      /** What it is told about */
      readonly events: readonly ('file.available' | 'notify.notification.sent')[];
      readonly description?: string | null | undefined;
      readonly enabled?: boolean | undefined;
    };
    readonly answer: {
      readonly id: string;
      readonly url: string;
      readonly events: readonly string[];
      readonly description: string | null;
      readonly enabled: boolean;
      /** Why the service disabled it: it answered 410, or failed for days */
      readonly disabledReason: ('gone' | 'failing') | null;
      readonly disabledAt: string | null;
      /** Until then two signatures are sent */
      readonly previousSecretExpiresAt: string | null;
      readonly createdAt: string;
      readonly updatedAt: string;
      /** Shown here and never again; `whsec_` and base64, for Standard Webhooks */
      readonly secret: string;
    };
  };
  /** List webhooks in the order they were made */
  'GET /v1/webhooks': {
    readonly query: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly id: string;
        readonly url: string;
        readonly events: readonly string[];
        readonly description: string | null;
        readonly enabled: boolean;
        /** Why the service disabled it: it answered 410, or failed for days */
        readonly disabledReason: ('gone' | 'failing') | null;
        readonly disabledAt: string | null;
        /** Until then two signatures are sent */
        readonly previousSecretExpiresAt: string | null;
        readonly createdAt: string;
        readonly updatedAt: string;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Read a webhook */
  'GET /v1/webhooks/{webhookId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly id: string;
      readonly url: string;
      readonly events: readonly string[];
      readonly description: string | null;
      readonly enabled: boolean;
      /** Why the service disabled it: it answered 410, or failed for days */
      readonly disabledReason: ('gone' | 'failing') | null;
      readonly disabledAt: string | null;
      /** Until then two signatures are sent */
      readonly previousSecretExpiresAt: string | null;
      readonly createdAt: string;
      readonly updatedAt: string;
    };
  };
  /** Change, disable or enable a webhook */
  'PATCH /v1/webhooks/{webhookId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** https, no user or password, public addresses only; a fragment is dropped */
      readonly url?: string | undefined;
      /** What it is told about */
      readonly events?: readonly ('file.available' | 'notify.notification.sent')[] | undefined;
      readonly description?: string | null | undefined;
      /** true: what waited is sent, and what disabled it is forgotten */
      readonly enabled?: boolean | undefined;
    };
    readonly answer: {
      readonly id: string;
      readonly url: string;
      readonly events: readonly string[];
      readonly description: string | null;
      readonly enabled: boolean;
      /** Why the service disabled it: it answered 410, or failed for days */
      readonly disabledReason: ('gone' | 'failing') | null;
      readonly disabledAt: string | null;
      /** Until then two signatures are sent */
      readonly previousSecretExpiresAt: string | null;
      readonly createdAt: string;
      readonly updatedAt: string;
    };
  };
  /** Delete a webhook with its log */
  'DELETE /v1/webhooks/{webhookId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Give a webhook a new secret */
  'POST /v1/webhooks/{webhookId}/rotate-secret': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: {
      /** How long the secret so far goes on signing; 0 when it is known to others. A day unless configured */
      readonly graceSec?: number | undefined;
    };
    readonly answer: {
      readonly id: string;
      readonly url: string;
      readonly events: readonly string[];
      readonly description: string | null;
      readonly enabled: boolean;
      /** Why the service disabled it: it answered 410, or failed for days */
      readonly disabledReason: ('gone' | 'failing') | null;
      readonly disabledAt: string | null;
      /** Until then two signatures are sent */
      readonly previousSecretExpiresAt: string | null;
      readonly createdAt: string;
      readonly updatedAt: string;
      /** Shown here and never again; `whsec_` and base64, for Standard Webhooks */
      readonly secret: string;
    };
  };
  /** Send a `webhook.test` event */
  'POST /v1/webhooks/{webhookId}/test': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly id: string;
      /** Sent as `webhook-id`, the same at every attempt */
      readonly eventId: string;
      readonly eventType: string;
      readonly status: 'pending' | 'delivered' | 'failed';
      /** Ended ones, since it was made or redelivered */
      readonly attempts: number;
      readonly nextAttemptAt: string | null;
      /** What the receiver answered last, if it did */
      readonly responseStatus: number | null;
      /** Why the last attempt failed */
      readonly error: string | null;
      readonly createdAt: string;
      readonly endedAt: string | null;
    };
  };
  /** List deliveries, newest first */
  'GET /v1/webhooks/{webhookId}/deliveries': {
    readonly query: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly status?: 'pending' | 'delivered' | 'failed' | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        readonly id: string;
        /** Sent as `webhook-id`, the same at every attempt */
        readonly eventId: string;
        readonly eventType: string;
        readonly status: 'pending' | 'delivered' | 'failed';
        /** Ended ones, since it was made or redelivered */
        readonly attempts: number;
        readonly nextAttemptAt: string | null;
        /** What the receiver answered last, if it did */
        readonly responseStatus: number | null;
        /** Why the last attempt failed */
        readonly error: string | null;
        readonly createdAt: string;
        readonly endedAt: string | null;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
  /** Read a delivery with its attempts */
  'GET /v1/webhooks/{webhookId}/deliveries/{deliveryId}': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly id: string;
      /** Sent as `webhook-id`, the same at every attempt */
      readonly eventId: string;
      readonly eventType: string;
      readonly status: 'pending' | 'delivered' | 'failed';
      /** Ended ones, since it was made or redelivered */
      readonly attempts: number;
      readonly nextAttemptAt: string | null;
      /** What the receiver answered last, if it did */
      readonly responseStatus: number | null;
      /** Why the last attempt failed */
      readonly error: string | null;
      readonly createdAt: string;
      readonly endedAt: string | null;
      /** The CloudEvent that is sent */
      readonly event: Readonly<Record<string, unknown>>;
      /** The last 20, oldest first */
      readonly attemptLog: readonly {
        readonly at: string;
        readonly durationMs: number;
        readonly responseStatus: number | null;
        readonly error: string | null;
      }[];
    };
  };
  /** Send an event once more */
  'POST /v1/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver': {
    readonly query: Readonly<Record<string, never>>;
    readonly body: undefined;
    readonly answer: {
      readonly id: string;
      /** Sent as `webhook-id`, the same at every attempt */
      readonly eventId: string;
      readonly eventType: string;
      readonly status: 'pending' | 'delivered' | 'failed';
      /** Ended ones, since it was made or redelivered */
      readonly attempts: number;
      readonly nextAttemptAt: string | null;
      /** What the receiver answered last, if it did */
      readonly responseStatus: number | null;
      /** Why the last attempt failed */
      readonly error: string | null;
      readonly createdAt: string;
      readonly endedAt: string | null;
    };
  };
  /** Read or export the audit log */
  'GET /v1/audit': {
    readonly query: {
      /** `ndjson`: the whole range as a stream, whatever `limit` is; `Accept: application/x-ndjson` too */
      readonly format?: 'json' | 'ndjson' | undefined;
      /** Most items of a page */
      readonly limit?: number | undefined;
      /** `nextCursor` of the page before, under the same order */
      readonly cursor?: string | undefined;
      /** By time; `desc`: newest first */
      readonly order?: 'asc' | 'desc' | undefined;
      /** A deleted or purged file keeps its entries */
      readonly fileId?: string | undefined;
      readonly versionId?: string | undefined;
      readonly actor?: string | undefined;
      /** An action, or all of a group */
      readonly action?: string | undefined;
      /** Inclusive */
      readonly from?: string | undefined;
      /** Exclusive */
      readonly to?: string | undefined;
      /** The `X-Request-Id` of the request that caused it */
      readonly requestId?: string | undefined;
    };
    readonly body: undefined;
    readonly answer: {
      readonly items: readonly {
        /** The same whenever the entry is read; opaque */
        readonly id: string;
        readonly at: string;
        /** `user:{UUID}` or `system:{name}` */
        readonly actor: string;
        readonly action: string;
        readonly fileId: string | null;
        readonly versionId: string | null;
        readonly requestId: string | null;
        /** Depends on the action; never a URL or a token */
        readonly detail: Readonly<Record<string, unknown>>;
      }[];
      readonly nextCursor: string | null;
      readonly hasMore: boolean;
    };
  };
}
