/**
 * Everything that must hold for a program.
 *
 * @module
 */

import type { Graph } from "../../../core/graph/node.ts";
import { isFloat } from "../../../core/dtype.ts";
import type { Argument } from "../../oracle.ts";
import { checkBounds, type Measured } from "./bounds.ts";
import { believed, checkCompiled, checkEager, checkPlan, checkSame, type Kind } from "./check.ts";
import { evaluate } from "./evaluate.ts";
import { expect, type Expected, type ExpectOptions, shareCompared, staysFinite } from "./expected.ts";
import { checkLinear, checkSlopes, type Compared, gradientGraph, hasSlopes, lossOf } from "./gradients.ts";
import { checkVariant, type Variant } from "./variants.ts";
import { allNodes, type Program, withoutCheckpoints } from "./program.ts";

/** What was compared. */
export interface Held {
  readonly compared: number;
  readonly all: number;
  readonly measured: Partial<Record<Kind, Measured>>;
  readonly slopes: readonly Compared[];
}

/** What to compare. */
export interface HoldOptions {
  readonly devices: readonly Kind[];
  /** Other devices for which programs are also compiled. */
  readonly variants?: readonly Variant[];
  /** Whether only kernels are compared, those of the program and of its gradients: slopes of large programs take long. */
  readonly kernelsOnly?: boolean;
  /** Whether operations are also computed one by one on devices other than WebAssembly, which takes long. */
  readonly eagerEverywhere?: boolean;
  /** Whether kernels of WebGPU must be right about NaN and infinities, which drivers may take for numbers. */
  readonly strict?: boolean;
}

/** How a program is checked. */
interface Way extends HoldOptions, ExpectOptions {}

const donationsOf = ({ inputs, graph }: Program): number[][] => {
  const all = inputs.map((_, i) => i);
  const some = all.filter((i) => (i + graph.results.length) % 2 === 0);
  return all.length > 1 && some.length > 0 ? [all, some] : [all];
};

/** Leaves out devices whose drivers may simplify kernels as if all numbers were finite, unless they are. */
function reliable(way: Way, { graph, inputs }: Program): Way {
  if (way.strict || way.devices.length === 1 && way.devices[0] === "wasm" || staysFinite(graph, inputs)) return way;
  return {
    ...way,
    devices: way.devices.filter((kind) => kind === "wasm"),
    variants: way.variants?.filter(({ backend }) => backend.info.kind === "wasm") ?? [],
  };
}

async function checkGraph(
  program: Program,
  expected: readonly Expected[],
  way: Way,
): Promise<void> {
  const { graph, inputs } = program;
  const { devices, variants = [] } = reliable(way, program);
  await checkPlan(graph, inputs, { expected, maxSlots: 5 });
  await checkPlan(graph, inputs, { expected, maxSlots: 32, donate: inputs.map((_, i) => i) });
  for (const kind of devices) await checkCompiled(program, expected, { kind });
  for (const variant of variants) await checkVariant(program, expected, variant);
}

function checkWithoutCheckpoints({ graph, inputs }: Program, expected: readonly Expected[], what: string): void {
  if (!allNodes(graph).some(({ op }) => op === "checkpoint")) return;
  checkSame(`${what} without checkpoints`, evaluate(withoutCheckpoints(graph), inputs), expected);
}

/** The gradients of a program: on devices, against differences, twice, and without checkpoints. */
async function checkGradients({ graph, inputs }: Program, way: Way): Promise<Compared[]> {
  const loss = lossOf(graph, inputs);
  if (!loss) return [];
  const first = gradientGraph(loss, inputs);
  const expected = expect(first, inputs, way);
  await checkGraph({ graph: first, inputs }, expected, way);
  const plainLoss = lossOf(withoutCheckpoints(graph), inputs)!;
  checkSame("gradient without checkpoints", evaluate(gradientGraph(plainLoss, inputs), inputs), expected);
  if (!hasSlopes(graph)) return [];
  checkLinear(graph, inputs);
  const compared = checkSlopes(loss, expected, { inputs, order: "first" });
  return compared === "equal" ? [compared, secondSlopes(first, inputs)] : [compared];
}

function secondSlopes(first: Graph, inputs: readonly Argument[]): Compared {
  const loss = lossOf(first, inputs)!;
  const second = gradientGraph(loss, inputs);
  return checkSlopes(loss, evaluate(second, inputs), { inputs, order: "second" });
}

/** Gradients by larger arguments take long in double precision. */
const LARGEST_SLOPES = 20_000;

/** The kernels of a program and of its gradients, with their definition in double precision. */
async function holdKernels(program: Program, way: Way): Promise<Held> {
  const { graph, inputs } = program;
  const expected = expect(graph, inputs, way);
  const { devices, variants = [] } = reliable(way, program);
  for (const kind of devices) await checkCompiled(program, expected, { kind });
  for (const variant of variants) await checkVariant(program, expected, variant);
  const isLarge = inputs.some(({ values }) => values.length > LARGEST_SLOPES);
  const loss = isLarge ? undefined : lossOf(graph, inputs);
  if (loss) {
    const gradients = { graph: gradientGraph(loss, inputs), inputs };
    const wanted = expect(gradients.graph, inputs, way);
    for (const kind of devices) await checkCompiled(gradients, wanted, { kind });
    for (const variant of variants) await checkVariant(gradients, wanted, variant);
  }
  // Kernels of tiles are as long as the tiles, however few operations there are, so their length says nothing.
  return { ...shareCompared(expected), measured: {}, slopes: [] };
}

async function holdBy(program: Program, way: Way): Promise<Held> {
  const { graph, inputs } = program;
  const { devices, eagerEverywhere = false } = way;
  const expected = expect(graph, inputs, way);
  await checkGraph(program, expected, way);
  checkWithoutCheckpoints(program, expected, "program");
  const compiled = reliable(way, program).devices;
  for (const kind of devices) {
    if (kind === "wasm" || eagerEverywhere || !compiled.includes(kind)) await checkEager(program, expected, kind);
  }
  for (const kind of compiled) {
    for (const donate of donationsOf(program)) await checkCompiled(program, expected, { kind, donate });
  }
  const measured: Partial<Record<Kind, Measured>> = {};
  for (const kind of devices) measured[kind] = await checkBounds(program, kind);
  const slopes = inputs.some(({ dtype }) => isFloat(dtype)) ? await checkGradients(program, way) : [];
  return { ...shareCompared(expected), measured, slopes };
}

/**
 * Checks everything; throws a `Fault` or the error of the framework. Errors of rounding that three computations
 * did not show are looked for once more before a fault is believed.
 */
export async function hold(program: Program, options: HoldOptions): Promise<Held> {
  const hold = options.kernelsOnly ? holdKernels : holdBy;
  return await believed((thorough) => hold(program, { ...options, ...thorough }));
}
