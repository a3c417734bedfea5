/**
 * Preprocessings from plain data, such as that of a file.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { readUntyped } from "../../core/options/read.ts";
import { showLine, showValue } from "../../core/options/show.ts";
import { text } from "../../core/options/values.ts";
import { DataError } from "../errors.ts";
import { Column, requiredColumnType } from "../table/column.ts";
import { isPlainRecord } from "../table/column_types.ts";
import { areFeatures, numbersOf, type Stage } from "./features.ts";
import { type FittedColumn, type FittedStep, isStep } from "./fitted_column.ts";
import { provideReader } from "./readers.ts";
import { steps } from "./registry.ts";
import { TablePreprocessing, type TablePreprocessingConfiguration } from "./table_preprocessing.ts";

const ACTION = "read a preprocessing";

/**
 * The preprocessing of a configuration: what {@linkcode TablePreprocessing.configuration} holds, or what was read from
 * JSON. All of it is checked.
 *
 * @throws {TypeError} if something in it is missing, or of another kind.
 * @throws {RangeError} if there is no such step, or a value is out of bounds.
 *
 * @example
 * ```ts
 * import { fitPreprocessing, parseTable, preprocessingFromConf } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const table = parseTable("age,kind\n30,a\n50,b\n");
 * const fitted = fitPreprocessing(table, { targets: "kind" });
 * const text = JSON.stringify(fitted.configuration);
 * assertEquals(preprocessingFromConf(JSON.parse(text)).apply(table), fitted.apply(table));
 * ```
 */
export function preprocessingFromConf(configuration: TablePreprocessingConfiguration): TablePreprocessing {
  refuseSurplus("preprocessingFromConf", arguments, 1);
  return readPreprocessing(configuration);
}

/** The preprocessing of anything that was read from a file, all of which is checked. */
export function readPreprocessing(given: unknown): TablePreprocessing {
  if (!isPlainRecord(given) || given.kind !== "table") {
    throw new TypeError(`Cannot ${ACTION}: expected one of kind "table", got ${showValue(given)}`);
  }
  const [inputs, targets] = (["inputs", "targets"] as const).map((part) => columnsOf(part, given[part]));
  const names = [...inputs, ...targets].map(({ column }) => column);
  if (new Set(names).size < names.length) {
    throw new TypeError(`Cannot ${ACTION}: expected each column once, got ${showLine(names.join(", "), 300)}`);
  }
  try {
    const [features] = [inputs, targets].map((columns) => columns.flatMap(namesOf));
    return new TablePreprocessing({ kind: "table", inputs, targets }, features);
  } catch (cause) {
    // What a file contains, not the data, is wrong.
    throw cause instanceof DataError ? new TypeError(cause.message, { cause }) : cause;
  }
}

const columnDeclaration = { column: text({ required: true }), type: requiredColumnType };

/** The names of the features of a column, which also shows whether its steps fit each other. */
function namesOf({ column: name, type, steps: fitted }: FittedColumn): readonly string[] {
  const action = `${ACTION} of column ${showValue(name)}`;
  let stage: Stage = new Column({ name, type, numbers: new Float64Array(0), texts: [] });
  for (const [step, found] of fitted) {
    const width: number = areFeatures(stage) ? stage.names.length : 1;
    const odd = Object.entries(found).find(([part, value]) =>
      lists.has(part) && (!Array.isArray(value) || value.length !== width)
    );
    if (odd) {
      throw new TypeError(
        `Cannot ${action}: expected ${width} numbers as ${odd[0]} of ${step}, got ${showValue(odd[1])}`,
      );
    }
    stage = steps[step].apply(stage, found);
  }
  return numbersOf("use", stage).names;
}

/** What is fitted to each feature. */
const lists: ReadonlySet<string> = new Set(["mean", "deviation", "least", "greatest", "values"]);

function columnsOf(part: string, given: unknown): FittedColumn[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new TypeError(`Cannot ${ACTION}: expected ${part} to be a list of columns, got ${showValue(given)}`);
  }
  return given.map((one: unknown, i) => {
    if (!isPlainRecord(one)) {
      throw new TypeError(`Cannot ${ACTION}: expected ${part}[${i}] to be a record, got ${showValue(one)}`);
    }
    const { steps: listed, ...others } = one;
    const { column, type } = readUntyped(`${ACTION}, ${part}[${i}]`, columnDeclaration, others);
    if (!Array.isArray(listed)) {
      throw new TypeError(`Cannot ${ACTION}: expected ${part}[${i}].steps to be a list, got ${showValue(listed)}`);
    }
    return { column, type, steps: listed.map((one, k) => stepOf(`${part}[${i}].steps[${k}]`, one)) };
  });
}

function stepOf(place: string, given: unknown): FittedStep {
  const [name, fitted, ...others] = Array.isArray(given) ? given : [];
  if (typeof name !== "string" || !isStep(name) || !isPlainRecord(fitted) || others.length > 0) {
    throw new TypeError(
      `Cannot ${ACTION}: expected ${place} to be a known step and what was fitted, got ${showValue(given)}`,
    );
  }
  return [
    name,
    { ...readUntyped(`${ACTION}, ${place}`, steps[name].fitted, fitted) } as Readonly<Record<string, unknown>>,
  ];
}

// For programs that load all modules. Bundles have this module only if they use it.
provideReader("table", readPreprocessing);
