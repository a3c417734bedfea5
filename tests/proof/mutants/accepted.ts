/**
 * Mutants that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import { acceptedInCore } from "./accepted_in_core.ts";
import { acceptedInData } from "./accepted_in_data.ts";
import { acceptedInModel } from "./accepted_in_model.ts";
import { acceptedInViews } from "./accepted_in_views.ts";
import { type Accepted, ofLine } from "./accepted_mutant.ts";
import type { Mutant } from "./draw.ts";
import { nameOf } from "./draw.ts";

const accepted: readonly Accepted[] = [
  ...acceptedInCore,
  ...acceptedInData,
  ...acceptedInModel,
  ...acceptedInViews,
  {
    file: "views/scale.ts",
    context: ".filter((value) => Math.log10(value) >= low && Math.log10(value) <= high);",
    name: "Math.log10(value) >= low → (Math.log10(value) > low)",
    reason: "a mark that lies exactly on the end of an axis does not show",
  },
  {
    file: "views/scale.ts",
    context: ".filter((value) => Math.log10(value) >= low && Math.log10(value) <= high);",
    name: "Math.log10(value) <= high → (Math.log10(value) < high)",
    reason: "a mark that lies exactly on the end of an axis does not show",
  },
  {
    file: "views/compose.ts",
    context: "if (x > 0 && x + needed > width) [x, row] = [0, row + 1];",
    name: "x + needed > width → (x + needed >= width)",
    reason: "widths of texts are estimates, so an entry that fits exactly may as well be in the next row",
  },
  {
    file: "model/check_data.ts",
    context: "if (classes <= units) return;",
    name: "classes <= units → (classes < units)",
    reason: "a shortcut: the classes that count are never more than all classes",
  },
  {
    file: "model/training/evaluation.ts",
    context: "totals = step(totals, weights, { ...await feed.chunk(0, batch), length });",
    name: "0 → 1",
    reason: "sets are evaluated in their own order, which is the same in all epochs",
  },
  {
    file: "model/training/evaluation.ts",
    context: "totals = step(totals, weights, { ...await feed.chunk(0, batch), length });",
    name: "0 → (-1)",
    reason: "sets are evaluated in their own order, which is the same in all epochs",
  },
  {
    file: "data/digits/digits.ts",
    context: "for (let image = 0; image < n; image++) {",
    name: "image < n → (image <= n)",
    reason: "an element past the end of a typed array is not written",
  },
  {
    file: "data/digits/pen.ts",
    context: "for (let i = 0; i < path.length; i += 2) {",
    name: "i < path.length → (i <= path.length)",
    reason: "an element past the end of a typed array is not written",
  },
  {
    file: "data/digits/pen.ts",
    context: "return Math.min(SIDE - 1, Math.floor(edge));",
    name: "1 → (0)",
    reason: "the longest writing with the thickest pen ends before the rim, so the bound is never met",
  },
  ...["0 → 1", "0 → (-1)"].map((name): Accepted => ({
    file: "data/digits/digits.ts",
    context: "const noise = amount > 0 ? 1 - grain * random.uniform() : 0;",
    name,
    reason: "without ink, nothing is multiplied by the noise",
  })),
  {
    file: "model/files/safetensors.ts",
    context: "const step = PIECE * type.bytes;",
    name: "PIECE * type.bytes → (PIECE)",
    reason: "how much is read at a time; a piece is a whole number of elements of any type",
  },
  {
    file: "model/files/safetensors.ts",
    context: "bytesInMemory[right] - bytesInMemory[left] || (a < b ? -1 : 1)",
    name: "a < b → (a <= b)",
    reason: "no two tensors have the same name",
  },
  {
    file: "model/files/format.ts",
    context: 'const isNewer = typeof found === "number" && Number.isSafeInteger(found) && found > number;',
    name: "found > number → (found >= number)",
    reason: "the number itself is among those that can be read, so it does not get here",
  },
  {
    file: "model/files/lease.ts",
    context:
      "const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(0, file.readSync(bytes) ?? 0)));",
    name: "0 → 1",
    reason: "a byte of 0 is as little JSON as no byte",
  },
  {
    file: "data/formats/csv_rows.ts",
    context: "if (close < 0) return { ...plainAt(text, start, delimiter), isMalformed: true, isOpen: true };",
    name: "close < 0 → (close <= 0)",
    reason: "a quote ends behind the position at which it begins, so never at 0",
  },
  ...ofLine(
    {
      file: "data/digits/digits.ts",
      context: "for (let pixel = 0; pixel < levels.length; pixel++) {",
      reason: "an element past the end of a typed array is not written",
    },
    ...["pixel < levels.length → (pixel <= levels.length)", "levels.length → (levels.length + 1)"],
  ),
  {
    file: "data/digits/digits.ts",
    context: "develop(ink, pixels.subarray(image * PIXELS, (image + 1) * PIXELS), random);",
    name: "1 → 2",
    reason: "what is written past the end of an image is overwritten by the next one",
  },
  {
    file: "data/digits/digits.ts",
    context: "const specks = random.uniform() < SPECKLED_SHARE ? random.uniform(10, 40) : undefined;",
    name: "random.uniform() < SPECKLED_SHARE → (random.uniform() <= SPECKLED_SHARE)",
    reason: "the numbers that are drawn are multiples of a power of 2, and the share is not",
  },
  ...ofLine(
    {
      file: "data/images/png.ts",
      context: "for (let row = 0; row < part.rows; row++) undoFilter(filtered, row, { line, pixel });",
      reason: "before the first row and behind the last one there are no bytes",
    },
    ...["0 → (-1)", "row < part.rows → (row <= part.rows)"],
  ),
  {
    file: "data/images/png.ts",
    context: "if (line > LEAST_COPY) bytes.copyWithin(to, from + 1, from + 1 + line);",
    name: "line > LEAST_COPY → (line >= LEAST_COPY)",
    reason: "both branches copy the same bytes",
  },
  ...ofLine(
    {
      file: "optim/clipping.ts",
      context: "let exponent = Math.max(-100, -40 - exponentOf(limit));",
      reason: "a larger first scale is as good: if the squares overflow, the next one is used",
    },
    ...["-100 → (100)", "100 → 101", "100 → (99)", "100 → (100 / 2)", "100 → 0"],
    ...["40 → 41", "40 → (39)", "40 → (40 / 2)", "40 → 0"],
  ),
  ...ofLine(
    {
      file: "optim/clipping.ts",
      context: "while (scales.push(2 ** exponent), exponent > -80) exponent = Math.max(-100, exponent - 100);",
      reason:
        "where the scales lie is a choice, as long as each begins before the squares of the one before it overflow",
    },
    ...["exponent > -80 → (exponent >= -80)", "80 → 81", "80 → (79)"],
    ...["100 → 101", "100 → (99)", "100 → (100 / 2)"],
  ),
  {
    file: "data/images/orientation.ts",
    context: "if (first + 2 > exif.byteLength) return 1;",
    name: "first + 2 > exif.byteLength → (first + 2 >= exif.byteLength)",
    reason: "without a byte behind the number of entries there is none",
  },
  ...ofLine(
    {
      file: "model/progress/bar_parts.ts",
      context: "{ text: `${batch}/${batches}`, order: 5, glued: true },",
      reason: "the next part after the bar, before the speed, in any case",
    },
    ...["5 → (4)", "5 → 6"],
  ),
  {
    file: "views/compare_runs.ts",
    context: "const layout = measures.length === 1 ? { columns: 1, width } : panelsIn(width);",
    name: "1 → 2",
    reason: "a single panel is in one row however many columns there are; the mutant of the other 1 is noticed",
  },
  {
    file: "views/scale.ts",
    context: "const digit = [1, 2, 5, 10].find((digit) => digit * 10 ** power >= least * (1 - 1e-9)) ?? 10;",
    name: "digit * 10 ** power >= least * (1 - 1e-9) → (digit * 10 ** power > least * (1 - 1e-9))",
    reason: "the bound of a tolerance of rounding is a choice",
  },
  {
    file: "data/formats/csv.ts",
    context:
      "if (!this.#fault && (this.#width === undefined || column < this.#width)) this.#values.add(number ?? NaN);",
    name: "column < this.#width → (column <= this.#width)",
    reason: "a row with more fields is refused at its end, with all that was added",
  },
  {
    file: "views/terminal_chart.ts",
    context: "const after = points.findIndex((point) => point.epoch >= epoch);",
    name: "point.epoch >= epoch → (point.epoch > epoch)",
    reason: "at a point, both of its neighbors give its value",
  },
  ...[
    "one[1] > best[1] || one[1] === best[1] && one[0] < best[0] ? one : best",
    "return [...counts].reduce((best, one) => one[1] > best[1] || one[1] === best[1] && one[0] < best[0] ? one : best)[0];",
  ].map((context): Accepted => ({
    file: "data/steps/impute.ts",
    context,
    name: "one[0] < best[0] → (one[0] <= best[0])",
    reason: "what is counted differs",
  })),
  {
    file: "model/search/give_up.ts",
    context: "return rivals.length > 0 && Number.isFinite(least) && least > median(rivals);",
    name: "rivals.length > 0 → (rivals.length >= 0)",
    reason: "the median of none is NaN, which nothing exceeds",
  },
  {
    file: "model/training/balanced_weights.ts",
    context: "for (let begin = 0; begin < length; begin += AT_A_TIME) {",
    name: "begin < length → (begin <= length)",
    reason: "no targets are read once more",
  },
  {
    file: "model/training/balanced_weights.ts",
    context: "for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;",
    name: "i < row.length → (i <= row.length)",
    reason: "nothing is greater than an element past the end, which is undefined",
  },
  {
    file: "views/scale.ts",
    context: "const isZero = Math.abs(value) < step / 2;",
    name: "Math.abs(value) < step / 2 → (Math.abs(value) <= step / 2)",
    reason: "ticks are at multiples of a step",
  },
  {
    file: "views/scale.ts",
    context: "return power < 0 ? digit / 10 ** -power : digit * 10 ** power;",
    name: "power < 0 → (power <= 0)",
    reason: "both are the digit for the power 0",
  },
  {
    file: "views/search/axis.ts",
    context: "const isWide = positive.length > 1 && high / low >= (whole ? WIDE_COUNTS : WIDE);",
    name: "positive.length > 1 → (positive.length >= 1)",
    reason: "the quotient of a number by itself is 1",
  },
  {
    file: "cli/images/digit.ts",
    context: "for (let i = 0; i < strengths.length; i++) strengths[i] /= strongest;",
    name: "i < strengths.length → (i <= strengths.length)",
    reason: "an element past the end of a typed array is not written",
  },
  {
    file: "cli/images/digit.ts",
    context: "const rows = [values.subarray(0, width), ...height > 1 ? [values.subarray((height - 1) * width)] : []];",
    name: "height > 1 → (height >= 1)",
    reason: "the median of values that all occur twice is the same",
  },
  {
    file: "cli/images/digit.ts",
    context: "if (values[i] < FAINTEST) continue;",
    name: "values[i] < FAINTEST → (values[i] <= FAINTEST)",
    reason: "no single is 0.1",
  },
  {
    file: "cli/images/digit.ts",
    context: "for (let part = Math.floor(start); part < end; part++) {",
    name: "part < end → (part <= end)",
    reason: "the part at the end has no share",
  },
  {
    file: "cli/images/digit.ts",
    context: "if (share > 1e-9) parts.push([part, share]);",
    name: "share > 1e-9 → (share >= 1e-9)",
    reason: "the bound of a tolerance of rounding is a choice",
  },
  {
    file: "cli/images/grey.ts",
    context: "for (let i = 0; i < values.length; i++) {",
    name: "i < values.length → (i <= values.length)",
    reason: "an element past the end of a typed array is not written",
  },
  {
    file: "data/images/png_values.ts",
    context: "for (let i = 0; i < values.length; i++) {",
    name: "i < values.length → (i <= values.length)",
    reason: "an element past the end of a typed array is not written",
  },
  {
    file: "data/images/png_values.ts",
    context: "if (depth >= 8) return data;",
    name: "depth >= 8 → (depth > 8)",
    reason: "values of 8 bits are unpacked to the same values",
  },
  {
    file: "data/number_array.ts",
    context:
      "if (value <= LARGEST && value >= -LARGEST || Number.isFinite(Math.fround(value)) || !Number.isFinite(value)) return;",
    name: "value <= LARGEST → (value < LARGEST)",
    reason: "a shortcut: what follows is right for all numbers",
  },
  {
    file: "data/number_array.ts",
    context:
      "if (value <= LARGEST && value >= -LARGEST || Number.isFinite(Math.fround(value)) || !Number.isFinite(value)) return;",
    name: "value >= -LARGEST → (value > -LARGEST)",
    reason: "a shortcut: what follows is right for all numbers",
  },
  {
    file: "data/table/table.ts",
    context:
      'const lines = table.map((row) => row.map((text, i) => i < 3 ? text.padEnd(widths[i]) : text).join("  ").trimEnd());',
    name: "i < 3 → (i <= 3)",
    reason: "the last column has no width to which it could be padded",
  },
  {
    file: "data/split.ts",
    context: "if (Math.abs(sum - 1) < 1e-9) return given;",
    name: "Math.abs(sum - 1) < 1e-9 → (Math.abs(sum - 1) <= 1e-9)",
    reason: "the bound of a tolerance of rounding is a choice",
  },
  {
    file: "optim/set_metrics/tally.ts",
    context: "if (i === LEVELS.length - 1 || most >= 2 ** 32) {",
    name: "2 → (2 * 2)",
    reason: "a level for more than 2³² values is never full, however this is found out",
  },
];

/** Why a mutant may survive, or undefined if a test should notice it. */
export function reasonFor(mutant: Mutant): string | undefined {
  const isMeant = ({ file, context, name }: Accepted): boolean =>
    file === mutant.file && context === mutant.context && name === nameOf(mutant);
  return accepted.find(isMeant)?.reason;
}
