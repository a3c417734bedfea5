/**
 * A readable explanation of what a compiled function does on the device.
 *
 * @module
 */

import { costOf, costOfSteps } from "./nest/cost.ts";
import { launchesOfLoop, type LaunchStep, waitsOf } from "./nest/launches.ts";
import type { Nest } from "./nest/nest.ts";
import type { ProgramStep } from "./nest/program.ts";
import { showNest } from "./nest/show.ts";
import { alignColumns, loopsOf, repeatText, short } from "./plan_text.ts";
import { showGraph } from "./graph/node.ts";
import type { CompiledGraph } from "./compiled_graph.ts";
import { versionOf } from "./jit.ts";
import type { Declaration } from "./options/option.ts";
import { readOptions } from "./options/read.ts";
import { flag, oneOf } from "./options/values.ts";
import { profile } from "./profile.ts";
import { showProfile } from "./profile/show_profile.ts";

/** Options of {@linkcode explain}. */
export interface ExplainOptions {
  /**
   * The stage of the compilation to show; default: `"plan"`, which is one line per kernel, with totals. Others:
   * `"graph"`; `"nests"`, the loops; `"source"`, the generated code.
   */
  readonly stage?: "plan" | "graph" | "nests" | "source";
  /**
   * Whether to measure the kernels instead, as {@linkcode profile} does, and to resolve to the text; default: false.
   */
  readonly profile?: boolean;
}

const explainOptions = {
  stage: oneOf(["plan", "graph", "nests", "source"], { default: "plan", help: "stage of the compilation to show" }),
  profile: flag({ default: false, help: "whether to measure the kernels instead" }),
} satisfies Declaration<ExplainOptions>;

/** The lines of steps that are launched in this way. */
function linesOf(steps: readonly ProgramStep[], launches: readonly LaunchStep[], indent = ""): string[][] {
  return steps.flatMap((step) => {
    if (step.kind === "loop") {
      const launched = launchesOfLoop(step, launches);
      const inside = linesOf(step.steps, launched?.steps ?? [], `${indent}  `);
      return [[`${indent}${repeatText(step, launched)}`, "", "", ""], ...inside];
    }
    const { operations, bytes } = costOf(step.nest);
    return [[`${indent}${step.nest.name}`, loopsOf(step.nest), `${short(operations)}`, `${short(bytes)}B`]];
  });
}

function nestsOf(steps: readonly ProgramStep[]): Nest[] {
  return steps.flatMap((step) => step.kind === "loop" ? nestsOf(step.steps) : [step.nest]);
}

function plan({ plan: { program, temporaries, captured }, executable, backend }: CompiledGraph): string {
  const { operations, bytes } = costOfSteps(program.steps);
  const { barriers, longestChain } = waitsOf(executable.launches);
  const total = (buffers: readonly number[]): number => buffers.reduce((sum, i) => sum + program.buffers[i].bytes, 0);
  return [
    `${program.name} on ${backend.info.name}`,
    alignColumns([["kernel", "loops", "operations", "bytes"], ...linesOf(program.steps, executable.launches)]),
    `${executable.dispatches} dispatches, ${short(operations)} floating-point operations, at least ${
      short(bytes)
    }B moved`,
    `${barriers} barriers between dispatches, longest chain of dependent dispatches ${longestChain}`,
    `temporary memory ${short(total(temporaries))}B, constants ${short(total(captured.map(({ buffer }) => buffer)))}B`,
  ].join("\n");
}

/**
 * Explains what a compiled function does: its kernels in order with their loops, floating-point operations and bytes.
 * It shows the version for `args`, which is compiled now if necessary, or without arguments the one that was compiled
 * last.
 *
 * @throws {TypeError} if `fn` was not made by `jit`, or if nothing was compiled yet and no arguments are given.
 *
 * @example
 * ```ts
 * import { explain, jit, ones, type Tensor } from "@yadll/yadll/core";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const layer = jit((x: Tensor, w: Tensor) => x.matmul(w).tanh());
 * layer(ones([4, 3]), ones([3, 2]));
 * assertStringIncludes(explain(layer), "dot+tanh");
 * ```
 */
export function explain<A extends unknown[], R>(
  fn: (...args: A) => R,
  options: ExplainOptions & { readonly profile: true },
  ...args: A | []
): Promise<string>;
/**
 * The same without measuring.
 *
 * @example
 * ```ts
 * import { explain, jit, ones, type Tensor } from "@yadll/yadll/core";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const double = jit((x: Tensor) => x.add(x));
 * assertStringIncludes(explain(double, {}, ones([3])), "1 dispatches");
 * ```
 */
export function explain<A extends unknown[], R>(
  fn: (...args: A) => R,
  options?: ExplainOptions & { readonly profile?: false },
  ...args: A | []
): string;
/**
 * The same where it is not known beforehand whether the kernels are measured.
 *
 * @example
 * ```ts
 * import { explain, jit, ones, type Tensor } from "@yadll/yadll/core";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const double = jit((x: Tensor) => x.add(x));
 * const isMeasured = Deno.args.includes("--profile");
 * assertStringIncludes(await explain(double, { profile: isMeasured }, ones([3])), "1 dispatches");
 * ```
 */
export function explain<A extends unknown[], R>(
  fn: (...args: A) => R,
  options?: ExplainOptions,
  ...args: A | []
): string | Promise<string>;
export function explain<A extends unknown[], R>(
  fn: (...args: A) => R,
  options?: ExplainOptions,
  ...args: A | []
): string | Promise<string> {
  const { stage, profile: isMeasured } = readOptions("explain a function", explainOptions, options);
  if (isMeasured) return profile(fn, {}, ...args).then(showProfile);
  const { compiled } = versionOf(fn, ...args);
  switch (stage) {
    case "graph":
      return showGraph(compiled.graph);
    case "nests":
      return nestsOf(compiled.plan.program.steps).map(showNest).join("\n\n");
    case "source":
      return compiled.executable.source;
    case "plan":
      return plan(compiled);
  }
}
