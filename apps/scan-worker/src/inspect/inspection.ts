/** Bounds of one inspection, in bytes where not said otherwise. They must not exceed the engine's own. */
export interface InspectionLimits {
  /** Files at all levels together; the engine's `MaxFiles`. */
  maxMembers: number;
  /** Any one member, really inflated; the engine's `MaxFileSize`. */
  maxMemberBytes: number;
  /** All members of all levels, really inflated; the engine's `MaxScanSize`. */
  maxTotalBytes: number;
  /** Inflated bytes per byte of the file, looked at once more than `ratioFloorBytes` have come out. */
  maxRatio: number;
  ratioFloorBytes: number;
  /** Archives within archives: a plain zip is 1, a tar.gz 2, a docx in a zip in a tar.gz 4. */
  maxDepth: number;
  /** Directory for the one nameless file per level that a zip inside an archive is unpacked to. */
  scratchDirectory: string;
}

/** For an engine with `MaxFileSize 100M`, `MaxScanSize 400M`, `MaxFiles 10000`: clamd's own defaults. */
export const INSPECTION_DEFAULTS: Omit<InspectionLimits, 'scratchDirectory'> = {
  maxMembers: 10_000,
  maxMemberBytes: 100 * 2 ** 20,
  maxTotalBytes: 400 * 2 ** 20,
  maxRatio: 250,
  ratioFloorBytes: 16 * 2 ** 20,
  maxDepth: 6,
};

/**
 * For an archive that the engine cannot take whole, whose files are shown to the engine one by one: their size is bounded by the ratio. Less of
 * it than of a small one, because it multiplies hours; as many files as their directory fits into memory.
 */
export const LARGE_ARCHIVE_LIMITS = {
  maxMembers: 100_000,
  maxMemberBytes: Infinity,
  maxTotalBytes: Infinity,
  maxRatio: 100,
} satisfies Partial<InspectionLimits>;

export type InspectionReason =
  | 'archive_members'
  | 'archive_member_size'
  | 'archive_total_size'
  | 'archive_ratio'
  | 'archive_depth'
  | 'archive_encrypted'
  /** A packing method inside a zip that the engine skips without a word. */
  | 'archive_method'
  /** A packed format that we cannot open. */
  | 'archive_format'
  /** Damaged, or its parts contradict each other: other programs may see other files in it. */
  | 'archive_malformed';

export type InspectionResult =
  /** `members` and `bytes` (inflated) of all levels; 0 and 0 for what is no archive. */
  { kind: 'ok'; members: number; bytes: number } | { kind: 'unscannable'; reason: InspectionReason; detail: string };

/** Thrown inside the inspection and turned into its result. */
export class Unscannable extends Error {
  override readonly name = 'Unscannable';

  constructor(
    readonly reason: InspectionReason,
    readonly detail: string,
  ) {
    super(`${reason}: ${detail}`);
  }
}

/** What all levels of one inspection share: the limits, and how much of them is used up. */
export class Inspection {
  members = 0;
  bytes = 0;

  constructor(
    readonly limits: InspectionLimits,
    readonly signal: AbortSignal,
    /** Size of the outermost file. */
    private readonly fileBytes: number,
  ) {}

  /** @param depth of the archive about to be opened, 1 for the outermost. */
  enter(depth: number): void {
    if (depth > this.limits.maxDepth)
      throw new Unscannable('archive_depth', `more than ${this.limits.maxDepth} levels`);
  }

  /** Passes a member's real bytes through and holds them against every budget, whatever sizes were declared. */
  async *member(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const { maxMembers, maxMemberBytes, maxTotalBytes, maxRatio, ratioFloorBytes } = this.limits;
    this.members += 1;
    if (this.members > maxMembers) throw new Unscannable('archive_members', `more than ${maxMembers}`);
    let size = 0;
    for await (const chunk of content) {
      this.signal.throwIfAborted();
      size += chunk.length;
      this.bytes += chunk.length;
      if (size > maxMemberBytes) throw new Unscannable('archive_member_size', `more than ${maxMemberBytes} bytes`);
      if (this.bytes > maxTotalBytes) throw new Unscannable('archive_total_size', `more than ${maxTotalBytes} bytes`);
      if (this.bytes > ratioFloorBytes && this.bytes > maxRatio * this.fileBytes) {
        throw new Unscannable('archive_ratio', `more than ${maxRatio} to 1`);
      }
      yield chunk;
    }
  }
}
