/**
 * Options of functions that read pictures.
 *
 * @module
 */

import { signalKind } from "../../core/options/kinds.ts";
import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { callable } from "../../core/options/values.ts";
import { DEFAULT_LIMIT } from "../formats/limits.ts";
import { MOST_PIXELS } from "./image_limits.ts";

/** How far the reading of pictures is. */
export interface ImageProgress {
  /** How many pictures were read. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
}

/** How much may be read, and what happens meanwhile. */
export interface ReadImagesOptions {
  /** The most pixels of a picture; larger ones are refused before they are decoded; default: 50_000_000. */
  readonly limitPixels?: number;
  /** The most bytes that all decoded pictures may take in memory; default: 1_073_741_824 (1 GiB). */
  readonly limitBytes?: number;
  /** Ends the reading, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each picture. */
  readonly onProgress?: (progress: ImageProgress) => void;
}

/** {@linkcode ReadImagesOptions}, declared. */
export const readImagesOptions = {
  limitPixels: count({ default: MOST_PIXELS, help: "most pixels of a picture" }),
  limitBytes: count({ default: DEFAULT_LIMIT, help: "most bytes that all decoded pictures may take in memory" }),
  signal: { ...signalKind, help: "ends the reading" },
  onProgress: callable<(progress: ImageProgress) => void>({ help: "called after each picture" }),
} satisfies Declaration<ReadImagesOptions>;
