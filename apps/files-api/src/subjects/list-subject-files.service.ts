import type { FilesApiConfig } from '@custody/config';
import { SubjectLinksRepository, type StepContext } from '@custody/data';
import type { Subject } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG } from '../configuration.module.js';
import { fileView } from '../files/file-view.js';
import { cursorAfter as cursorAt, pageOf, positionIn, type Page, type PageRequest } from '../requests/page.js';
import type { SubjectFileView } from './subjects.schema.js';

const positionSchema = z.tuple([z.iso.datetime(), z.guid()]);

@Injectable()
export class ListSubjectFiles {
  constructor(
    private readonly links: SubjectLinksRepository,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** The last linked first; an unknown subject has no files. Throws `validation-error` for a foreign cursor. */
  async execute(
    context: StepContext,
    subject: Subject,
    { limit, cursor }: PageRequest,
  ): Promise<Page<SubjectFileView>> {
    const position = positionIn(positionSchema, cursor);
    const after = position && { linkedAt: new Date(position[0]), fileId: position[1] };
    const rows = await this.links.filesOf(context, subject, after, limit + 1);
    return pageOf(
      rows,
      limit,
      ({ linkedAt, fileId }) => [linkedAt.toISOString(), fileId],
      (row) => ({ ...fileView(row, this.config.http.publicUrl), linkedAt: row.linkedAt.toISOString() }),
    );
  }
}

/** The cursor of the page after this file. */
export function cursorAfter({ linkedAt, fileId }: SubjectFileView): string {
  return cursorAt([linkedAt, fileId]);
}
