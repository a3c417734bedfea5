/**
 * The steps of a scan: a loop over the body's steps.
 *
 * Nothing is copied between iterations. A carry has two halves; iteration t reads half t mod 2 and writes the other
 * one. If all values of a carry are needed, because it is also a stacked output, it has a place for each of them
 * instead of two.
 *
 * @module
 */

import type { FusedLoopStep } from "../fuse/build_nests.ts";
import type { FusedScan } from "../fuse/fused_graph.ts";
import type { ValueType } from "../graph/node.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { ProgramStep } from "../nest/program.ts";
import { sizeOf } from "../shape.ts";
import type { Place } from "./place.ts";
import type { Planner } from "./planner.ts";

/** The memory of a carry. */
interface CarryMemory {
  /** The memory of all its values. */
  readonly place: Place;
  /** The place that an iteration reads, and the one that it writes. */
  readonly read: Place;
  readonly write: Place;
  /** The value before the first iteration, and after the last one. */
  readonly first: Place;
  readonly last: Place;
}

/** Returns a part of a place. Its offset grows by multiples of expressions and a constant. */
type Shift = (parts: readonly (readonly [Expression, number])[], constant?: number) => Place;

function shifts({ table }: Planner, place: Place): Shift {
  return (parts, constant = 0) => ({ ...place, offset: table.affine([[place.offset, 1], ...parts], constant) });
}

/** Memory for two values of a carry; each iteration reads one and writes the other. */
function twoHalves(planner: Planner, type: ValueType, { turn, node }: FusedScan): CarryMemory {
  const size = sizeOf(type.shape);
  const place = planner.buffer("temporary", type, 2);
  const at = shifts(planner, place);
  const parity = planner.table.remainder(turn, 2);
  return {
    place,
    read: at([[parity, size]]),
    write: at([[parity, -size]], size),
    first: at([]),
    last: at([], size * (node.attributes.length % 2)),
  };
}

/** Memory for all values of a carry, in the order of the leading axis. */
function allValues(planner: Planner, type: ValueType, { time, node }: FusedScan): CarryMemory {
  const { length, reverse } = node.attributes;
  const size = sizeOf(type.shape);
  const place = planner.buffer("temporary", type, length + 1);
  const at = shifts(planner, place);
  return {
    place,
    read: at([[time, size]], reverse ? size : 0),
    write: at([[time, size]], reverse ? 0 : size),
    first: at([], reverse ? length * size : 0),
    last: at([], reverse ? 0 : length * size),
  };
}

function carriesOf(planner: Planner, scan: FusedScan): CarryMemory[] {
  const { body, carries } = scan.node.attributes;
  const kept = new Set([...scan.histories.values()].map(({ carry }) => carry));
  return body.parameters.slice(0, carries).map((type, i) => (kept.has(i) ? allValues : twoHalves)(planner, type, scan));
}

/** Plans memory for the results of each iteration, and returns the places of all stacked outputs. */
function placeResults(planner: Planner, scan: FusedScan, carries: readonly CarryMemory[]): Map<number, Place> {
  const { node: { attributes: { body, length, reverse } }, body: { numbers }, time } = scan;
  const stacks = new Map<number, Place>();
  for (const [output, { carry, after }] of scan.histories) {
    const size = sizeOf(body.results[output].shape);
    stacks.set(output, shifts(planner, carries[carry].place)([], after === reverse ? 0 : size));
  }
  for (const { index, node } of scan.computed) {
    if (index < carries.length) {
      planner.put(numbers.of(node), carries[index].write);
      continue;
    }
    const stack = planner.buffer("temporary", node, length);
    stacks.set(index, stack);
    planner.put(numbers.of(node), shifts(planner, stack)([[time, sizeOf(node.shape)]]));
  }
  return stacks;
}

/** Plans the steps of a scan within loops of these counters. */
export function planScan(
  planner: Planner,
  { scan, starts, steps }: FusedLoopStep,
  counters: readonly Variable[],
): ProgramStep[] {
  const { node: { attributes: { body, length } }, counter, picks } = scan;
  const carries = carriesOf(planner, scan);
  starts.forEach(({ number }, i) => planner.put(number, carries[i].first));
  const before = starts.flatMap(({ nest }) => nest ? [planner.bind(nest, counters)] : []);
  const stacks = placeResults(planner, scan, carries);
  for (const [index, numbers] of picks) {
    for (const number of numbers) planner.put(number, carries[index]?.last ?? stacks.get(index)!);
  }
  if (length === 0) return before;
  carries.forEach(({ read }, i) => planner.put(scan.body.numbers.of(body.parameters[i]), read));
  const inside = length === 1 ? counters : [...counters, counter];
  return [...before, { kind: "loop", counter, steps: planner.steps(steps, { counters: inside }) }];
}
