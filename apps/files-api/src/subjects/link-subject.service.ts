import { SubjectLinksRepository, type StepContext } from '@custody/data';
import { CustodyError, type FileId, type Subject } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class LinkSubject {
  constructor(private readonly links: SubjectLinksRepository) {}

  /** May be repeated. Throws `FILE_NOT_FOUND`. */
  async execute(context: StepContext, fileId: FileId, subject: Subject): Promise<void> {
    if (!(await this.links.link(context, fileId, subject))) throw new CustodyError('FILE_NOT_FOUND');
  }
}
