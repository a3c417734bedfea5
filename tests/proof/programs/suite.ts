/**
 * The suite of random programs.
 *
 * @module
 */

import fc from "fast-check";
import type { Suite, SuiteOptions, SuiteReport } from "../suite.ts";
import { primitivesIn, ProgramArbitrary } from "./arbitrary.ts";
import { cornersFrom } from "./corners.ts";
import { type Held, hold, type HoldOptions } from "./hold.ts";
import { holdCorner } from "./hold_corner.ts";
import { printProgram } from "./print.ts";
import { computingNodes, depthOf, type Program } from "./program.ts";
import type { Recipe } from "./recipes/recipe.ts";
import { recipes } from "./recipes/recipes.ts";
import { sectionOf, Totals } from "./section.ts";
import { openVariants, tilesInTurn } from "./variants.ts";

/** The programs of a run without `count`. */
const COUNT = 400;
/** Every so many programs are computed on devices other than WebAssembly, whose drivers take long to compile. */
const EVERY = 5;
/** The most faults that are looked into. */
const MOST_FAULTS = 10;
/** The most milliseconds of making a counterexample smaller. */
const LONGEST_SHRINKING = 120_000;

/** What failed, without the numbers: a smaller program must fail in the same way. */
const kindOf = (error: unknown): string => {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  return `${name} ${message.replace(/[,:].*/s, "").replace(/-?\d[\d.e+-]*/g, "…")}`;
};

/** A fault: what did not hold, and a program for which it does not. */
interface Found {
  readonly message: string;
  readonly program: Program;
}

/** The seed of a program, and the primitive that it is about; undefined if it is about tiles, lanes and parts. */
interface Numbered {
  readonly seed: number;
  readonly theme: Recipe | undefined;
}

const themes = Object.values(recipes);

/** Tries one program. If something does not hold, makes the program smaller as long as it fails in the same way. */
async function tryOne(
  number: Numbered,
  options: HoldOptions,
  done: (program: Program, held: Held) => void,
): Promise<Found | undefined> {
  const { seed, theme } = number;
  let first: string | undefined;
  const tiled = theme === undefined;
  const property = fc.asyncProperty(new ProgramArbitrary({ theme, tiled }), async (program) => {
    try {
      const held = await hold(program, { ...options, kernelsOnly: tiled });
      if (first === undefined) done(program, held);
    } catch (error) {
      first ??= kindOf(error);
      if (kindOf(error) === first) throw error;
    }
  });
  const once = { seed, numRuns: 1, interruptAfterTimeLimit: LONGEST_SHRINKING };
  const { failed, counterexample, errorInstance } = await fc.check(property, once);
  if (!failed || !counterexample) return undefined;
  return {
    message: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    program: counterexample[0],
  };
}

/** Tries the programs at the bounds of what devices cut, and returns the faults. */
async function tryCorners({ seed, devices, log }: SuiteOptions): Promise<string[]> {
  const variants = await openVariants(devices, tilesInTurn());
  const faults: string[] = [];
  for (const corner of cornersFrom(seed)) {
    try {
      await holdCorner(corner, { devices, variants });
    } catch (error) {
      faults.push(`${corner.name}: ${error instanceof Error ? error.message : error}`);
      log(faults.at(-1)!);
    }
  }
  for (const { backend } of variants) await backend.close();
  return faults;
}

async function run(options: SuiteOptions): Promise<SuiteReport> {
  const { seed, count = COUNT, devices, log } = options;
  const totals = new Totals();
  const all = { devices, variants: await openVariants(devices) };
  const faults = await tryCorners(options);
  const ofWasm = all.variants.filter(({ backend }) => backend.info.kind === "wasm");
  const few = devices.includes("wasm") ? { devices: ["wasm"] as const, variants: ofWasm } : all;
  for (let i = 0; i < count && faults.length < MOST_FAULTS; i++) {
    const found = await tryOne(
      { seed: seed + i, theme: i % 2 === 0 ? themes[i / 2 % themes.length] : undefined },
      i % EVERY === 0 ? all : few,
      (program, held) =>
        totals.add(held, {
          primitives: primitivesIn(program),
          depth: depthOf(program.graph),
          nodes: computingNodes(program.graph).length,
        }),
    );
    if (found) {
      faults.push(`seed ${seed + i}: ${found.message}`);
      log(`seed ${seed + i}: ${found.message}\n${printProgram(found.program)}`);
    }
    if ((i + 1) % 50 === 0) log(`${i + 1} of ${count} programs, ${faults.length} faults`);
  }
  for (const { backend } of all.variants) await backend.close();
  return { tried: totals.tried(devices), faults, section: sectionOf(totals, devices) };
}

/** Random programs over all primitives. */
export const programs: Suite = {
  name: "programs",
  description: "Random programs over all primitives: every device, compiled or not, and all gradients, compared with " +
    "double precision.",
  run,
};
