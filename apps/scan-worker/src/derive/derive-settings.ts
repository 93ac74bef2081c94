/** What a deployment decides about derived data. An abstract class, so that it is the injection token too. */
export abstract class DeriveSettings {
  /** Wall time of one rendering in seconds. */
  abstract readonly timeoutSec: number;
  /** Memory of one rendering in MiB. */
  abstract readonly memoryMb: number;
  /** Nothing is derived from more bytes. */
  abstract readonly maxBytes: number;
  /** Images of more pixels are refused before they are decoded. */
  abstract readonly maxPixels: number;
}
