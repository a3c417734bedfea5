/**
 * The readers of preprocessings from plain data, by their kinds. Programs that use no tables and no pictures do not
 * contain theirs.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { showValue } from "../../core/options/show.ts";
import type { ImagePreprocessing } from "../images/image_preprocessing.ts";
import type { TablePreprocessing } from "./table_preprocessing.ts";

/** The kinds of preprocessings that have a reader of their own. */
type ReadKind = "table" | "images";

/** Reads a preprocessing from plain data, all of which it checks. */
export type PreprocessingReader = (given: Readonly<Record<string, unknown>>) => TablePreprocessing | ImagePreprocessing;

const KINDS: readonly string[] = ["table", "images", "normalize", "standardize", "inputs"];

/** The readers that this program contains. */
const readers = new Map<string, PreprocessingReader>();

/** Provides the reader of a kind. Providing it again changes nothing. */
export function provideReader(kind: ReadKind, reader: PreprocessingReader): void {
  readers.set(kind, reader);
}

/**
 * The reader of a kind.
 *
 * @throws {TypeError} if there is no such kind, or the program does not contain its reader.
 */
export function readerOf(kind: unknown): PreprocessingReader {
  const found = typeof kind === "string" ? readers.get(kind) : undefined;
  if (found) return found;
  if (typeof kind === "string" && KINDS.includes(kind)) {
    throw new TypeError(
      `Cannot read a preprocessing of kind ${
        showValue(kind)
      }: this bundle does not contain its reader; use loadModel or ` +
        "tableData somewhere in the program",
    );
  }
  const nearest = typeof kind === "string" ? suggestName(kind, KINDS) : `: expected one of ${KINDS.join(", ")}`;
  throw new TypeError(`Cannot read a preprocessing of kind ${showValue(kind)}${nearest}`);
}
