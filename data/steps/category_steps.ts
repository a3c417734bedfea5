/**
 * Steps for categories: one-hot columns, and class numbers.
 *
 * @module
 */

import { custom } from "../../core/options/option.ts";
import { list, oneOf } from "../../core/options/values.ts";
import { showText, showValue } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import type { Column } from "../table/column.ts";
import { suggestColumn } from "../table/name_messages.ts";
import { areFeatures, type Features, type Stage, titleOf } from "./features.ts";
import { step } from "./step.ts";

/** More categories are more likely names of things than kinds of them. */
const MOST_CATEGORIES = 1000;

const texts = list(
  custom<string>({ expected: "a text", accepts: (value): value is string => typeof value === "string" }),
  { required: true, items: "texts" },
);

/** How values are treated that the training set does not have, and missing ones. */
const treatments = ["refuse", "ignore", "column"] as const;

/** The options of one-hot columns. */
export const oneHotOptions = {
  unknown: oneOf(treatments, {
    default: "refuse",
    help: "how categories are treated that the training set does not have",
  }),
  missing: oneOf(treatments, { default: "refuse", help: "how missing values are treated" }),
};

/** The text of each row; undefined if it is missing. */
function textsOf(action: string, stage: Stage): { readonly column: Column; at(row: number): string | undefined } {
  if (areFeatures(stage)) {
    throw new DataError(
      `Cannot ${action} ${titleOf(stage.column)}: expected a column of categories, got numbers of the steps before`,
    );
  }
  if (stage.type === "date") {
    throw new DataError(
      `Cannot ${action} ${titleOf(stage)}: expected categories, got dates; use "dateParts" for months or weekdays`,
    );
  }
  const { type, numbers, texts } = stage;
  const at = (row: number): string | undefined => {
    const number = numbers[row];
    if (Number.isNaN(number)) return undefined;
    return type === "text" ? texts[number] : String(type === "boolean" ? number === 1 : number);
  };
  return { column: stage, at };
}

/** The different values of the training set, in order: numbers by size, others by their letters. */
function categoriesOf(action: string, stage: Stage): string[] {
  const { column, at } = textsOf(action, stage);
  const found = new Set<string>();
  for (let row = 0; row < column.length; row++) {
    const text = at(row);
    if (text !== undefined) found.add(text);
    if (found.size <= MOST_CATEGORIES) continue;
    throw new DataError(
      `Cannot ${action} ${titleOf(column)}: expected at most ${MOST_CATEGORIES} categories, got more; drop the column`,
    );
  }
  const isNumber = column.type === "number";
  return [...found].sort((a, b) => isNumber ? Number(a) - Number(b) : a < b ? -1 : 1);
}

/** Categories that a message shows. */
const SHOWN = 10;

function unknownCategory(action: string, column: Column, { row, text, known }: Unknown): DataError {
  const shown = known.slice(0, SHOWN).map((one) => showText(one)).join(", ");
  const rest = known.length > SHOWN ? ` and ${known.length - SHOWN} others` : "";
  const near = suggestColumn(text, known);
  return new DataError(
    `Cannot ${action} ${titleOf(column)}: expected a category of the training set (${shown}${rest}), got ${
      showValue(text)
    } in ${column.place(row)}${near.startsWith(": did") ? near.replace(":", ";") : ""}`,
  );
}

interface Unknown {
  readonly row: number;
  readonly text: string;
  readonly known: readonly string[];
}

/** A feature for each category, 1 where the value is that category. Source: scikit-learn, OneHotEncoder. */
export const oneHotStep = step({
  options: oneHotOptions,
  fitted: {
    categories: texts,
    unknown: oneOf(treatments, { required: true }),
    missing: oneOf(treatments, { required: true }),
  },
  fit: (stage, { unknown, missing }) => ({ categories: categoriesOf("encode", stage), unknown, missing }),
  apply: (stage, { categories, unknown, missing }): Features => {
    const { column, at } = textsOf("encode", stage);
    const names = [
      ...categories.map((one) => `${column.name}=${one}`),
      ...unknown === "column" ? [`${column.name} is unknown`] : [],
      ...missing === "column" ? [`${column.name} is missing`] : [],
    ];
    const positions = new Map(categories.map((one, i) => [one, i]));
    const values = names.map(() => new Float64Array(column.length));
    for (let row = 0; row < column.length; row++) {
      const text = at(row);
      const known = text === undefined ? undefined : positions.get(text);
      const treatment = text === undefined ? missing : unknown;
      if (known !== undefined) values[known][row] = 1;
      else if (treatment === "column") values[text === undefined ? names.length - 1 : categories.length][row] = 1;
      else if (treatment === "ignore") continue;
      else if (text !== undefined) {
        throw new DataError(
          `${
            unknownCategory("encode", column, { row, text, known: categories }).message
          }; ["oneHot", { unknown: "ignore" }] takes it`,
        );
      } else for (const one of values) one[row] = NaN;
    }
    return { column, names, values };
  },
});

/** Class numbers: the position of each value among the categories of the training set. Only for targets. */
export const classesStep = step({
  options: {},
  fitted: { categories: texts },
  fit: (stage) => ({ categories: categoriesOf("make classes of", stage) }),
  apply: (stage, { categories }): Features => {
    const { column, at } = textsOf("make classes of", stage);
    const positions = new Map(categories.map((one, i) => [one, i]));
    const numbers = Float64Array.from({ length: column.length }, (_, row) => {
      const text = at(row);
      if (text === undefined) return NaN;
      const known = positions.get(text);
      if (known === undefined) throw unknownCategory("make classes of", column, { row, text, known: categories });
      return known;
    });
    return { column, names: [column.name], values: [numbers] };
  },
});
