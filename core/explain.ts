/**
 * A readable explanation of what a compiled function does on the device.
 *
 * @module
 */

import { costOf, costOfSteps } from "./nest/cost.ts";
import type { Nest } from "./nest/nest.ts";
import type { ProgramStep } from "./nest/program.ts";
import { showNest } from "./nest/show.ts";
import { showGraph } from "./graph/node.ts";
import type { CompiledGraph } from "./compiled_graph.ts";
import { versionOf } from "./jit.ts";
import type { Declaration } from "./options/option.ts";
import { readOptions } from "./options/read.ts";
import { oneOf } from "./options/values.ts";

/** Options of {@linkcode explain}. */
export interface ExplainOptions {
  /**
   * The stage of the compilation to show; default: `"plan"`, which is one line per kernel, with totals. Others:
   * `"graph"`; `"nests"`, the loops; `"source"`, the generated code.
   */
  readonly stage?: "plan" | "graph" | "nests" | "source";
}

const explainOptions = {
  stage: oneOf(["plan", "graph", "nests", "source"], { default: "plan", help: "stage of the compilation to show" }),
} satisfies Declaration<ExplainOptions>;

const units = ["", "k", "M", "G", "T"];

/** Returns a number with a unit prefix: `12.3 M`. */
export function short(value: number): string {
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? scaled : scaled.toPrecision(3)} ${units[unit]}`.trimEnd();
}

/** Returns the extents of outer loops, and of inner ones: `32×10 · 784`. */
export function loopsOf(nest: Nest): string {
  const outer = nest.outer.map(({ extent }) => extent).join("×") || "1";
  const inner = [
    ...new Set(nest.phases.map(({ inner }) => inner.map(({ extent }) => extent).join("×")).filter(Boolean)),
  ];
  return inner.length > 0 ? `${outer} · ${inner.join(" · ")}` : outer;
}

function linesOf(steps: readonly ProgramStep[], indent: string): string[][] {
  return steps.flatMap((step) => {
    if (step.kind === "loop") {
      return [[`${indent}repeat ${step.counter.extent} times`, "", "", ""], ...linesOf(step.steps, `${indent}  `)];
    }
    const { operations, bytes } = costOf(step.nest);
    return [[`${indent}${step.nest.name}`, loopsOf(step.nest), `${short(operations)}`, `${short(bytes)}B`]];
  });
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row.map((cell, column) => column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])).join("  ")
      .trimEnd()
  )
    .join("\n");
}

function nestsOf(steps: readonly ProgramStep[]): Nest[] {
  return steps.flatMap((step) => step.kind === "loop" ? nestsOf(step.steps) : [step.nest]);
}

function plan({ plan: { program, temporaries, captured }, executable, backend }: CompiledGraph): string {
  const { operations, bytes } = costOfSteps(program.steps);
  const total = (buffers: readonly number[]): number => buffers.reduce((sum, i) => sum + program.buffers[i].bytes, 0);
  return [
    `${program.name} on ${backend.info.name}`,
    table([["kernel", "loops", "operations", "bytes"], ...linesOf(program.steps, "")]),
    `${executable.dispatches} dispatches, ${short(operations)} floating-point operations, at least ${
      short(bytes)
    }B moved`,
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
  options?: ExplainOptions,
  ...args: A | []
): string {
  const { stage } = readOptions("explain a function", explainOptions, options);
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
