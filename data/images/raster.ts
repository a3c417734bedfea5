/**
 * Decoded pictures in memory.
 *
 * @module
 */

/** A picture: rows of pixels, each with some values one after the other. */
export interface Raster<V extends Uint8Array | Float32Array = Uint8Array> {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Values of a pixel: 1 (gray), 2 (gray and opacity), 3 (red, green, blue) or 4 (the same and opacity). */
  readonly channels: number;
  /** `[row, column, channel]` */
  readonly values: V;
}
