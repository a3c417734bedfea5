import { assertThrows } from "@std/assert";
import { checkOptions, type FunctionWithOptions } from "../../tests/options_of.ts";
import { arange, eye, full, ones, tensor, zeros } from "../creation.ts";
import { setDevice } from "../device.ts";
import { explain } from "../explain.ts";
import { jit, type JitOptions } from "../jit.ts";
import { key } from "../random/bits.ts";
import { uniform } from "../random/distributions.ts";
import type { Tensor } from "../tensor.ts";
import { scan } from "../scan.ts";
import { elu, relu } from "./activations.ts";
import { averagePool2d, maxPool2d } from "./pooling.ts";
import { conv2d, type ConvolutionOptions } from "./convolution.ts";
import { logSumExp, softmax } from "./reduction.ts";
import { scatterAdd } from "./selection.ts";

const image = uniform(key(1), [1, 2, 5, 6]);
const reduction = { axis: 0, keepDims: true };
const dtype = { dtype: "i32" };
const window = [2, 2];
const signed = tensor([-1, 2]);

/** The name of a compiled function, how often it was compiled, and whether its argument can be used after a call. */
function compiled(options: JitOptions): string {
  const x = ones([8]).add(1);
  let traces = 0;
  const double = jit((x: Tensor) => {
    traces++;
    return x.mul(2);
  }, options);
  for (const extent of [8, 9, 8]) double(ones([extent]));
  double(x);
  const [first] = explain(double).split(" ");
  const name = `${first} ${traces}`;
  try {
    x.add(1);
    return name;
  } catch {
    return `${name} took over its argument`;
  }
}

const running = (total: Tensor, x: Tensor): [Tensor, Tensor] => [total.add(x), total.add(x)];
const doubled = jit((x: Tensor) => x.mul(2));

const functions: readonly FunctionWithOptions[] = [
  ...(["sum", "prod", "max", "min", "mean", "argmax", "argmin"] as const).map((name) => ({
    name,
    call: (options: never) => image[name](options),
    changes: reduction,
  })),
  { name: "variance", call: (options) => image.variance(options), changes: { ...reduction, correction: 1 } },
  { name: "logSumExp", call: (options) => logSumExp(image, options), changes: reduction },
  {
    name: "conv2d",
    call: (options: ConvolutionOptions) => conv2d(image, ones([4, options.groups === 2 ? 1 : 2, 2, 2]), options),
    changes: { strides: [2, 1], padding: "same", dilations: [1, 2], groups: 2 },
  },
  {
    name: "maxPool2d",
    call: (options) => maxPool2d(image, options),
    given: { window },
    changes: { window: [3, 2], strides: [1, 1], padding: [[1, 0], [0, 0]], ceilMode: true },
    idle: ["countIncludePad"],
  },
  {
    name: "averagePool2d",
    call: (options) => averagePool2d(image, options),
    given: { window: [2, 4], padding: [[1, 0], [0, 0]] },
    changes: { window: [3, 4], strides: [1, 1], padding: "valid", ceilMode: true, countIncludePad: false },
  },
  { name: "tensor", call: (options) => tensor([0.5, 2], undefined, options), changes: dtype },
  { name: "full", call: (options) => full([2], 1.5, options), changes: dtype },
  { name: "zeros", call: (options) => zeros([2], options), changes: dtype },
  { name: "ones", call: (options) => ones([2], options), changes: dtype },
  { name: "arange", call: (options) => arange(0, 4, 1, options), changes: dtype },
  { name: "eye", call: (options) => eye(2, 3, options), changes: dtype },
  { name: "uniform", call: (options) => uniform(key(1), [3], options), changes: { low: -1, high: 5 } },
  {
    name: "scatterAdd",
    call: (options) => scatterAdd(ones([2, 2]), tensor([0, 0]), tensor([[1, 2], [3, 4]]), options),
    changes: { axis: 1 },
  },
  { name: "relu", call: (options) => relu(signed, options), changes: { alpha: 0.5 } },
  { name: "elu", call: (options) => elu(signed, options), changes: { alpha: 0.5 } },
  {
    name: "scan",
    call: (options) => scan(running, tensor(0), signed, options)[1],
    changes: { reverse: true },
    idle: ["length"],
  },
  {
    name: "scan without inputs",
    call: (options) => scan((x: Tensor) => [x.mul(2), null], tensor(1), null, options)[0],
    given: { length: 2 },
    changes: { length: 3 },
    idle: ["reverse"],
  },
  { name: "jit", call: compiled, changes: { donate: [0], name: "mine", versions: 1 } },
  { name: "explain", call: (options) => explain(doubled, options), changes: { stage: "graph", profile: true } },
];

for (const one of functions) {
  Deno.test(`${one.name} reads its options, and refuses others with the nearest name`, async () => {
    await setDevice("wasm");
    doubled(signed);
    await checkOptions(one);
  });
}

Deno.test("options are refused if a function takes an axis", () => {
  const options = { axis: 0 } as unknown;
  assertThrows(() => softmax(signed, options as number), RangeError, 'unknown option "axis"');
});
