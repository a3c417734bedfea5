/**
 * Mutants that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import { acceptedInCore } from "./accepted_in_core.ts";
import { type Accepted, ofLine } from "./accepted_mutant.ts";
import type { Mutant } from "./draw.ts";
import { nameOf } from "./draw.ts";

const accepted: readonly Accepted[] = [
  ...acceptedInCore,
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
    file: "model/training/classes.ts",
    context: 'return Math.abs(sum - 1) <= TOLERANCE ? "class" : "shares";',
    name: "Math.abs(sum - 1) <= TOLERANCE → (Math.abs(sum - 1) < TOLERANCE)",
    reason: "the bound of a tolerance of rounding is a choice",
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
    file: "cli/images/orientation.ts",
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
];

/** Why a mutant may survive, or undefined if a test should notice it. */
export function reasonFor(mutant: Mutant): string | undefined {
  const isMeant = ({ file, context, name }: Accepted): boolean =>
    file === mutant.file && context === mutant.context && name === nameOf(mutant);
  return accepted.find(isMeant)?.reason;
}
