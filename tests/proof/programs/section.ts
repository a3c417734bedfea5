/**
 * What the suite of random programs reports.
 *
 * @module
 */

import { ops, tupleOps } from "../../../core/graph/ops.ts";
import { mostCode } from "./bounds.ts";
import type { Kind } from "./check.ts";
import type { Compared } from "./gradients.ts";
import type { Held } from "./hold.ts";

/** The facts of a program. */
export interface ProgramFacts {
  readonly primitives: ReadonlySet<string>;
  readonly depth: number;
  readonly nodes: number;
}

interface Code {
  /** Programs, and the sums over them. */
  programs: number;
  nodes: number;
  kernels: number;
  code: number;
  milliseconds: number;
  /** The largest share of what is allowed. */
  largestShare: number;
}

/** Sums over the programs of a run. */
export class Totals {
  programs = 0;
  nodes = 0;
  deepest = 0;
  largest = 0;
  compared = 0;
  elements = 0;
  readonly primitives = new Set<string>();
  readonly slopes: Record<Compared, number> = { equal: 0, "not smooth": 0, "not finite": 0 };
  readonly code: Partial<Record<Kind, Code>> = {};

  add({ compared, all, slopes, measured }: Held, { primitives, depth, nodes }: ProgramFacts): void {
    this.programs++;
    this.nodes += nodes;
    this.deepest = Math.max(this.deepest, depth);
    this.largest = Math.max(this.largest, nodes);
    this.compared += compared;
    this.elements += all;
    for (const name of primitives) this.primitives.add(name);
    for (const slope of slopes) this.slopes[slope]++;
    for (const kind of ["wasm", "webgpu"] as const) {
      const one = measured[kind];
      if (!one) continue;
      const sum = this.code[kind] ??= { programs: 0, nodes: 0, kernels: 0, code: 0, milliseconds: 0, largestShare: 0 };
      const { ofProgram, ofInstruction } = mostCode[kind];
      sum.programs++;
      sum.nodes += one.nodes;
      sum.kernels += one.kernels;
      sum.code += one.code;
      sum.milliseconds += one.milliseconds;
      sum.largestShare = Math.max(sum.largestShare, one.code / (ofProgram + one.instructions * ofInstruction));
    }
  }

  /** One line: what was tried. */
  tried(devices: readonly Kind[]): string {
    const all = Object.keys(ops).length + Object.keys(tupleOps).length;
    return `${this.programs} programs of up to ${this.largest} nodes over ${this.primitives.size} of ${all} primitives on ${
      devices.join(" and ")
    }`;
  }
}

const percent = (part: number, all: number): string => all === 0 ? "–" : `${(100 * part / all).toFixed(1)} %`;

function codeTable(totals: Totals): string {
  const rows = Object.entries(totals.code).map((
    [kind, { programs, nodes, kernels, code, milliseconds, largestShare }],
  ) => [
    kind,
    `${programs}`,
    (nodes / programs).toFixed(1),
    (kernels / programs).toFixed(1),
    (code / nodes).toFixed(0),
    (milliseconds / programs).toFixed(1),
    percent(largestShare, 1),
  ]);
  const head = [
    "device",
    "programs",
    "nodes",
    "kernels",
    "code per node",
    "ms to compile",
    "largest share of the bound",
  ];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** The text for docs/accuracy.md. */
export function sectionOf(totals: Totals, devices: readonly Kind[]): string {
  const { equal, "not smooth": kinks, "not finite": infinite } = totals.slopes;
  const { wasm, webgpu } = mostCode;
  return `${totals.tried(devices)}. The longest chain has ${totals.deepest} operations.

Every second program is about one primitive. The others are about what devices cut into tiles, lanes and parts: products,
convolutions and reductions of sizes around those of tiles, of arguments with odd strides, with operations fused before and
behind them; of these, the kernels of the program and of its gradients are compared, also those that are written for
WebAssembly engines that join vectors. Before them come small programs that have sizes just at, above and below those of
tiles, vectors and lanes, and views that begin anywhere; on WebGPU, their products take turns with tiles of all shapes.

Each program is computed in double precision, and four times more: three times with random errors of 2⁻²¹ after each
operation that rounds, which shows how far f32 may be off, and once as the compiler has planned it. Then it is computed
operation by operation and compiled, with and without donated arguments. ${percent(totals.compared, totals.elements)} of
the ${totals.elements} elements were compared with a tolerance below 1 %; the others depend on a comparison or a
position that a rounding error changes, or amplify errors that far.

First and second gradients were compared with differences in double precision in ${equal} cases. In ${kinks} the
program has a kink there or bends too much for a difference, and in ${infinite} a value is not finite.

A compiled program has at most as many kernels as nodes and results. Its code has at most ${wasm.ofProgram} bytes of
WebAssembly and ${wasm.ofInstruction} more for each instruction as the compiler counts them (a sine counts as 10), or
${webgpu.ofProgram} characters of WGSL and ${webgpu.ofInstruction} more:

${codeTable(totals)}
`;
}
