import { assert, assertEquals } from "@std/assert";
import { concatenate } from "../../functions/movement.ts";
import { softmax } from "../../functions/reduction.ts";
import type { Tensor } from "../../tensor.ts";
import { type Argument, assertNear, type Computation, graphOf, interpretWith, numbers } from "../../../tests/oracle.ts";
import { type Node, topological } from "../node.ts";
import { rewrites } from "./rewrites.ts";
import { simplify } from "./simplify.ts";

const x = numbers([3, 4]);
const y = numbers([3, 4], { seed: 2 });
const integers = numbers([5], { dtype: "i32", low: -3, high: 4 });
const flags = numbers([5], { dtype: "bool" });
const empty = numbers([2, 0, 3]);

interface Example {
  readonly inputs: readonly Argument[];
  /** Functions whose graphs contain a node that the rewrite matches. */
  readonly fits: readonly Computation[];
}

const windows = { size: [2], strides: [1], dilations: [1] };
const raw = (op: "flip" | "permute", axes: readonly number[]) => (x: Tensor): Tensor => x.apply(op, [], { axes });

/** One entry for each rewrite; the type requires one for a new rewrite. */
const examples: Readonly<Record<keyof typeof rewrites, Example>> = {
  "an operation on constants is a constant": {
    inputs: [x],
    fits: [(x) => x.fullLike(0.1).add(x.fullLike(0.2)), (x) => x.fullLike(7, "i32").div(x.fullLike(2, "i32"))],
  },
  "a movement of constants is a constant": {
    inputs: [x],
    fits: [
      (x) => x.fullLike(3).transpose(),
      (x) => x.fullLike(3).apply("window", [], windows),
      (x) => x.onesLike().slice([1, 1]).flip(),
      (x) => concatenate([x.onesLike(), x.onesLike()]),
    ],
  },
  "an operation with a neutral operand is its other operand": {
    inputs: [x, integers],
    fits: [
      (x) => x.add(x.fullLike(-0)),
      (x) => x.fullLike(-0).add(x),
      (_, i) => i.add(i.zerosLike()),
      (x) => x.sub(x.zerosLike()),
      (x) => x.mul(x.onesLike()),
      (x) => x.onesLike().mul(x),
      (x) => x.div(x.onesLike()),
      (x) => x.apply("pow", [x.onesLike()], {}),
      (_, i) => i.binary("shl", i.zerosLike()),
      (_, i) => i.binary("shr", i.zerosLike()),
    ],
  },
  "a movement that moves nothing is dropped": {
    inputs: [x],
    fits: [
      (x) => x.apply("reshape", [], { shape: x.shape }),
      (x) => x.apply("expand", [], { shape: x.shape }),
      raw("permute", [0, 1]),
      raw("flip", []),
      (x) => x.apply("slice", [], { start: [0, 0], stop: x.shape, step: [1, 1] }),
      (x) => x.apply("pad", [], { padding: [[0, 0], [0, 0]], value: 3 }),
      (x) => x.apply("concat", [], { axis: 0 }),
      (x) => x.stopGradient(),
      (x) => x.apply("clipGradient", [], { limit: 1 }),
    ],
  },
  "two movements of one kind become one": {
    inputs: [x],
    fits: [
      (x) => x.reshape([12]).reshape([2, 6]),
      (x) => x.expandDims(0).expandDims(0).broadcastTo([2, 1, 3, 4]).broadcastTo([2, 5, 3, 4]),
      (x) => x.expandDims(0).transpose([2, 0, 1]).transpose([2, 0, 1]),
      (x) => x.flip(0).flip([0, 1]),
      (x) => x.flip(0).flip(1),
    ],
  },
  "a conversion to the same type is dropped": {
    inputs: [integers],
    fits: [(x) => x.apply("cast", [], { dtype: "i32" })],
  },
  "a known choice is made": {
    inputs: [x, y],
    fits: [
      (x, y) => x.fullLike(1, "bool").where(x, y),
      (x, y) => x.fullLike(0, "bool").where(x, y),
      (x, y) => x.less(y).where(x, x),
    ],
  },
  "an involution applied twice is dropped": {
    inputs: [x, flags],
    fits: [(x) => x.neg().neg(), (_, flag) => flag.apply("not", [], {}).apply("not", [], {})],
  },
  "a reduction of no elements is a constant": {
    inputs: [empty],
    fits: [
      (x) => x.sum({ axis: 1 }),
      (x) => x.prod({ axis: 1 }),
      (x) => x.apply("dot", [x.transpose([0, 2, 1])], {}),
      (x) => x.transpose([0, 2, 1]).apply("dot", [x], {}),
      (x) => x.sum(),
    ],
  },
  "a concatenation of many pieces is split in halves": {
    inputs: [x, y],
    fits: [(x, y) => concatenate([x, y, x, y, x])],
  },
  "a reduction along axes of extent 1 is a reshape": {
    inputs: [x],
    fits: [
      (x) => x.expandDims(1).sum({ axis: 1 }),
      (x) => x.expandDims(1).prod({ axis: 1 }),
      (x) => x.expandDims(1).max({ axis: 1 }),
      (x) => x.expandDims(1).min({ axis: 1 }),
    ],
  },
  "log(exp(x)) is x": { inputs: [x], fits: [(x) => x.exp().log()] },
  "log(exp(x) / y) is x − log(y)": {
    inputs: [x, numbers([3, 4], { low: 0.5, high: 3 })],
    fits: [
      (x, y) => x.exp().div(y).log(),
      (x, y) => x.exp().mul(y.reciprocal()).log(),
      (x, y) => y.reciprocal().mul(x.exp()).log(),
      (x, y) => x.exp().mul(y.sum({ axis: 1, keepDims: true }).reciprocal()).log(),
      (x) => softmax(x).log(),
    ],
  },
};

/** The nodes that a rewrite matches, with their replacements. */
function changes(name: keyof typeof rewrites, results: readonly Node[]): [Node, Node][] {
  return topological(results).flatMap((node): [Node, Node][] => {
    const better = rewrites[name](node);
    return better ? [[node, better]] : [];
  });
}

for (const [name, { inputs, fits }] of Object.entries(examples) as [keyof typeof rewrites, Example][]) {
  Deno.test(`${name}: the values stay the same`, () => {
    fits.forEach((fn, i) => {
      const { parameters, results } = graphOf(fn, inputs);
      const found = changes(name, results);
      assert(found.length > 0, `the rewrite does not match example ${i}`);
      for (const [node, better] of found) {
        assertEquals([better.shape, better.dtype], [node.shape, node.dtype]);
        const [before, after] = interpretWith({ parameters, results: [node, better] }, inputs);
        assertNear(after.values, before.values, `example ${i}`, { tolerance: 1e-6 });
      }
    });
  });

  Deno.test(`${name}: after simplification nothing matches any more`, () => {
    for (const fn of fits) assertEquals(changes(name, simplify(graphOf(fn, inputs)).results), []);
  });
}

Deno.test("nodes that only resemble a pattern are not rewritten", () => {
  const kept: readonly Computation[] = [
    (x) => x.fullLike(0).sub(x),
    (x) => x.onesLike().div(x),
    (x) => x.neg().exp().neg(),
    (x) => x.flip(0).transpose().flip(0),
    (x, y) => x.less(y).where(x, y),
    (x) => x.expandDims(1).argmax({ axis: 1 }),
    (x, y) => concatenate([x, y, x, y]),
    (x, y) => concatenate([x.zerosLike(), y.onesLike()]),
    (x, y) => concatenate([x.fullLike(0), y.fullLike(-0)]),
    (x) => x.onesLike().pad([[1, 1], [0, 0]]),
  ];
  for (const [i, fn] of kept.entries()) {
    const { results } = graphOf(fn, [x, y]);
    const matching = (Object.keys(rewrites) as (keyof typeof rewrites)[]).filter((name) =>
      rewrites[name](results[0]) !== undefined
    );
    assertEquals(matching, [], `example ${i}`);
  }
});
