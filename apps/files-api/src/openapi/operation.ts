import { ERRORS, type ErrorCode, type Scope } from '@custody/domain';
import { z } from 'zod';
import { pageRequestSchema } from '../requests/page.js';

type Json = Record<string, unknown>;

/** The chapters of the document, in their order. */
export const TAGS = [
  'uploads',
  'uppy',
  'files',
  'folders',
  'versions',
  'rescans',
  'thumbnails',
  'access',
  'subjects',
  'file-types',
  'events',
  'webhooks',
  'audit',
  'graphql',
  'internal',
  'health',
] as const;

/** One door as the document describes it; keys of `doors` are `METHOD /path/{parameter}`. */
export interface Door {
  readonly summary: string;
  readonly description?: string;
  readonly tag: (typeof TAGS)[number];
  /** Absent: no token is needed; `any`: whatever its scopes are. */
  readonly scope?: Scope | 'any';
  readonly parameters?: readonly Json[];
  /** The door takes an `Idempotency-Key` (ADR 0019). */
  readonly creates?: true;
  readonly requestBody?: Json;
  readonly responses: Json;
  /** Refusals of this door; those every door has are added. */
  readonly refusals: readonly ErrorCode[];
}

export type Doors = Readonly<Record<string, Door>>;

/** The JSON Schema (2020-12, as OpenAPI 3.1 wants it) of the very schema that validates. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) as Json;
  return rest;
}

export function requestOf(schema: z.ZodType, type = 'application/json', required = true): Json {
  return { required, content: { [type]: { schema: jsonSchema(schema, 'input') } } };
}

export function answerOf(schema: z.ZodType, description: string, names: Readonly<Record<string, string>> = {}): Json {
  return {
    description,
    headers: headersOf(names),
    content: { 'application/json': { schema: jsonSchema(schema, 'output') } },
  };
}

/** Each member of the schema that validates the query, as a parameter. */
export function queryOf(schema: z.ZodObject): Json[] {
  const { properties, required = [] } = jsonSchema(schema, 'input') as {
    properties: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

/** Of a conditional change; see `strongTags`. */
export const ifMatch: Json = header(
  'If-Match',
  'Change it only while its ETag is one of these; `*` or nothing: in any case',
);
export const etag = { ETag: 'Changes with whatever is shown here' };

export function header(name: string, description: string): Json {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

export function queryParameter(name: string, description: string, schema: Json): Json {
  return { name, in: 'query', required: false, description, schema };
}

export function headersOf(names: Readonly<Record<string, string>>): Json {
  const described = Object.entries(names).map(([name, description]) => [name, text(description)] as const);
  return { ...REQUEST_ID, ...(Object.fromEntries(described) as Json) };
}

export function pathParameter(name: string, description: string, format?: string): Json {
  return { name, in: 'path', required: true, description, schema: { type: 'string', ...(format && { format }) } };
}

export const fileIdParameter = pathParameter('fileId', 'What is no UUID answers as an absent file', 'uuid');

export const pageParameters = queryOf(pageRequestSchema);

const text = (description: string): Json => ({ description, schema: { type: 'string' } });
const REQUEST_ID: Json = { 'X-Request-Id': text("The request's id, the caller's own when it is sane") };
const REPLAYED = { 'Idempotent-Replayed': text('`true` when the first request under the Idempotency-Key made it') };
const IDEMPOTENCY_KEY = header(
  'Idempotency-Key',
  '1 to 255 visible characters, in quotes or without: repeating the request with the same key and body has no further effect',
);
const OF_CREATING_DOORS = ['validation-error', 'IDEMPOTENCY_KEY_IN_FLIGHT', 'IDEMPOTENCY_KEY_REUSED'] as const;
/** As `components.headers` of the document. */
export const RATE_LIMIT_HEADERS: Json = {
  RateLimit: text('What is left of each budget: `"tenant";r=99;t=30, "user";r=9;t=30` (requests, seconds)'),
  'RateLimit-Policy': text('The budgets: `"tenant";q=100;w=60, "user";q=10;w=60` (requests in a window of seconds)'),
};
const LIMITED = Object.fromEntries(
  Object.keys(RATE_LIMIT_HEADERS).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);
const OF_EVERY_DOOR = ['INTERNAL_ERROR', 'SERVICE_UNAVAILABLE'] as const;
const OF_GUARDED_DOORS = ['UNAUTHENTICATED', 'INSUFFICIENT_SCOPE', 'TOO_MANY_REQUESTS', 'AUTH_UNAVAILABLE'] as const;

/** A path item's operation (OpenAPI 3.1, 4.8.10). */
export function operation({ refusals, responses, scope, tag, creates, ...door }: Door): Json {
  const ofGuarded = scope === undefined ? [] : OF_GUARDED_DOORS;
  const codes = [...refusals, ...(creates ? OF_CREATING_DOORS : []), ...ofGuarded, ...OF_EVERY_DOOR];
  return {
    ...door,
    ...(creates && { parameters: [...(door.parameters ?? []), IDEMPOTENCY_KEY] }),
    tags: [tag],
    security: scope === undefined ? [] : [{ bearer: scope === 'any' ? [] : [scope] }],
    // A door's own answer under a status stands: readiness says 503 in its own words.
    responses: {
      ...problems(codes),
      ...withHeaders(responses, { ...(creates && REPLAYED), ...(scope === undefined ? {} : LIMITED) }),
    },
  };
}

const withHeaders = (responses: Json, headers: Json): Json =>
  Object.fromEntries(
    Object.entries(responses as Record<string, { headers?: Json }>).map(([status, response]) => [
      status,
      { ...response, headers: { ...response.headers, ...headers } },
    ]),
  );

function problems(codes: readonly ErrorCode[]): Json {
  const byStatus = Map.groupBy(new Set(codes), (code) => ERRORS[code].status);
  return Object.fromEntries([...byStatus].map(([status, list]) => [status, problemOf(status, list)]));
}

function problemOf(status: number, codes: readonly ErrorCode[]): Json {
  const extra: Record<string, string> = {
    ...(status === 503 || status === 429 ? { 'Retry-After': 'Seconds until another try makes sense' } : {}),
    ...(status === 401 || status === 403 ? { 'WWW-Authenticate': 'RFC 6750' } : {}),
    ...(status === 416 ? { 'Content-Range': '`bytes */size`' } : {}),
  };
  return {
    description: codes.map((code) => `\`${code}\` ${ERRORS[code].title}`).join('\n\n'),
    headers: { ...headersOf(extra), ...(status === 429 ? LIMITED : {}) },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
