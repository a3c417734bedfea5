/**
 * Tries one mutant: runs the tests that could notice it, until one fails.
 *
 * @module
 */

import { join } from "@std/path";
import type { Mutant } from "./draw.ts";
import { mutate } from "./mutations.ts";
import { runTests } from "./run_tests.ts";
import type { MeasuredTest } from "./test_map.ts";

/** What came of a mutant. */
export type Verdict = "failed" | "hung" | "refused by the compiler" | "survived" | "run by no test";

/** Where mutants are tried. */
export interface Laboratory {
  /** The folder of a copy of the tree that no other trial uses. */
  readonly copy: string;
  /** All tests, the fastest first. */
  readonly tests: readonly MeasuredTest[];
}

/** The milliseconds that the tests of one mutant after the first two may take. The slowest ones are left out. */
const BUDGET = 90_000;

/** Tests that compare all that is printed or computed with what was recorded, so they notice most changes. */
const RECORDED = "tests/golden/";

/** The milliseconds of the tests that are run by one process. */
const BATCH = 10_000;

/** The tests that could notice a change of a line, in the order in which they are tried. */
export function testsFor(
  { file, line, original }: Pick<Mutant, "file" | "line" | "original">,
  tests: readonly MeasuredTest[],
): MeasuredTest[] {
  const runLine = tests.filter((test) => test.lines[file]?.includes(line));
  // Code that other threads run is passed to them as text, so coverage does not see it.
  const candidates = runLine.length > 0 ? runLine : tests.filter((test) => test.lines[file]);
  const beside = tests.filter(({ path }) => path === file.replace(/\.ts$/, "_test.ts"));
  const rest = candidates.filter((test) => !beside.includes(test));
  const folder = file.slice(0, file.lastIndexOf("/"));
  const isClose = (path: string): boolean => path.startsWith(`${folder}/`) || path.startsWith(RECORDED);
  // Tests of few files look at each of them more closely.
  const price = ({ path, milliseconds, lines }: MeasuredTest): number =>
    isMadeFor(path, { file, original })
      ? 0
      : milliseconds * Math.sqrt(Object.keys(lines).length) * (isClose(path) ? 0.1 : 1);
  return [...beside, ...rest.sort((a, b) => price(a) - price(b))];
}

/** Tests of recorded code and results, and the files whose changes they notice although they test no file alone. */
const recordings: readonly (readonly [test: string, files: RegExp])[] = [
  [
    "tests/golden/core_test.ts",
    /^core\/([a-z_]+\.ts$|(functions|random|options|graph\/primitives|webgpu\/run)\/|webgpu\/backend\b)/,
  ],
  [
    "tests/generated_code_test.ts",
    /^core\/((graph|fuse|plan|nest|scalar)|wasm\/(encode|scalar|schedule|write|product|kernels|steps)|webgpu\/(schedule|wgsl|lower))\b/,
  ],
];

/** Whether a test is about what a mutant changes: that of hostile arguments calls all functions that check theirs. */
function isMadeFor(test: string, { file, original }: Pick<Mutant, "file" | "original">): boolean {
  return test === "tests/hostile_arguments_test.ts" && original.includes("checkArgument") ||
    recordings.some(([name, files]) => name === test && files.test(file));
}

/** Tests in groups that one process runs, up to what one mutant may take. */
function groupsOf(tests: readonly MeasuredTest[]): MeasuredTest[][] {
  const groups: MeasuredTest[][] = [];
  let [spent, inGroup] = [0, Infinity];
  for (const [i, test] of tests.entries()) {
    if (i > 1 && spent + test.milliseconds > BUDGET) continue;
    if (groups.length < 2 || inGroup + test.milliseconds > BATCH) {
      groups.push([]);
      inGroup = 0;
    }
    groups.at(-1)!.push(test);
    inGroup += test.milliseconds;
    if (i > 1) spent += test.milliseconds;
  }
  return groups;
}

/** Tries a mutant, and leaves the copy as it was. */
export async function tryMutant(mutant: Mutant, place: Laboratory): Promise<Verdict> {
  const path = join(place.copy, mutant.file);
  const original = await Deno.readTextFile(path);
  try {
    await Deno.writeTextFile(path, mutate(original, mutant));
    return await verdictOf(mutant, place);
  } finally {
    await Deno.writeTextFile(path, original);
  }
}

/** The likeliest tests come first, then the types, which take longer than those, then all others. */
async function verdictOf(mutant: Mutant, { copy: folder, tests: all }: Laboratory): Promise<Verdict> {
  const groups = groupsOf(testsFor(mutant, all));
  const outcomeOf = async (some: readonly MeasuredTest[][]): Promise<"failed" | "hung" | undefined> => {
    for (const group of some) {
      const usual = group.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      const outcome = await runTests({ folder, tests: group.map(({ path }) => path), limit: 15_000 + 4 * usual });
      if (outcome !== "passed") return outcome;
    }
    return undefined;
  };
  const early = await outcomeOf(groups.slice(0, 2));
  if (early) return early;
  if (await isRefused(mutant.file, folder)) return "refused by the compiler";
  return await outcomeOf(groups.slice(2)) ?? (groups.length === 0 ? "run by no test" : "survived");
}

/** Whether the types of a file are wrong, as `deno task check` would say. */
async function isRefused(file: string, copy: string): Promise<boolean> {
  const check = new Deno.Command(Deno.execPath(), { args: ["check", file], cwd: copy, stdout: "null", stderr: "null" });
  return !(await check.output()).success;
}
