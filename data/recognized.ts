/**
 * Recognizes tables and preprocessings without their code, so that models work with them, but programs that use none do
 * not load it.
 *
 * @module
 */

import type { ImagePreprocessing } from "./images/image_preprocessing.ts";
import type { TablePreprocessing } from "./steps/table_preprocessing.ts";
import type { Table } from "./table/table.ts";

/** What can be recognized. */
type Recognized = "table" | "preprocessing of tables" | "preprocessing of images";

/** The objects of each kind. Their constructors register them. */
const objects: Readonly<Record<Recognized, WeakSet<object>>> = {
  "table": new WeakSet(),
  "preprocessing of tables": new WeakSet(),
  "preprocessing of images": new WeakSet(),
};

/** Makes an object known as one of a kind. Called by the constructors of the classes of these kinds. */
export function register(kind: Recognized, made: object): void {
  objects[kind].add(made);
}

function isOf(kind: Recognized, value: unknown): boolean {
  return typeof value === "object" && value !== null && objects[kind].has(value);
}

/** Whether a value is a table. */
export function isTable(value: unknown): value is Table {
  return isOf("table", value);
}

/** Whether a value is a preprocessing of tables. */
export function isOfTables(value: unknown): value is TablePreprocessing {
  return isOf("preprocessing of tables", value);
}

/** Whether a value is a preprocessing of images. */
export function isOfImages(value: unknown): value is ImagePreprocessing {
  return isOf("preprocessing of images", value);
}
