/**
 * The suite that changes the code itself, to see whether the tests notice.
 *
 * @module
 */

import { join } from "@std/path";
import type { Suite, SuiteOptions, SuiteReport } from "../suite.ts";
import { reasonFor } from "./accepted.ts";
import { drawMutants, type Mutant, mutantsOf, nameOf } from "./draw.ts";
import { FOLDERS, isMutated } from "./exclusions.ts";
import { kinds, mutationsOf } from "./mutations.ts";
import { type MeasuredTest, measureTests } from "./test_map.ts";
import { copyTree, filesOfTree, root } from "./tree_copy.ts";
import { tryMutant, type Verdict } from "./trial.ts";
import { digestOfTree, KeptVerdicts } from "./verdicts.ts";

/** How many copies of the tree are tried at the same time. */
const COPIES = 2;

/** The share of mutants that the tests must catch, of those that change what the program does. */
const EXPECTED = 0.95;

/** A mutant that was tried. */
export interface Trial {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/** All mutants of some folders of the tree. */
export async function mutantsIn(folders: readonly string[]): Promise<Mutant[]> {
  const found: Mutant[] = [];
  const isIn = (file: string): boolean => folders.some((folder) => file.startsWith(`${folder}/`));
  for (const file of (await filesOfTree()).filter((path) => isMutated(path) && isIn(path))) {
    const text = await Deno.readTextFile(join(root, file));
    found.push(...mutantsOf(file, text, mutationsOf(text, file)));
  }
  return found;
}

async function run({ seed, count = 300, folders = FOLDERS, log }: SuiteOptions): Promise<SuiteReport> {
  const parent = await Deno.makeTempDir({ prefix: "yadll_mutants_" });
  const copies = Array.from({ length: COPIES }, (_, i) => join(parent, `copy${i}`));
  try {
    for (const copy of copies) await copyTree(copy);
    const tests = await measureTests(copies, log);
    const all = await mutantsIn(folders);
    const drawn = drawMutants(all, { seed, count });
    log(
      `${all.length} mutants of ${folders.join()}, ${drawn.length} drawn by seed ${seed}, ${tests.length} test files`,
    );
    const kept = await KeptVerdicts.open(await digestOfTree());
    return reportOf(await tryAll(drawn, { copies, tests, kept, log }), { seed, total: all.length });
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

interface Work {
  readonly copies: readonly string[];
  readonly tests: readonly MeasuredTest[];
  readonly kept: KeptVerdicts;
  readonly log: (line: string) => void;
}

async function tryAll(drawn: readonly Mutant[], { copies, tests, kept, log }: Work): Promise<Trial[]> {
  const left = [...drawn];
  const trials: Trial[] = [];
  await Promise.all(copies.map(async (copy) => {
    for (let mutant = left.shift(); mutant; mutant = left.shift()) {
      const known = kept.of(mutant);
      const verdict = known ?? await tryMutant(mutant, { copy, tests });
      if (known === undefined) kept.keep(mutant, verdict);
      trials.push({ mutant, verdict });
      if (!isCaught(verdict)) log(`${verdict}: ${mutant.file}:${mutant.line}: ${mutant.kind}: ${nameOf(mutant)}`);
      if (trials.length % 20 === 0) {
        log(`${trials.length} of ${drawn.length}: ${trials.filter(wasCaught).length} caught`);
      }
    }
  }));
  return trials;
}

function isCaught(verdict: Verdict): boolean {
  return verdict !== "survived" && verdict !== "run by no test";
}

const wasCaught = ({ verdict }: Trial): boolean => isCaught(verdict);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What the trials show. */
export function reportOf(trials: readonly Trial[], { seed, total }: { seed: number; total: number }): SuiteReport {
  const caught = trials.filter(wasCaught).length;
  const survivors = trials.filter((trial) => !wasCaught(trial));
  const missed = survivors.filter(({ mutant }) => reasonFor(mutant) === undefined);
  const share = caught / (caught + missed.length);
  const tried = `${trials.length} of ${total} mutants, drawn by seed ${seed}`;
  const describe = ({ mutant }: Trial): string => `${mutant.file}: ${nameOf(mutant)}`;
  return {
    tried,
    faults: share >= EXPECTED ? [] : [
      `the tests caught ${caught} of ${caught + missed.length} mutants of seed ${seed} (${percent(share)})`,
      ...missed.map((trial) => `survived: ${describe(trial)}`),
    ],
    section: [
      `A mutant is the code with one small mistake. Of ${tried}, the tests caught ${caught} ` +
      `(${percent(caught / trials.length)}). Of the others, ${
        survivors.length - missed.length
      } change nothing that a ` +
      `test should notice, for the reasons below; without them, the tests caught ${percent(share)}.`,
      countTable("kind of mistake", kinds, (kind) => trials.filter(({ mutant }) => mutant.kind === kind)),
      countTable("folder", FOLDERS, (folder) => trials.filter(({ mutant }) => mutant.file.startsWith(`${folder}/`))),
      survivorTable(survivors),
    ].join("\n\n"),
  };
}

function countTable(title: string, names: readonly string[], ofName: (name: string) => readonly Trial[]): string {
  const rows = names.map((name) => [name, `${ofName(name).length}`, `${ofName(name).filter(wasCaught).length}`]);
  return tableOf([title, "tried", "caught"], rows);
}

function survivorTable(survivors: readonly Trial[]): string {
  if (survivors.length === 0) return "No mutant survived.";
  const rows = survivors.map(({ mutant }) => [mutant.file, code(nameOf(mutant)), reasonFor(mutant) ?? "no test yet"]);
  return `These survived:\n\n${tableOf(["file", "mutant", "why"], rows)}`;
}

const code = (text: string): string => `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Makes small mistakes in the code, and checks that the tests notice at least 95 % of those that change what it does. */
export const mutants: Suite = {
  name: "mutants",
  description: "Small mistakes in the code of all folders, which the tests must notice.",
  run,
};
