/**
 * Provides the readers of all preprocessings.
 *
 * @module
 */

import { imagePreprocessingOf } from "../images/image_preprocessing.ts";
import { readPreprocessing } from "./configuration.ts";
import { provideReader } from "./readers.ts";

/** Provides the readers of all preprocessings, for files that may contain any of them. */
export function provideReaders(): void {
  provideReader("table", readPreprocessing);
  provideReader("images", imagePreprocessingOf);
}
