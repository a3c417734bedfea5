/**
 * From nests to a program: every value gets a place in memory.
 *
 * @module
 */

import type { FusedStep } from "../fuse/build_nests.ts";
import type { Fusion } from "../fuse/fused_graph.ts";
import { isLeaf } from "../fuse/node_roles.ts";
import type { Program } from "../nest/program.ts";
import { sizeOf } from "../shape.ts";
import type { Storage } from "../storage.ts";
import { packBuffers } from "./pack_buffers.ts";
import type { Place } from "./place.ts";
import { Planner, type TakeOver } from "./planner.ts";
import { orderSteps } from "./step_order.ts";

/** The place of a result of the graph after the program has run. */
export type ResultSource =
  | { readonly kind: "buffer"; readonly buffer: number }
  /** In the buffer of a donated parameter, which it has overwritten. */
  | { readonly kind: "overwritten"; readonly parameter: number }
  /** In the buffer of a donated parameter, unchanged. */
  | { readonly kind: "handed"; readonly parameter: number };

/** A compiled graph, before it is loaded on a device. */
export interface Plan {
  readonly program: Program;
  /** Program buffers of the parameters, in order. */
  readonly parameters: readonly number[];
  /** Tensors that the graph holds as constants, and their program buffers. */
  readonly captured: readonly { readonly storage: Storage; readonly buffer: number }[];
  readonly results: readonly ResultSource[];
  /** Program buffers that are needed only while the program runs. */
  readonly temporaries: readonly number[];
}

/** Options of planning. */
export interface PlanningOptions {
  readonly name: string;
  /** Parameters whose memory the results may take over. */
  readonly donated?: ReadonlySet<number>;
}

/** Chooses, for each result of the graph, a donated parameter of its size that no later step reads. */
function takesOver(
  { graph, numbers }: Fusion,
  steps: readonly FusedStep[],
  donated: ReadonlyMap<number, Place>,
): TakeOver {
  const computed = new Map(graph.results.filter((node) => !isLeaf(node)).map((node) => [numbers.of(node), node]));
  const free = new Set([...donated.keys()].filter((i) => !graph.results.includes(graph.parameters[i])));
  return (number, step) => {
    const node = computed.get(number);
    if (!node) return undefined;
    const later = steps.slice(steps.indexOf(step) + 1);
    for (const i of free) {
      const parameter = graph.parameters[i];
      const fits = step.group.reads.has(parameter) && parameter.dtype === node.dtype &&
        sizeOf(parameter.shape) === sizeOf(node.shape);
      if (!fits || later.some(({ group }) => group.reads.has(parameter))) continue;
      free.delete(i);
      return donated.get(i);
    }
    return undefined;
  };
}

/** Returns the place of each result. */
function sourcesOf({ graph, numbers }: Fusion, planner: Planner, parameters: readonly Place[]): ResultSource[] {
  const owners = new Map(parameters.map(({ buffer }, i) => [buffer, i]));
  return graph.results.map((node): ResultSource => {
    const { buffer } = planner.placeOf(numbers.of(node));
    const parameter = owners.get(buffer);
    if (parameter === undefined) return { kind: "buffer", buffer };
    return { kind: graph.parameters[parameter] === node ? "handed" : "overwritten", parameter };
  });
}

/** Plans the program that runs the nests of a graph. */
export function plan(fusion: Fusion, fused: readonly FusedStep[], { name, donated }: PlanningOptions): Plan {
  const planner = new Planner(fusion);
  const parameters = fusion.graph.parameters.map((node) => planner.buffer("parameter", node));
  parameters.forEach((place, i) => planner.put(fusion.numbers.of(fusion.graph.parameters[i]), place));
  const given = new Map([...donated ?? []].map((i) => [i, parameters[i]]));
  const steps = planner.steps(fused, { takeOver: takesOver(fusion, fused, given) });
  const sources = sourcesOf(fusion, planner, parameters);
  const kept = new Set(sources.flatMap((source) => source.kind === "buffer" ? [source.buffer] : []));
  const buffers = planner.buffers.map((buffer, i) => kept.has(i) ? { ...buffer, role: "result" as const } : buffer);
  const packed = packBuffers(buffers, orderSteps(buffers, steps));
  return {
    program: { name, buffers: packed.buffers, steps: packed.steps },
    parameters: parameters.map(({ buffer }) => packed.moved[buffer]),
    captured: [...planner.captured].map(([storage, { buffer }]) => ({ storage, buffer: packed.moved[buffer] })),
    results: sources.map((source) =>
      source.kind === "buffer" ? { ...source, buffer: packed.moved[source.buffer] } : source
    ),
    temporaries: packed.buffers.flatMap(({ role }, i) => role === "temporary" ? [i] : []),
  };
}
