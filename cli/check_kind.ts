/**
 * Whether a saved model takes digits: models of tables and of folders of pictures take data of their own.
 *
 * @module
 */

import { DataError } from "../data/errors.ts";
import type { SavedAt } from "./files/saved_model.ts";

const cures = {
  table: {
    "evaluate": "it was trained on tables; pass a CSV file with the same columns: --data FILE.csv",
    "predict with": "it was trained on tables; pass a CSV file (.csv or .tsv) with the same columns",
  },
  images: {
    "evaluate":
      "it was trained on a folder of pictures; read such a folder in a program, with readImageFolder and the " +
      "option classes, and pass it to model.evaluate",
    "predict with": "it was trained on a folder of pictures; pass files of pictures instead of --examples",
  },
} as const;

/**
 * Throws if a model was trained on tables or on a folder of pictures, and therefore takes no digits. Otherwise digits
 * would be downloaded for it.
 *
 * @throws {DataError} with what to pass instead.
 */
export function checkTakesDigits(action: "evaluate" | "predict with", { file, configuration }: SavedAt): void {
  const kind = configuration.preprocessing?.kind;
  if (kind !== "table" && kind !== "images") return;
  throw new DataError(`Cannot ${action} ${file}: ${cures[kind][action]}`);
}
