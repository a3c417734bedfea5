/**
 * From the kernels of a graph to loop nests, in the order in which they run.
 *
 * @module
 */

import { sizeOf } from "../shape.ts";
import type { NestBody } from "../nest/nest.ts";
import { buildCopy, buildNest, buildScatter } from "./build_nest.ts";
import { Cluster } from "./fusion_rules.ts";
import type { FusedScan, Fusion, Group } from "./fused_graph.ts";

/** One kernel. */
export interface FusedNestStep {
  readonly kind: "nest";
  readonly nest: NestBody;
  readonly group: Group;
  /** The value numbers that it writes. */
  readonly writes: readonly number[];
}

/** The first value of a carry. */
export interface CarryStart {
  /** The nest that writes it; undefined if it has no elements. */
  readonly nest: NestBody | undefined;
  /** The value number that the nest writes. */
  readonly number: number;
}

/** A scan: the first value of each carry, which is written before the loop, and the kernels of each iteration. */
export interface FusedLoopStep {
  readonly kind: "loop";
  readonly scan: FusedScan;
  readonly group: Group;
  readonly starts: readonly CarryStart[];
  readonly steps: readonly FusedStep[];
}

/** One step of a graph's computation. */
export type FusedStep = FusedNestStep | FusedLoopStep;

function startsOf({ node }: FusedScan, fusion: Fusion): CarryStart[] {
  return node.inputs.slice(0, node.attributes.carries).map((input) => {
    const number = fusion.numbers.fresh(input);
    return { number, nest: sizeOf(input.shape) === 0 ? undefined : buildCopy(input, number, fusion) };
  });
}

/** Builds the nests of all kernels of a graph. */
export function buildNests(fusion: Fusion): FusedStep[] {
  const { groups, stored, numbers } = fusion;
  return groups.map((group): FusedStep => {
    const { work } = group;
    const kept = [...group.nodes].filter((node) => stored.has(node));
    const writes = kept.map((node) => numbers.of(node));
    if (work instanceof Cluster) return { kind: "nest", nest: buildNest(work, kept, numbers), group, writes };
    if ("op" in work) return { kind: "nest", nest: buildScatter(work, fusion), group, writes };
    return { kind: "loop", scan: work, group, starts: startsOf(work, fusion), steps: buildNests(work.body) };
  });
}
