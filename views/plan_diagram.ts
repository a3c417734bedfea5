/**
 * Diagrams of what a compiled function does, kernel by kernel.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { anyText, listKind } from "../core/options/kinds.ts";
import type { Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import type { Markish } from "@observablehq/plot";
import type { CompiledGraph } from "../core/compiled_graph.ts";
import { costOf, costOfSteps } from "../core/nest/cost.ts";
import { launchesOfLoop, type LaunchStep, waitsOf } from "../core/nest/launches.ts";
import type { NestStep, ProgramStep } from "../core/nest/program.ts";
import { loopsOf, repeatText, short } from "../core/plan_text.ts";
import { versionOf } from "../core/jit.ts";
import { compose, type Panel } from "./compose.ts";
import type { Picture } from "./picture.ts";
import { type Plot as PlotLibrary, plot } from "./plot.ts";
import { GAP, LINE, tableMarks, type TextTable, textTable } from "./text_table.ts";
import { background, seriesShades, seriesStyle } from "./theme.ts";

/** Options of {@linkcode planDiagram}. */
export interface PlanOptions<A extends unknown[] = unknown[]> {
  /** The title; default: the name of the function. */
  readonly title?: string;
  /** Arguments that select the compiled version; default: the version that was compiled last. */
  readonly args?: A;
}

/** {@linkcode PlanOptions}, declared. */
export const planOptions = {
  title: anyText({ otherwise: "the name of the function", help: "title" }),
  args: {
    ...listKind<unknown[]>("arguments"),
    otherwise: "the version that was compiled last",
    help: "arguments that select the compiled version",
  },
} satisfies Declaration<PlanOptions>;

/** A line of the diagram: a kernel, or the head of a loop. */
export interface PlanRow {
  /** The number of loops around it. */
  readonly depth: number;
  /** The text in each column. */
  readonly texts: readonly string[];
  /** The kernel; undefined for the head of a loop. */
  readonly step: NestStep | undefined;
}

/** The memory of a temporary, from its first write to its last read. */
export interface Lifetime {
  /** The program's buffer, which may hold several values one after the other. */
  readonly buffer: number;
  readonly bytes: number;
  /** The line that writes it, and those that read it. */
  readonly written: number;
  readonly read: readonly number[];
}

const TITLES = ["kernel", "loops", "operations", "moved", "arguments", "results"] as const;
/** The columns of text, before those of numbers. */
const TEXTS = 2;
const LANE = 16;
/** The height of the titles and of the sizes above the lanes. */
const HEAD = 48;
/** Spaces before the lines of a loop's body. */
const INDENT = 3;

/**
 * Draws the plan of a compiled function: its kernels in the order in which they run, with their loops, operations and
 * bytes, and the number of arguments that they read and results that they write. Next to them is each piece of
 * temporary memory, from the kernel that writes it (a dot) to those that read it (rings).
 *
 * @throws {TypeError} if the function was not made by `jit`, or if nothing was compiled yet and no arguments are given.
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { jit, ones, type Tensor } from "@yadll/yadll/core";
 * import { planDiagram } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const layer = jit((x: Tensor, w: Tensor) => x.matmul(w).tanh(), { name: "layer" });
 * const picture = await planDiagram(layer, { args: [ones([4, 3]), ones([3, 2])] });
 * assertStringIncludes(picture.svg, ">1 dot+tanh</text>");
 * ```
 */
export async function planDiagram<A extends unknown[], R>(
  fn: (...args: A) => R,
  options: PlanOptions<A> = {},
): Promise<Picture> {
  refuseSurplus("planDiagram", arguments, 2);
  const { title } = readOptions<PlanOptions, typeof planOptions>("draw a plan", planOptions, options);
  const { args } = options;
  const { compiled } = args ? versionOf(fn, ...args) : versionOf(fn);
  const { plan: { program, temporaries }, executable, backend } = compiled;
  const rows = planRows(compiled);
  const lives = lifetimesOf(rows, compiled);
  const { operations, bytes } = costOfSteps(program.steps);
  const { barriers, longestChain } = waitsOf(executable.launches);
  const memory = temporaries.reduce((sum, buffer) => sum + program.buffers[buffer].bytes, 0);
  const kernels = rows.filter(({ step }) => step).length;
  const launched = executable.dispatches === kernels ? "" : ` in ${executable.dispatches} dispatches`;
  const note =
    `${kernels} kernels${launched} on ${backend.info.name}: ${short(operations)} floating-point operations, ` +
    `at least ${bytesOf(bytes)} moved, ${barriers} barriers, longest chain ${longestChain}, ` +
    `${bytesOf(memory)} of temporary memory`;
  return compose({
    title: title ?? program.name,
    note: lives.length === 0 ? note : `${note}. The lines are temporary memory: ● written, ○ read`,
    panels: [await diagram(rows, lives)],
    columns: 1,
    description: `The plan of ${program.name}: ${note}`,
  });
}

/** Returns a size as text: `12.3 MB`, `8 B`. */
function bytesOf(bytes: number): string {
  const text = short(bytes);
  return text.includes(" ") ? `${text}B` : `${text} B`;
}

/** Returns the lines of a program. */
export function planRows({ plan: { program: { steps }, temporaries }, executable }: CompiledGraph): PlanRow[] {
  const isTemporary = (buffer: number): boolean => temporaries.includes(buffer);
  let kernels = 0;
  const lines = (steps: readonly ProgramStep[], launches: readonly LaunchStep[], depth = 0): PlanRow[] =>
    steps.flatMap((step): PlanRow[] => {
      if (step.kind === "loop") {
        const launched = launchesOfLoop(step, launches);
        const head = { depth, texts: [repeatText(step, launched)], step: undefined };
        return [head, ...lines(step.steps, launched?.steps ?? [], depth + 1)];
      }
      const { operations, bytes } = costOf(step.nest);
      const outside = step.buffers.map((buffer, slot) => ({ ...step.nest.slots[slot], own: isTemporary(buffer) }))
        .filter(({ own }) => !own);
      const count = (kind: "read" | "write"): string =>
        String(outside.filter(({ access }) => access === kind || access === "readwrite").length || "");
      const texts = [
        `${++kernels} ${step.nest.name}`,
        ...[loopsOf(step.nest), short(operations), bytesOf(bytes), count("read"), count("write")],
      ];
      return [{ depth, texts, step }];
    });
  return lines(steps, executable.launches);
}

/** Returns the temporaries that the lines write and read. */
export function lifetimesOf(rows: readonly PlanRow[], { plan: { program, temporaries } }: CompiledGraph): Lifetime[] {
  const done: Lifetime[] = [];
  const open = new Map<number, { buffer: number; bytes: number; written: number; read: number[] }>();
  rows.forEach(({ step }, row) =>
    step?.buffers.forEach((buffer, slot) => {
      if (!temporaries.includes(buffer)) return;
      const { access } = step.nest.slots[slot];
      const live = open.get(buffer);
      if (access !== "write") live?.read.push(row);
      // A buffer that is added to continues the same value.
      if (access === "read" || access === "readwrite" && live) return;
      if (live) done.push(live);
      open.set(buffer, { buffer, bytes: program.buffers[buffer].bytes, written: row, read: [] });
    })
  );
  return [...done, ...open.values()].sort((a, b) => a.written - b.written);
}

function diagram(rows: readonly PlanRow[], lives: readonly Lifetime[]): Promise<Panel> {
  const lines = rows.map(({ depth, texts: [name, ...rest] }) => ["\u00a0".repeat(depth * INDENT) + name, ...rest]);
  const table = textTable(TITLES, lines, { texts: TEXTS, head: HEAD });
  const lanes = [...new Set(lives.map(({ buffer }) => buffer))];
  const left = table.width + 2 * GAP;
  const laneOf = (buffer: number) => left + lanes.indexOf(buffer) * LANE;
  const [width, height] = [Math.ceil(left + lanes.length * LANE + GAP), HEAD + rows.length * LINE + 4];
  return plot((Plot) => ({
    width,
    height,
    ...{ margin: 0, x: { type: "identity" }, y: { type: "identity" }, axis: null },
    style: { fontSize: "11px" },
    marks: [
      ...tableMarks(Plot, table, width),
      Plot.text(lanes, {
        ...{ x: laneOf, y: HEAD - 6, rotate: -90, textAnchor: "start", fontSize: 9 },
        text: (buffer: number) => bytesOf(lives.find((live) => live.buffer === buffer)!.bytes),
      }),
      ...lives.flatMap((live, i) =>
        lifetimeMarks(Plot, live, {
          ...{ at: laneOf(live.buffer), middleOf: table.middleOf },
          color: seriesStyle(i % seriesShades.length).color,
        })
      ),
    ],
  }));
}

/** Draws a line from the write to the last read of memory, with a dot at the write and rings at the reads. */
function lifetimeMarks(
  Plot: PlotLibrary,
  { written, read }: Lifetime,
  { at, color, middleOf }: { readonly at: number; readonly color: string } & Pick<TextTable, "middleOf">,
): Markish[] {
  const last = Math.max(written, ...read);
  return [
    Plot.ruleX([at], { x: at, y1: middleOf(written), y2: middleOf(last), stroke: color, strokeWidth: 3 }),
    Plot.dot([written], { x: at, y: middleOf, r: 4.5, fill: color }),
    Plot.dot(read, { x: at, y: middleOf, r: 3.5, fill: background[0], stroke: color, strokeWidth: 2 }),
  ];
}
