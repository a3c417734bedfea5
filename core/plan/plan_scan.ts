/**
 * The steps of a scan: a loop over the body's steps.
 *
 * Nothing is copied between turns. A carry has two halves; turn t reads half t mod 2 and writes the other one. Where all
 * values of a carry are wanted, because it is also a stacked output, it has a place for each of them in place of two.
 *
 * @module
 */

import { type Graph, isNode, type Node } from "../graph/node.ts";
import { makeNode } from "../graph/ops.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { type Place, SlotTable } from "../fuse/build_nest.ts";
import { loops, variablesOf } from "../fuse/cluster.ts";
import { collapse } from "../fuse/collapse.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import { flatten, type Lowering } from "../fuse/lower.ts";
import { isLeaf } from "../fuse/materialize.ts";
import type { Nest } from "../nest/nest.ts";
import type { Planner, Scope, View } from "./plan.ts";
import type { NestStep, Step } from "../nest/program.ts";

/** The memory of a carry. */
interface CarryMemory {
  /** All of it. */
  readonly place: Place;
  /** What a turn reads and writes. */
  readonly read: Place;
  readonly write: Place;
  /** Before the first and after the last turn. */
  readonly first: Place;
  readonly last: Place;
}

function shifted(
  { table }: Planner,
  place: Place,
  parts: readonly (readonly [Expression, number])[],
  constant = 0,
): Place {
  return { ...place, offset: table.affine([[place.offset, 1], ...parts], constant) };
}

/** How stacked outputs that are carries are found in their memory: those of before a turn, or those of after it. */
function historyOf(
  { parameters, results }: Graph,
  carries: number,
  output: number,
): { carry: number; after: boolean } | undefined {
  const before = parameters.slice(0, carries).indexOf(results[output] as Node<"parameter">);
  if (before >= 0) return { carry: before, after: false };
  const after = results.slice(0, carries).indexOf(results[output]);
  return after >= 0 ? { carry: after, after: true } : undefined;
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

/** Plans one scan. */
class ScanPlan {
  readonly counter: Variable;
  readonly #time: Expression;
  readonly #turn: Expression;
  readonly #needed = new Map<number, Node<"pick">[]>();
  readonly #carries: CarryMemory[];

  constructor(
    readonly planner: Planner,
    readonly node: Node<"scan">,
    order: readonly Node[],
    readonly scope: Scope,
    readonly inMemory: (node: Node) => boolean,
  ) {
    const { table } = planner;
    const { length, reverse, carries } = node.attributes;
    this.counter = table.variable("t", length);
    this.#turn = length === 1 ? table.literal("i32", 0) : this.counter;
    this.#time = reverse ? table.affine([[this.#turn, -1]], length - 1) : this.#turn;
    const picks = order.filter((pick): pick is Node<"pick"> => isNode(pick, "pick") && pick.inputs[0] === node);
    // `Map.groupBy` does the same, but Node 20 has none.
    for (const pick of picks) {
      const { index } = pick.attributes;
      this.#needed.set(index, [...this.#needed.get(index) ?? [], pick]);
    }
    const outputs = [...this.#needed.keys()].filter((i) => i >= carries);
    const kept = new Set(outputs.map((i) => historyOf(node.attributes.body, carries, i)?.carry));
    this.#carries = node.attributes.body.parameters.slice(0, carries).map((type, i) => this.#memory(type, kept.has(i)));
  }

  #memory(type: Node, history: boolean): CarryMemory {
    const { planner, node: { attributes: { length, reverse } } } = this;
    const size = sizeOf(type.shape);
    const place = planner.buffer("temporary", type, history ? length + 1 : 2);
    const at = (slot: readonly (readonly [Expression, number])[], constant: number): Place =>
      shifted(planner, place, slot.map(([e, c]) => [e, c * size] as const), constant * size);
    if (history) {
      const [read, write] = reverse ? [1, 0] : [0, 1];
      return {
        place,
        read: at([[this.#time, 1]], read),
        write: at([[this.#time, 1]], write),
        first: at([], reverse ? length : 0),
        last: at([], reverse ? 0 : length),
      };
    }
    const parity = planner.table.remainder(this.#turn, 2);
    return {
      place,
      read: at([[parity, 1]], 0),
      write: at([[parity, -1]], 1),
      first: at([], 0),
      last: at([], length % 2),
    };
  }

  steps(): Step[] {
    const { planner, scope, node } = this;
    const { body, length, carries, reverse } = node.attributes;
    const before = this.#carries.flatMap(({ first }, i) => this.#start(node.inputs[i], first));
    const targets = new Map<Node, Place>();
    const stacks = new Map<number, Place>();
    const wanted = body.results.map((_, i) => i).filter((i) => {
      if (i < carries) return true;
      const history = this.#needed.has(i) ? historyOf(body, carries, i) : undefined;
      if (!history) return this.#needed.has(i);
      const { place } = this.#carries[history.carry];
      stacks.set(i, shifted(planner, place, [], history.after === reverse ? 0 : sizeOf(body.results[i].shape)));
      return false;
    });
    const results = separateResults(body, wanted);
    wanted.forEach((i, position) => {
      const result = results[position];
      if (i < carries) return targets.set(result, this.#carries[i].write);
      const stack = planner.buffer("temporary", result, length);
      stacks.set(i, stack);
      return targets.set(result, shifted(planner, stack, [[this.#time, sizeOf(result.shape)]]));
    });
    for (const [i, picks] of this.#needed) {
      for (const pick of picks) scope.places.set(pick, i < carries ? this.#carries[i].last : stacks.get(i)!);
    }
    if (length === 0) return before;
    const places = new Map<Node, Place>(this.#carries.map(({ read }, i) => [body.parameters[i], read]));
    const counters = length === 1 ? scope.counters : [...scope.counters, this.counter];
    const steps = planner.steps(results, { places, targets, views: this.#views(), counters });
    return [...before, { kind: "loop", counter: this.counter, steps }];
  }

  /** Stacked inputs and constants are read where they lie outside. */
  #views(): Map<Node, View> {
    const { planner, scope, node: { inputs, attributes: { body, carries, stacked } } } = this;
    return new Map(
      body.parameters.slice(carries).map((parameter, i): [Node, View] => {
        const time = i < stacked ? [this.#time] : [];
        return [
          parameter,
          (index, guard, slots) =>
            planner.lowering(scope, slots, this.inMemory).element(inputs[carries + i], [...time, ...index], guard),
        ];
      }),
    );
  }

  /** Writes the first value of a carry. */
  #start(input: Node, place: Place): NestStep[] {
    if (sizeOf(input.shape) === 0) return [];
    const { planner, scope } = this;
    const slots = new SlotTable();
    const lowering = planner.lowering(scope, slots, this.inMemory);
    return [assign(planner, input, place, lowering, slots, scope)];
  }
}

function assign(
  { table }: Planner,
  node: Node,
  place: Place,
  lowering: Lowering,
  slots: SlotTable,
  { counters }: Scope,
): NestStep {
  const shape: Shape = node.shape;
  const index = loops(table, shape, "i");
  const value = lowering.element(node, index);
  const store = {
    slot: slots.writing(place),
    index: table.affine([[flatten(table, shape, index), 1], [place.offset, 1]]),
    value,
  };
  const nest: Nest = {
    name: "start",
    slots: slots.slots(),
    counters,
    outer: variablesOf(index),
    phases: [{ inner: [], reductions: [], stores: [store] }],
  };
  return { kind: "nest", nest: collapse(nest, table), buffers: slots.buffers };
}

/** The steps of `node`; picks among `order` tell which of its results are needed. */
export function planScan(
  planner: Planner,
  node: Node<"scan">,
  order: readonly Node[],
  scope: Scope,
  inMemory: (node: Node) => boolean,
): Step[] {
  return new ScanPlan(planner, node, order, scope, inMemory).steps();
}
