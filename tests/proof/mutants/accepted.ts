/**
 * Mutants that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import type { Mutant } from "./draw.ts";
import { nameOf } from "./draw.ts";

/** A mutant that may survive. It is known by its text, so that it is found again when other lines change. */
export interface Accepted {
  readonly file: string;
  /** The line that is mutated, without the space around it. */
  readonly context: string;
  /** The mutation, as in the table of survivors. */
  readonly name: string;
  /** Why nothing should notice it. */
  readonly reason: string;
}

const accepted: readonly Accepted[] = [
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
    file: "core/wasm/run/threads.ts",
    context: "if (turn > spins && now === last) Atomics.wait(words, control.job >> 2, last);",
    name: "turn > spins → (turn >= spins)",
    reason: "how long a thread waits before it sleeps is a choice",
  },
  {
    file: "core/wasm/run/held_instances.ts",
    context: "void new ArrayBuffer(2 ** 27);",
    name: "2 ** 27 → (2 * 27)",
    reason: "when the collector starts is not specified; the suite of endurance measures what remains in memory",
  },
  {
    file: "core/wasm/scalar/power.ts",
    context: "const zero = m.i32x4(0);",
    name: "0 → 1",
    reason: "the lowest bit of a double does not change the single to which it is rounded",
  },
  {
    file: "core/random/normal_table.ts",
    context: "for (let i = 0; i <= octaves * PARTS; i++) {",
    name: "i <= octaves * PARTS → (i < octaves * PARTS)",
    reason: "the last quantile is that of one half, which is 0, and a new array has zeros",
  },
  {
    file: "core/webgpu/run/executable.ts",
    context: "groups.set(key, group);",
    name: "groups.set(key, group); → ;",
    reason: "bound buffers that are not kept are bound again, which only takes time",
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
  ...["0 → 1", "0 → (-1)"].map((name): Accepted => ({
    file: "core/wasm/run/threads.ts",
    context:
      'const nothing: Omit<Job, "module"> = { code: 0, codeBytes: 0, table: 0, base: 0, workspace: 0, workspaceBytes: 0 };',
    name,
    reason: "jobs without a module have nothing that these numbers describe",
  })),
  ...["1", "2", "3"].map((filter): Accepted => ({
    file: "cli/images/png.ts",
    context: {
      "1": "if (filter === 1) { for (let i = pixel; i < line; i++) current[i] += current[i - pixel]; }",
      "2": "if (filter === 2) { for (let i = 0; i < line; i++) current[i] += above[i]; }",
      "3": "if (filter === 3) { for (let i = 0; i < line; i++) current[i] += (left(i) + above[i]) >> 1; }",
    }[filter]!,
    name: "i < line → (i <= line)",
    reason: "an element past the end of a typed array is not written",
  })),
];

/** Why a mutant may survive, or undefined if a test should notice it. */
export function reasonFor(mutant: Mutant): string | undefined {
  const isMeant = ({ file, context, name }: Accepted): boolean =>
    file === mutant.file && context === mutant.context && name === nameOf(mutant);
  return accepted.find(isMeant)?.reason;
}
