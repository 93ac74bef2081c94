import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import { asId, CustodyError, isUuid, type FileId, type VersionId } from '@custody/domain';
import { Controller, Get, Head, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG } from '../configuration.module.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { OpenContent, type Content } from './open-content.service.js';

const CORP = 'cross-origin-resource-policy';

/** The bytes of an available file, streamed through (M27). */
@Controller('v1/files/:fileId/content')
@RequireScopes('files:read')
export class ContentController {
  constructor(
    private readonly openContent: OpenContent,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Get()
  async get(
    @CurrentCaller() caller: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const content = await this.find(caller, fileId, request, reply);
    const abandoned = new AbortController();
    // The client may leave before the store has answered; once bytes flow, Fastify destroys the body itself.
    reply.raw.once('close', () => abandoned.abort());
    const body = content.selected.kind === 'not-modified' ? undefined : await content.open(abandoned.signal);
    describe(content, reply).header(CORP, this.reachOf(request)).send(body);
  }

  @Head()
  async head(
    @CurrentCaller() caller: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const content = await this.find(caller, fileId, request, reply);
    describe(content, reply).header(CORP, this.reachOf(request)).send();
  }

  /** A page of a configured origin may show the bytes, in a `<video>` without `crossorigin` too; others of another site may not (M38). */
  private reachOf({ headers: { origin } }: FastifyRequest): string {
    return origin !== undefined && this.config.http.corsOrigins.includes(origin) ? 'cross-origin' : 'same-site';
  }

  private async find(
    { context }: Caller,
    fileId: FileId,
    { headers, method, query }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Content> {
    const content = await this.openContent.execute(context, fileId, versionOf(query), {
      ifNoneMatch: headers['if-none-match'],
      ifRange: single(headers['if-range']),
      // A Range is defined for GET only (RFC 9110, 14.2).
      range: method === 'GET' ? headers.range : undefined,
    });
    if (content.selected.kind !== 'unsatisfiable') return content;
    // The size of the whole goes with the refusal (RFC 9110, 15.5.17).
    reply.header('content-range', `bytes */${content.size}`);
    throw new CustodyError('RANGE_NOT_SATISFIABLE', `The file has ${content.size} bytes.`);
  }
}

/** A `versionId` that is no UUID names no version: the same 404 as any other absent one. */
function versionOf(query: unknown): VersionId | null {
  const { versionId } = query as { versionId?: unknown };
  if (versionId === undefined) return null;
  const id = typeof versionId === 'string' ? versionId.toLowerCase() : '';
  if (!isUuid(id)) throw new CustodyError('FILE_NOT_FOUND');
  return asId<VersionId>(id);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function describe({ selected, size, entityTag, servedAs }: Content, reply: FastifyReply): FastifyReply {
  reply.headers({
    'accept-ranges': 'bytes',
    etag: entityTag,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox',
  });
  if (selected.kind === 'not-modified') return reply.code(304);
  reply.headers({ 'content-type': servedAs.contentType, 'content-disposition': servedAs.contentDisposition });
  if (selected.kind !== 'part') return reply.code(200).header('content-length', size);
  const { start, end } = selected;
  return reply
    .code(206)
    .headers({ 'content-length': end - start + 1, 'content-range': `bytes ${start}-${end}/${size}` });
}
