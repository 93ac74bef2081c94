import type { FilesApiConfig } from '@custody/config';
import { FILE_TYPES } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { FileTypeList } from './file-types.schema.js';

/** The catalogue that drives the allowlist, the limits and how bytes are served (M32), as this deployment applies it. */
@Injectable()
export class ListFileTypes {
  constructor(@Inject(CONFIG) private readonly config: FilesApiConfig) {}

  execute(): FileTypeList {
    const { maxSizeBytes } = this.config.uploads;
    const items = FILE_TYPES.map(({ id, mimeType, extensions, category, maxSize, disposition, thumbnails }) => ({
      ...{ id, mimeType, category, disposition },
      extensions: [...extensions],
      maxSize: Math.min(maxSize, maxSizeBytes),
      thumbnails: [...thumbnails],
    }));
    return { items };
  }
}
