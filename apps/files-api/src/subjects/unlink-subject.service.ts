import { SubjectLinksRepository, type StepContext } from '@custody/data';
import { CustodyError, type FileId, type Subject } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class UnlinkSubject {
  constructor(private readonly links: SubjectLinksRepository) {}

  /** Throws `FILE_NOT_FOUND`, `SUBJECT_NOT_LINKED`. */
  async execute(context: StepContext, fileId: FileId, subject: Subject): Promise<void> {
    const outcome = await this.links.unlink(context, fileId, subject);
    if (outcome === 'absent') throw new CustodyError('FILE_NOT_FOUND');
    if (outcome === 'unlinked') throw new CustodyError('SUBJECT_NOT_LINKED');
  }
}
