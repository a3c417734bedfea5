/**
 * Predictions as tables, in the units of the targets.
 *
 * @module
 */

import { showShape } from "../../core/shape.ts";
import type { AnySamples } from "../samples.ts";
import { Column } from "../table/column.ts";
import { Table } from "../table/table.ts";
import type { FittedColumn } from "./fitted_column.ts";
import { steps } from "./registry.ts";

/** The numbers of a target in its own units, from those that a network learns. */
export function revertTarget({ steps: fitted }: FittedColumn, numbers: Float64Array): Float64Array {
  return fitted.toReversed().reduce(
    (values, [name, found]) => steps[name].revert?.(values, found, 0) ?? values,
    numbers,
  );
}

/**
 * The table of predictions: targets in their own units, `[row, target]`, or the predicted classes, `[row]`.
 *
 * @throws {TypeError} if the outputs do not have the shape of the targets.
 */
export function predictionTable({ values, shape }: AnySamples, targets: readonly FittedColumn[]): Table {
  const [rows, width = 1] = shape;
  if (shape.length > 2 || width !== targets.length) {
    throw new TypeError(
      `Cannot make a table of predictions: expected outputs of [row, ${targets.length}], one for each target, got ${
        showShape(shape)
      }`,
    );
  }
  const columns = targets.map((target, i) => {
    const numbers = Float64Array.from({ length: rows }, (_, row) => values[row * width + i]);
    const last = target.steps.at(-1);
    if (last?.[0] === "classes") return classColumn(target, numbers, last[1].categories as readonly string[]);
    return new Column({ name: target.column, type: "number", numbers: revertTarget(target, numbers), texts: [] });
  });
  return new Table(columns, rows);
}

/** A column of classes, of the type of the target; a class of NaN, which is negative, is missing. */
function classColumn(
  { column: name, type }: FittedColumn,
  classes: Float64Array,
  categories: readonly string[],
): Column {
  const content = { name, type, texts: type === "text" ? categories : [] };
  const values = categories.map((text, i) =>
    type === "text" ? i : type === "boolean" ? Number(text === "true") : Number(text)
  );
  return new Column({ ...content, numbers: classes.map((one) => one >= 0 ? values[one] : NaN) });
}
