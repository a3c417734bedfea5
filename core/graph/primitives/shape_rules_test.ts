import { assertEquals, assertThrows } from "@std/assert";
import type { DType } from "../../dtype.ts";
import type { Shape } from "../../shape.ts";
import { type Node, parameter, showType } from "../node.ts";
import { makeNode } from "../ops.ts";

const of = (dtype: DType, ...shape: number[]): Node => parameter(0, { shape, dtype });
const f32 = (...shape: number[]): Node => of("f32", ...shape);
const i32 = (...shape: number[]): Node => of("i32", ...shape);
const bool = (...shape: number[]): Node => of("bool", ...shape);

const conv = {
  strides: [1],
  padding: [[0, 0]] as [number, number][],
  dilations: [1],
  inputDilations: [1],
};
const slice = (start: Shape, stop: Shape, step: Shape) => makeNode("slice", [f32(5, 4)], { start, stop, step });
const pad = (...padding: [number, number][]) => makeNode("pad", [f32(5, 4)], { padding, value: 0 });
const windows = (size: number[], strides: number[], dilations: number[]) =>
  makeNode("window", [f32(5, 4)], { size, strides, dilations });

/** Calls at the bounds of what is allowed, and the types of their results. */
const allowed: Readonly<Record<string, readonly [() => Node, string]>> = {
  "one type": [() => makeNode("add", [f32(2, 3), f32(2, 3)], {}), "f32[2, 3]"],
  "a comparison": [() => makeNode("lt", [i32(2), i32(2)], {}), "bool[2]"],
  "flags as bits": [() => makeNode("and", [bool(2), bool(2)], {}), "bool[2]"],
  "a choice": [() => makeNode("where", [bool(2), i32(2), i32(2)], {}), "i32[2]"],
  "a conversion": [() => makeNode("cast", [f32(2)], { dtype: "u32" }), "u32[2]"],
  "a reshape": [() => makeNode("reshape", [f32(2, 3)], { shape: [6, 1] }), "f32[6, 1]"],
  "a reshape of nothing": [() => makeNode("reshape", [f32(0, 3)], { shape: [2, 0] }), "f32[2, 0]"],
  "a permutation": [() => makeNode("permute", [f32(2, 3, 4)], { axes: [2, 0, 1] }), "f32[4, 2, 3]"],
  "an expansion": [() => makeNode("expand", [f32(1, 3)], { shape: [0, 3] }), "f32[0, 3]"],
  "all elements": [() => slice([0, 0], [5, 4], [1, 1]), "f32[5, 4]"],
  "no elements": [() => slice([5, 2], [5, 2], [1, 9]), "f32[0, 0]"],
  "every second": [() => slice([0, 1], [5, 4], [2, 2]), "f32[3, 2]"],
  "no padding": [() => pad([0, 0], [0, 3]), "f32[5, 7]"],
  "joined tensors": [() => makeNode("concat", [f32(2, 3), f32(2, 0), f32(2, 1)], { axis: 1 }), "f32[2, 4]"],
  "windows": [() => windows([4], [1], [1]), "f32[5, 1, 4]"],
  "windows of both axes": [() => windows([2, 2], [2, 3], [3, 1]), "f32[1, 1, 2, 2]"],
  "windows that do not fit": [() => windows([5], [1], [1]), "f32[5, 0, 5]"],
  "windows together": [
    () => makeNode("unwindow", [f32(2, 2)], { size: [2], strides: [2], dilations: [1], shape: [5] }),
    "f32[5]",
  ],
  "a sum of nothing": [() => makeNode("sum", [f32(3, 0)], { axes: [1] }), "f32[3]"],
  "positions": [() => makeNode("argmax", [f32(3, 2)], { axes: [0] }), "i32[2]"],
  "no maxima of nothing": [() => makeNode("maxOf", [f32(0, 0)], { axes: [1] }), "f32[0]"],
  "a product": [() => makeNode("dot", [f32(2, 3, 4), f32(2, 4, 5)], {}), "f32[2, 3, 5]"],
  "a convolution": [() => makeNode("conv", [f32(1, 2, 3, 9), f32(1, 4, 3, 9)], conv), "f32[1, 2, 4, 1]"],
  "a convolution of nothing": [() => makeNode("conv", [f32(1, 2, 3, 8), f32(1, 4, 3, 9)], conv), "f32[1, 2, 4, 0]"],
  "a gather": [() => makeNode("gather", [f32(5, 4), i32(2, 3)], { axis: 1 }), "f32[5, 2, 3]"],
  "a gather of nothing": [() => makeNode("gather", [f32(0, 4), i32(0)], { axis: 0 }), "f32[0, 4]"],
  "a scatter": [() => makeNode("scatterAdd", [f32(5, 4), i32(3), f32(3, 4)], { axis: 0 }), "f32[5, 4]"],
};

Deno.test("operands at the bounds of what is allowed have the type that follows from them", () => {
  for (const [name, [make, type]] of Object.entries(allowed)) assertEquals(showType(make()), type, name);
});

/** Calls that are refused, with the messages. */
const refused: readonly (readonly [() => Node, typeof TypeError | typeof RangeError, string])[] = [
  [() => makeNode("add", [f32(2), f32(3)], {}), TypeError, "Cannot add f32[2] and f32[3]: shapes must be equal"],
  [
    () => makeNode("add", [f32(2), i32(2)], {}),
    TypeError,
    "Cannot add f32[2] and i32[2]: expected one element type of f32, i32, u32",
  ],
  [
    () => makeNode("add", [bool(2), bool(2)], {}),
    TypeError,
    "Cannot add bool[2] and bool[2]: expected one element type of f32, i32, u32",
  ],
  [() => makeNode("exp", [i32(2)], {}), TypeError, "Cannot exp i32[2]: expected one element type of f32"],
  [() => makeNode("not", [i32(2)], {}), TypeError, "Cannot not i32[2]: expected one element type of bool"],
  [
    () => makeNode("where", [bool(2), f32(2), f32(3)], {}),
    TypeError,
    "Cannot choose between f32[2] and f32[3]: shapes must be equal",
  ],
  [
    () => makeNode("where", [i32(2), f32(2), f32(2)], {}),
    TypeError,
    "Cannot choose between f32[2] and f32[2] by i32[2]: expected a bool condition of the same shape",
  ],
  [
    () => makeNode("where", [bool(3), f32(2), f32(2)], {}),
    TypeError,
    "Cannot choose between f32[2] and f32[2] by bool[3]: expected a bool condition of the same shape",
  ],
  [
    () => makeNode("reshape", [f32(2, 3)], { shape: [5] }),
    TypeError,
    "Cannot reshape [2, 3] to [5]: expected 6 elements, got 5",
  ],
  [
    () => makeNode("reshape", [f32(2, 3)], { shape: [-2, -3] }),
    RangeError,
    "Cannot reshape to [-2, -3]: extents must be whole numbers of at least 0, got -2",
  ],
  ...[[0], [0, 0], [0, 2], [0, 1, 2]].map((axes) =>
    [
      () => makeNode("permute", [f32(2, 3)], { axes }),
      RangeError,
      `Cannot transpose [2, 3] by axes [${axes.join(", ")}]: each axis must be named once`,
    ] as const
  ),
  ...[[2, 4], [2], [3, 3], [2, 3, 1]].map((shape) =>
    [
      () => makeNode("expand", [f32(2, 3)], { shape }),
      TypeError,
      `Cannot broadcast [2, 3] to [${shape.join(", ")}]: extents must be equal or 1`,
    ] as const
  ),
  [
    () => makeNode("expand", [f32(1, 3)], { shape: [2 ** 30, 3] }),
    RangeError,
    "Cannot broadcast to [1073741824, 3]: a tensor has at most 2147483647 elements, got 3221225472",
  ],
  ...[
    [[-1, 0], [5, 4], [1, 1], 0, 5],
    [[0, 0], [5, 5], [1, 1], 1, 4],
    [[3, 0], [2, 4], [1, 1], 0, 5],
    [[0, 0], [5, 4], [1, 0], 1, 4],
    [[0, NaN], [5, 4], [1, 1], 1, 4],
  ].map(([start, stop, step, axis, extent]) => {
    const [from, to, by] = [start, stop, step] as number[][];
    const shown = [from, to, by].map((one) => `[${one.join(", ")}]`);
    return [
      () => slice(from, to, by),
      RangeError,
      `Cannot slice [5, 4] from ${shown[0]} to ${shown[1]} by ${shown[2]}: axis ${axis} has extent ${extent}`,
    ] as const;
  }),
  ...([[[0, 0]], [[-1, 0], [0, 0]], [[0, 0], [0, -1]], [[0, 0], [0, 0], [0, 0]]] as [number, number][][]).map((
    padding,
  ) =>
    [
      () => pad(...padding),
      RangeError,
      `Cannot pad [5, 4] by ${JSON.stringify(padding)}: expected a pair of at least [0, 0] for each axis`,
    ] as const
  ),
  [
    () => makeNode("concat", [f32(2, 3), f32(3, 3)], { axis: 1 }),
    TypeError,
    "Cannot concatenate f32[2, 3] and f32[3, 3] along axis 1: other extents and element types must be equal",
  ],
  [
    () => makeNode("concat", [f32(2, 3), i32(2, 3)], { axis: 1 }),
    TypeError,
    "Cannot concatenate f32[2, 3] and i32[2, 3] along axis 1: other extents and element types must be equal",
  ],
  ...[
    [[0], [1], [1]],
    [[1], [0], [1]],
    [[1], [1], [0]],
    [[1.5], [1], [1]],
    [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
  ].map(([size, strides, dilations]) =>
    [
      () => windows(size, strides, dilations),
      RangeError,
      `Cannot take windows of [${size.join(", ")}] by strides [${strides.join(", ")}] from [5, 4]: expected whole ` +
      "numbers of at least 1",
    ] as const
  ),
  [
    () => makeNode("unwindow", [f32(3, 2)], { size: [2], strides: [2], dilations: [1], shape: [5] }),
    TypeError,
    "Cannot put windows [3, 2] together to [5]: expected windows [2, 2]",
  ],
  [
    () => makeNode("sum", [bool(3)], { axes: [0] }),
    TypeError,
    "Cannot take the sum of bool[3]: cast it to a number first",
  ],
  [
    () => makeNode("maxOf", [f32(3, 0)], { axes: [1] }),
    RangeError,
    "Cannot take the max of f32[3, 0] along axes [1]: there are no elements",
  ],
  [
    () => makeNode("argmin", [f32(0)], { axes: [0] }),
    RangeError,
    "Cannot take the argmin of f32[0] along axes [0]: there are no elements",
  ],
  ...([
    [f32(2, 3, 4), f32(2, 5, 4)],
    [f32(2, 3, 4), f32(1, 4, 5)],
    [f32(3, 4), f32(4, 5)],
    [f32(2, 3, 4), f32(4, 5)],
    [i32(2, 3, 4), f32(2, 4, 5)],
    [f32(2, 3, 4), i32(2, 4, 5)],
  ] as const).map(([a, b]) =>
    [
      () => makeNode("dot", [a, b], {}),
      TypeError,
      `Cannot multiply ${showType(a)} by ${
        showType(b)
      }: expected f32[batch, rows, depth] and f32[batch, depth, columns]`,
    ] as const
  ),
  ...([
    [i32(1, 2, 3, 9), f32(1, 4, 3, 5), "expected f32"],
    [f32(1, 2, 3, 9), i32(1, 4, 3, 5), "expected f32"],
    [
      f32(1, 2, 3, 9, 9),
      f32(1, 4, 3, 5, 5),
      "expected [groups, batch, channels, …space] and [groups, filters, channels, …window]",
    ],
    [
      f32(1, 2, 3, 9),
      f32(1, 4, 3),
      "expected [groups, batch, channels, …space] and [groups, filters, channels, …window]",
    ],
    [
      f32(1, 2, 3, 9),
      f32(1, 4, 2, 5),
      "groups and channels must match, got 1 and 1 groups of 3 and 2 channels",
    ],
    [
      f32(1, 2, 3, 9),
      f32(2, 4, 3, 5),
      "groups and channels must match, got 1 and 2 groups of 3 and 3 channels",
    ],
    [f32(1, 2, 3, 7), f32(1, 4, 3, 9), "the window is larger than the padded input"],
  ] as const).map(([x, w, why]) =>
    [
      () => makeNode("conv", [x, w], conv),
      TypeError,
      `Cannot convolve ${showType(x)} with ${showType(w)}: ${why}`,
    ] as const
  ),
  [
    () => makeNode("gather", [f32(5, 4), f32(2)], { axis: 0 }),
    TypeError,
    "Cannot gather from f32[5, 4] by indices f32[2]: expected i32",
  ],
  [
    () => makeNode("gather", [f32(5, 0), i32(2)], { axis: 1 }),
    RangeError,
    "Cannot gather from f32[5, 0] along axis 1: it has no elements",
  ],
  [
    () => makeNode("scatterAdd", [f32(5, 4), f32(3), f32(3, 4)], { axis: 0 }),
    TypeError,
    "Cannot scatter into f32[5, 4] by indices f32[3]: expected i32",
  ],
  ...([
    [f32(5, 4), f32(2, 4), "f32[3, 4]"],
    [f32(5, 4), i32(3, 4), "f32[3, 4]"],
    [bool(5, 4), bool(3, 4), "bool[3, 4]"],
  ] as const).map(([base, updates, expected]) =>
    [
      () => makeNode("scatterAdd", [base, i32(3), updates], { axis: 0 }),
      TypeError,
      `Cannot scatter ${showType(updates)} into ${showType(base)} along axis 0: expected updates ${expected}`,
    ] as const
  ),
];

Deno.test("operands that do not fit are refused, with their types and what was expected", () => {
  for (const [make, kind, message] of refused) {
    const error = assertThrows(make, kind, undefined, message);
    assertEquals(error.message, message);
  }
});

/** A loop of four turns over a carry and a stacked input, whose body has given results. */
function loop(carry: Node, stacked: Node, next: Node): Node {
  const parameters = [0, 1].map((index) => parameter(index, { shape: [2], dtype: "f32" }));
  const body = { parameters, results: [next, parameters[1]] };
  return makeNode("scan", [carry, stacked], { body, length: 4, carries: 1, stacked: 1, reverse: false });
}

Deno.test("the types of a loop's carries and inputs are those of its body", () => {
  assertEquals(loop(f32(2), f32(4, 2), f32(2)).results?.map(({ shape }) => shape), [[2], [4, 2]]);
  for (
    const [carry, stacked, next, message] of [
      [f32(3), f32(4, 2), f32(2), "carry 0 must be f32[2], got f32[3]"],
      [i32(2), f32(4, 2), f32(2), "carry 0 must be f32[2], got i32[2]"],
      [f32(2), f32(5, 2), f32(2), "stacked input 0 must be f32[4, 2], got f32[5, 2]"],
      [f32(2), f32(4, 2), f32(3), "the body's new carry 0 must be f32[2], got f32[3]"],
    ] as const
  ) {
    assertEquals(assertThrows(() => loop(carry, stacked, next), TypeError).message, `Cannot scan: ${message}`);
  }
});
