import type { FilesApiConfig } from '@custody/config';
import type { StepContext } from '@custody/data';
import { planOf, planParts, type PartPlan, type VersionRef } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { BeginParts } from './begin-parts.service.js';

/** Begins an upload in parts by a plan of ours (M6). */
@Injectable()
export class OpenMultipart {
  constructor(
    private readonly begin: BeginParts,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws what `BeginParts` throws. */
  async execute(
    context: StepContext,
    ref: VersionRef,
    { mimeType, size }: { readonly mimeType: string; readonly size: number },
  ): Promise<Omit<PartPlan, 'size'>> {
    const { partSize } = planParts(size, this.config.uploads.partSizeBytes);
    const opened = await this.begin.execute(context, ref, { mimeType, partSize });
    const { size: _declared, ...plan } = planOf(size, opened.partSize ?? partSize);
    return plan;
  }
}
