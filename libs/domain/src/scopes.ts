/** OAuth scopes (M33). `files:read`: metadata and streaming; `files:export`: download URLs; `files:admin` implies none of the others. */
export const SCOPES = ['files:read', 'files:export', 'files:write', 'files:admin'] as const;
export type Scope = (typeof SCOPES)[number];
