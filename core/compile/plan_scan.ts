/**
 * The steps of a scan: a loop over the body's steps.
 *
 * A carry has two halves; turn t reads half t mod 2 and writes the other one, so that nothing is copied between turns.
 *
 * @module
 */

import { type Graph, isNode, type Node } from "../graph/node.ts";
import { makeNode } from "../graph/ops.ts";
import { sizeOf } from "../shape.ts";
import type { Place } from "./build_nest.ts";
import type { Expression, Variable } from "./expression.ts";
import { isLeaf } from "./materialize.ts";
import type { Nest } from "./nest.ts";
import type { Planner, Scope } from "./plan.ts";
import type { NestStep, Step } from "./program.ts";

function shifted(
  planner: Planner,
  place: Place,
  parts: readonly (readonly [Expression, number])[],
  constant = 0,
): Place {
  return { ...place, offset: planner.table.affine([[place.offset, 1], ...parts], constant) };
}

/** Copies `count` elements. */
function copy({ table }: Planner, from: Place, to: Place, count: number, counters: readonly Variable[]): NestStep {
  const i = table.variable("i", count);
  const value = table.load(from.dtype, 0, table.affine([[i, 1], [from.offset, 1]]));
  const nest: Nest = {
    name: "copy",
    slots: [
      { dtype: from.dtype, elements: from.elements, access: "read" },
      { dtype: to.dtype, elements: to.elements, access: "write" },
    ],
    counters,
    outer: [i],
    phases: [{
      inner: [],
      reductions: [],
      stores: [{ slot: 1, index: table.affine([[i, 1], [to.offset, 1]]), value }],
    }],
  };
  return { kind: "nest", nest, buffers: [from.buffer, to.buffer] };
}

/** Results that need a kernel of their own to be written: what lies in memory already, and what is a result twice. */
function separateResults(body: Graph, wanted: readonly number[]): Node[] {
  const seen = new Set<Node>();
  return wanted.map((i) => {
    const node = body.results[i];
    if (!isLeaf(node) && !seen.has(node)) {
      seen.add(node);
      return node;
    }
    return makeNode("stop", [node], {});
  });
}

/** The steps of `node`; picks among `order` tell which of its results are needed. */
export function planScan(planner: Planner, node: Node<"scan">, order: readonly Node[], scope: Scope): Step[] {
  const { table } = planner;
  const { body, length, carries, stacked, reverse } = node.attributes;
  const picks = order.filter((pick): pick is Node<"pick"> => isNode(pick, "pick") && pick.inputs[0] === node);
  const needed = new Set(picks.map(({ attributes }) => attributes.index));
  const counter = table.variable("t", length);
  const time = reverse ? table.affine([[counter, -1]], length - 1) : counter;
  const parity = table.remainder(counter, 2);

  const carryBuffers = body.parameters.slice(0, carries).map((type) => planner.buffer("temporary", type, 2));
  const before = carryBuffers.map((place, i) =>
    copy(planner, planner.place(node.inputs[i], scope), place, sizeOf(body.parameters[i].shape), scope.counters)
  );

  const places = new Map<Node, Place>();
  body.parameters.forEach((parameter, i) => {
    const size = sizeOf(parameter.shape);
    if (i < carries) places.set(parameter, shifted(planner, carryBuffers[i], [[parity, size]]));
    else {
      const place = planner.place(node.inputs[i], scope);
      places.set(parameter, i < carries + stacked ? shifted(planner, place, [[time, size]]) : place);
    }
  });

  const wanted = body.results.map((_, i) => i).filter((i) => i < carries || needed.has(i));
  const results = separateResults(body, wanted);
  const targets = new Map<Node, Place>();
  const stacks = new Map<number, Place>();
  wanted.forEach((i, at) => {
    const size = sizeOf(results[at].shape);
    if (i < carries) targets.set(results[at], shifted(planner, carryBuffers[i], [[parity, -size]], size));
    else {
      const stack = planner.buffer("temporary", results[at], length);
      stacks.set(i, stack);
      targets.set(results[at], shifted(planner, stack, [[time, size]]));
    }
  });
  for (const pick of picks) {
    const { index } = pick.attributes;
    const last = index < carries
      ? shifted(planner, carryBuffers[index], [], (length % 2) * sizeOf(pick.shape))
      : stacks.get(index)!;
    scope.places.set(pick, last);
  }
  const steps = planner.steps(results, { places, targets, counters: [...scope.counters, counter] });
  const filled = before.filter((_, i) => sizeOf(body.parameters[i].shape) > 0);
  return length === 0 ? filled : [...filled, { kind: "loop", counter, steps }];
}
