/**
 * Results and messages of the functions of the core for many combinations of shapes, element types and options.
 *
 * @module
 */

import * as core from "../../core/mod.ts";
import { setDevice } from "../../core/device.ts";
import { binaryOps } from "../../core/scalar/operations.ts";
import { optionKinds } from "./option_results.ts";
import { outcomeOf } from "./reader_results.ts";
import type { Recording } from "./recording.ts";

type T = core.Tensor;
type Calls = Generator<readonly [title: string, call: () => unknown]>;

const dtypes = ["f32", "i32", "u32", "bool"] as const;

/** Numbers of both signs in no order, without fractions unless they are f32. */
function numbers(shape: readonly number[], dtype: core.DType = "f32"): T {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const values = Array.from({ length: count }, (_, i) => {
    const value = (i * 7 + 3) % 11 - (dtype === "u32" ? 0 : 4);
    return dtype === "f32" ? value / 2 : dtype === "bool" ? value % 2 : value;
  });
  return core.tensor(values, shape, { dtype });
}

const show = (value: unknown): string => JSON.stringify(value) ?? "undefined";

function* creation(): Calls {
  const values: readonly unknown[] = [
    3,
    true,
    [],
    [[], []],
    [1, 2],
    [[1], [2]],
    [true, false],
    [1, true],
    [false, 2],
    [[1, 2], [3]],
    [[1], 2],
    [1, , 2],
    ["1"],
    null,
    undefined,
    {},
    new Float64Array([1.5, 2]),
    new Int32Array([-1, 2]),
    new Uint32Array([1, 4294967295]),
    new Uint8Array([0, 1]),
    new Uint8Array([1, 2]),
    new Uint8Array([0, 255]),
    new Float32Array(0),
    [2 ** 31, -(2 ** 31) - 1],
    [NaN, Infinity, -0],
    [0.5, -0.5],
    Array.from({ length: 7 }, (_, i) => [[[[i, [0]]]]]),
  ];
  for (const [i, value] of values.entries()) {
    for (const shape of [undefined, [], [2], [1, 2], [0], [-1], [2, 1.5]]) {
      yield [`tensor ${i} ${show(shape)}`, () => core.tensor(value as number, shape)];
    }
    for (const dtype of dtypes) {
      yield [`tensor ${i} ${dtype}`, () => core.tensor(value as number, undefined, { dtype })];
    }
  }
  for (
    const args of [[0], [1], [5], [-1], [2, 5], [5, 2], [5, 2, -1], [0, 1, 0.3], [0.5, 3], [1, 2, 0], [0, 2 ** 31 + 1]]
  ) {
    const [start, stop, step] = args;
    for (const dtype of dtypes) {
      yield [`arange ${args} ${dtype}`, () => core.arange(start, stop, step, { dtype }).sum({ axis: [] })];
    }
  }
  for (const args of [[0], [1], [3], [2, 4], [4, 2], [-1]]) yield [`eye ${args}`, () => core.eye(args[0], args[1])];
  for (const shape of [[], [2], [0, 3], [2 ** 16, 2 ** 15], [2 ** 31], [-1], [0.5], [NaN]]) {
    yield [`full ${shape}`, () => core.full(shape, 2).shape];
    yield [`uniform ${shape}`, () => core.random.uniform(core.random.key(1), shape).shape];
  }
}

function* arithmetic(): Calls {
  const others: readonly (number | boolean)[] = [2, -1, 2.5, 3e9, 0, NaN];
  for (const op of binaryOps) {
    for (const a of dtypes) {
      for (const b of dtypes) yield [`${op} ${a} ${b}`, () => numbers([5], a).binary(op, numbers([5], b))];
      for (const b of others) yield [`${op} ${a} ${b}`, () => numbers([5], a).binary(op, b as number)];
    }
  }
  for (const dtype of dtypes) {
    const x = numbers([6], dtype);
    for (const exponent of [-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 5, 7, 8, 9, 2.5, 100]) {
      yield [`pow ${dtype} ${exponent}`, () => x.pow(exponent)];
    }
    const methods = [
      "neg",
      "abs",
      "sign",
      "exp",
      "sqrt",
      "square",
      "reciprocal",
      "floor",
      "trunc",
      "logicalNot",
    ] as const;
    for (const name of [...methods, "log", "sin", "cos", "tanh", "sigmoid", "erf"] as const) {
      yield [`${name} ${dtype}`, () => x[name]()];
    }
    for (const to of dtypes) {
      yield [`cast ${dtype} ${to}`, () => x.cast(to)];
      yield [`bitcast ${dtype} ${to}`, () => x.bitcast(to as "f32")];
      yield [`where ${dtype} ${to}`, () => numbers([6], "bool").where(x, numbers([6], to))];
      yield [`clip ${dtype} ${to}`, () => core.clip(x, numbers([6], to), 3)];
      yield [`matmul ${dtype} ${to}`, () => numbers([2, 3], dtype).matmul(numbers([3, 2], to))];
      yield [`concatenate ${dtype} ${to}`, () => core.concatenate([x, numbers([2], to)])];
    }
    for (const [low, high] of [[-1, 1], [0, 0.5], [2, 1], [NaN, 1], [-3e9, 3e9]]) {
      yield [`clip ${dtype} ${low} ${high}`, () => core.clip(x, low, high)];
    }
    for (const value of [0, 1, -1, 0.5, 3e9, NaN]) yield [`fullLike ${dtype} ${value}`, () => x.fullLike(value)];
  }
}

const axes: readonly unknown[] = [undefined, [], 0, 1, -1, 2, -3, 3, [0, 1], [1, 0], [0, 0], [-1, 2], [0.5], "0", null];

function* reductions(): Calls {
  for (const shape of [[2, 3, 2], [3, 0, 1], [0], []]) {
    for (const name of ["sum", "prod", "max", "min", "mean", "variance", "argmax", "argmin"] as const) {
      for (const axis of axes) {
        const options = { axis } as { axis: number };
        yield [`${name} ${show(shape)} ${show(axis)}`, () => numbers(shape)[name](options)];
      }
      yield [`${name} ${show(shape)} keepDims`, () => numbers(shape)[name]({ axis: -1, keepDims: true })];
      for (const dtype of ["i32", "u32", "bool"] as const) {
        yield [`${name} ${show(shape)} ${dtype}`, () => numbers(shape, dtype)[name]()];
      }
    }
  }
  for (const axis of [undefined, 0, 1, -1, 2]) {
    yield [`softmax ${axis}`, () => core.softmax(numbers([2, 3]), axis)];
    yield [`logSoftmax ${axis}`, () => core.logSoftmax(numbers([2, 3]), axis)];
    for (const keepDims of [true, false]) {
      const options = axis === undefined ? { keepDims } : { axis, keepDims };
      yield [`logSumExp ${axis} ${keepDims}`, () => core.logSumExp(numbers([2, 3]), options)];
    }
  }
  for (const correction of [0, 1, 2, 3, 0.5, -1]) {
    yield [`variance ${correction}`, () => numbers([3]).variance({ correction })];
  }
  yield [
    "logSumExp of infinities",
    () => core.logSumExp(core.tensor([[Infinity, 1], [-Infinity, -Infinity]]), { axis: 1 }),
  ];
}

function* movements(): Calls {
  const x = numbers([3, 4]);
  for (const shape of [[12], [2, 6], [-1], [2, -1], [-1, -1], [5], [0, -1], [3, 4, 1], [12.5], []]) {
    yield [`reshape ${show(shape)}`, () => x.reshape(shape)];
    yield [`broadcastTo ${show(shape)}`, () => numbers([1, 4]).broadcastTo(shape)];
  }
  for (const shape of [[3, 4], [2, 3, 4], [4], [1, 4], [3, 1], [0, 4]]) {
    yield [`broadcastTo ${show(shape)} from a row`, () => numbers([1, 4]).broadcastTo(shape)];
    yield [`reshape nothing ${show(shape)}`, () => numbers([0, 2]).reshape(shape)];
  }
  for (const order of [undefined, [1, 0], [0, 1], [-1, 0], [0], [0, 0], [2, 0], [0, 1, 2]]) {
    yield [`transpose ${show(order)}`, () => x.transpose(order)];
  }
  const bounds = [0, 1, -1, 3, 4, -5, 9, NaN, 0.5];
  for (const start of bounds) {
    yield [`slice ${start}`, () => x.slice([start])];
    yield [`slice to ${start}`, () => x.slice([0, 0], [3, start])];
    yield [`slice by ${start}`, () => x.slice([0], [3], [start])];
    yield [`slice ${start} to -1`, () => x.slice([0, start], [3, -1], [1, 2])];
  }
  yield ["slice of three axes", () => x.slice([0, 0, 0])];
  yield ["slice to three axes", () => x.slice([0], [1, 1, 1])];
  yield ["slice by three axes", () => x.slice([0], [1], [1, 1, 1])];
  for (
    const padding of [[[1, 0]], [[0, 0], [1, 2]], [[-1, 0], [0, 0]], [[1, 1], [1, 1], [1, 1]], [], [[1]], [[0.5, 0], [
      0,
      0,
    ]]]
  ) {
    yield [`pad ${show(padding)}`, () => x.pad(padding as [number, number][], 7)];
  }
  for (const axis of axes) {
    yield [`flip ${show(axis)}`, () => x.flip(axis as number)];
    yield [`squeeze ${show(axis)}`, () => numbers([1, 3, 1]).squeeze(axis as number)];
    yield [`expandDims ${show(axis)}`, () => x.expandDims(axis as number)];
    yield [`concatenate ${show(axis)}`, () => core.concatenate([x, numbers([3, 2])], axis as number)];
    yield [`stack ${show(axis)}`, () => core.stack([x, x.neg()], axis as number)];
    yield [`indexAlong ${show(axis)}`, () => x.indexAlong(axis as number)];
  }
  yield ["concatenate none", () => core.concatenate([])];
  yield ["stack none", () => core.stack([])];
  yield ["concatenate scalars", () => core.concatenate([core.tensor(1), core.tensor(2)])];
  yield ["stack scalars", () => core.stack([core.tensor(1), core.tensor(2)])];
}

function* selection(): Calls {
  const x = numbers([3, 2]);
  const indices: readonly (readonly [number[], core.DType])[] = [
    [[0, 2], "i32"],
    [[], "i32"],
    [[2], "u32"],
    [[1], "f32"],
    [[0.5], "f32"],
    [[3], "i32"],
    [[-1], "i32"],
    [[NaN], "f32"],
    [[1], "bool"],
  ];
  for (const [values, dtype] of indices) {
    const at = core.tensor(values, [values.length], { dtype });
    for (const axis of [0, 1, -1, 2]) {
      yield [`gather ${values} ${dtype} ${axis}`, () => core.gather(x, at, axis)];
      const updates = axis === 0 ? core.ones([values.length, 2]) : core.ones([3, values.length]);
      yield [`scatterAdd ${values} ${dtype} ${axis}`, () => core.scatterAdd(x, at, updates, { axis })];
    }
    for (const classes of [0, 1, 3, 4]) yield [`oneHot ${values} ${dtype} ${classes}`, () => core.oneHot(at, classes)];
  }
  yield [
    "scatterAdd wrong updates",
    () => core.scatterAdd(x, core.tensor([0], [1], { dtype: "i32" }), core.ones([1, 3])),
  ];
}

function* windows(): Calls {
  const paddings = ["valid", "same", "full", [[1, 0], [0, 2]], [[0, 0]], [[-1, 0], [0, 0]], [[2, 2], [2, 2]]];
  for (const padding of paddings as core.Padding[]) {
    for (const strides of [[1, 1], [2, 1], [3, 3], [0, 1]] as [number, number][]) {
      for (const window of [[1, 1], [2, 3], [4, 4], [6, 1]] as [number, number][]) {
        const title = `${show(padding)} ${strides} ${window}`;
        yield [`maxPool2d ${title}`, () => core.maxPool2d(numbers([1, 1, 5, 4]), { window, strides, padding })];
        for (const ceilMode of [true, false]) {
          for (const countIncludePad of [true, false]) {
            const options = { window, strides, padding, ceilMode, countIncludePad };
            yield [
              `averagePool2d ${title} ${ceilMode} ${countIncludePad}`,
              () => core.averagePool2d(numbers([1, 1, 5, 4]), options),
            ];
          }
        }
        yield [
          `conv2d ${title}`,
          () => core.conv2d(numbers([1, 2, 5, 4]), numbers([2, 2, ...window]), { strides, padding }),
        ];
      }
    }
    for (const dilations of [[1, 1], [2, 1], [3, 2], [0, 1]] as [number, number][]) {
      yield [
        `conv2d ${show(padding)} dilated ${dilations}`,
        () => core.conv2d(numbers([1, 1, 5, 4]), numbers([1, 1, 2, 2]), { dilations, padding }),
      ];
    }
  }
  for (const groups of [0, 1, 2, 3, 4]) {
    for (const filters of [[4, 1, 2, 2], [4, 2, 2, 2], [3, 2, 2, 2], [4, 4, 2, 2], [4, 2, 2]]) {
      const call = () => core.conv2d(numbers([1, 4, 3, 3]), numbers(filters), { groups });
      yield [`conv2d ${filters} in ${groups} groups`, call];
    }
  }
  for (const shape of [[5, 4], [1, 5, 4], [1, 1, 1, 5, 4], [0, 1, 5, 4], [1, 0, 5, 4], [1, 1, 0, 4]]) {
    yield [`maxPool2d of ${shape}`, () => core.maxPool2d(numbers(shape), { window: [2, 2] })];
    yield [`averagePool2d of ${shape}`, () => core.averagePool2d(numbers(shape), { window: [2, 2] })];
    yield [`conv2d of ${shape}`, () => core.conv2d(numbers(shape), numbers([1, 1, 2, 2]))];
  }
  for (const window of [[40, 30], [33, 32], [32, 32], [40, 60], [2000, 1]] as [number, number][]) {
    for (const ceilMode of [true, false]) {
      const options = { window, padding: [[20, 20], [30, 29]], strides: [7, 9], ceilMode } as core.PoolingOptions;
      yield [`maxPool2d of large windows ${window} ${ceilMode}`, () => core.maxPool2d(numbers([1, 1, 5, 4]), options)];
      yield [
        `averagePool2d of large windows ${window} ${ceilMode}`,
        () => core.averagePool2d(numbers([1, 1, 5, 4]), options),
      ];
    }
  }
}

function* products(): Calls {
  const shapes = [[], [3], [2, 3], [3, 2], [4, 2, 3], [1, 3, 2], [4, 3, 2], [2, 4, 3, 2], [0, 3], [3, 0], [2]];
  for (const a of shapes) {
    for (const b of shapes) yield [`matmul ${show(a)} ${show(b)}`, () => core.matmul(numbers(a), numbers(b))];
    for (const b of shapes) yield [`add ${show(a)} ${show(b)}`, () => numbers(a).add(numbers(b)).shape];
  }
}

function* randomNumbers(): Calls {
  const { random } = core;
  for (const seed of [0, 1, -1, 2 ** 32, 2 ** 53 - 1, -(2 ** 40) - 7, 2 ** 53, 0.5, NaN]) {
    yield [`key ${seed}`, () => random.key(seed)];
    yield [`fold ${seed}`, () => random.fold(random.key(1), seed)];
  }
  const key = random.key(5);
  for (const count of [0, 1, 2, 7, -1, 1.5]) {
    yield [`split ${count}`, () => random.split(key, count)];
    yield [
      `splitKeys ${count}`,
      async () => await Promise.all(random.splitKeys(key, count).map((one) => one.toArray())),
    ];
    yield [`permutation ${count}`, () => random.permutation(key, count)];
  }
  for (const n of [3, 4, 5, 8, 9, 33]) yield [`permutation ${n}`, () => random.permutation(key, n)];
  for (const shape of [[], [3], [2, 0], [2, 3]]) {
    yield [`bits ${show(shape)}`, () => random.bits(key, shape)];
    yield [`normal ${show(shape)}`, () => random.normal(key, shape)];
    yield [`bernoulli ${show(shape)}`, () => random.bernoulli(key, 0.3, shape)];
  }
  for (const probability of [0, 1, -0.1, 1.1, NaN]) {
    yield [`bernoulli ${probability}`, () => random.bernoulli(key, probability, [9])];
  }
  yield ["bernoulli of a tensor", () => random.bernoulli(key, core.tensor([0, 0.5, 1, NaN]))];
  yield ["bernoulli of a tensor in a shape", () => random.bernoulli(key, core.tensor([0, 1]), [3, 2])];
  const intervals = [[0, 1], [-1, 1], [2, 1], [5, 5], [0, 1e-45], [-3e38, 3e38], [1, 1 + 2 ** -23], [
    16777216,
    16777218,
  ]];
  for (
    const [low, high] of [...intervals, [0, NaN], [-1, 0], [-1e-44, 0], [0.1, 0.3], [-0.3, -0.1], [3, -0], [1e30, 2e38]]
  ) {
    yield [`uniform ${low} ${high}`, () => random.uniform(key, [7], { low, high })];
    yield [`largest uniform ${low} ${high}`, () => random.uniform(key, [3000], { low, high }).max()];
    yield [`least uniform ${low} ${high}`, () => random.uniform(key, [3000], { low, high }).min()];
  }
}

const groups = {
  optionKinds,
  creation,
  arithmetic,
  reductions,
  movements,
  selection,
  windows,
  products,
  randomNumbers,
};

/** Outcomes of calls by group, one in each line. */
export const coreRecording: Recording = {
  name: "core",
  texts: async () => {
    await setDevice("wasm");
    const found: Record<string, string> = {};
    for (const [name, calls] of Object.entries(groups)) {
      const lines: string[] = [];
      for (const [title, call] of calls()) lines.push(`${title}: ${await outcomeOf(call)}`);
      found[name] = lines.join("\n");
    }
    return found;
  },
};
