/**
 * A valid call of each function of the entry `core`; a new function without a call does not compile.
 *
 * @module
 */

import * as core from "../../core/mod.ts";
import type { ValidCall } from "../hostile_arguments.ts";
import type { FunctionNames } from "./function_names.ts";

const { tensor, ones, random } = core;

/** A call of a function with these arguments. */
export function validCall<A extends unknown[]>(call: (...args: A) => unknown, ...args: A): ValidCall {
  return { call: call as (...args: never[]) => unknown, args };
}

type T = core.Tensor;
const x = tensor([[1, 2], [3, 4]]);
const image = random.uniform(random.key(1), [1, 2, 5, 6]);
const indices = tensor([0, 1], [2], { dtype: "i32" });
const double = core.jit((x: T) => x.mul(2));
const key = random.key(1);
const work = { operations: 4, bytes: 32, milliseconds: 1 };
const rates = { gigaflops: 4e-6, gigabytes: 32e-6 };
/** A profile of one kernel. */
export const measured: core.Profile = {
  ...{ name: "double", device: "a device", clock: "host", rounds: 1, ...work, peaks: rates },
  ...{ kernelMilliseconds: 1, outsideMilliseconds: 0, launchMilliseconds: 0 },
  kernels: [{
    ...{ number: 1, name: "mul", kind: "elementwise", loops: "4", runs: 1, ...work, ...rates },
    ...{ share: 1, limit: "memory" },
  }],
};

/** The functions of the entry itself. */
export const coreCalls: Readonly<Record<FunctionNames<typeof core>, ValidCall>> = {
  arange: validCall(core.arange, 0, 6, 2, { dtype: "i32" }),
  averagePool2d: validCall(core.averagePool2d, image, {
    window: [2, 2],
    strides: [1, 1],
    padding: [[1, 0], [0, 0]],
    ceilMode: true,
    countIncludePad: false,
  }),
  checkpoint: validCall((fn: (x: T) => T) => core.checkpoint(fn)(x), (x: T) => x.mul(2)),
  clip: validCall(core.clip, x, 1, 2),
  clipGradient: validCall(core.clipGradient, x, 1),
  concatenate: validCall(core.concatenate, [x, x], 1),
  conv2d: validCall(core.conv2d, image, ones([4, 1, 2, 2]), {
    strides: [1, 1],
    padding: [[0, 0], [0, 0]],
    dilations: [1, 1],
    groups: 2,
  }),
  debugPrint: validCall(core.debugPrint, x, { label: "x", print: () => {} }),
  debugPrintsDone: validCall(core.debugPrintsDone),
  deviceInfo: validCall(core.deviceInfo),
  deviceStatistics: validCall(core.deviceStatistics),
  devices: validCall(core.devices),
  explain: validCall((fn: typeof double, options: core.ExplainOptions) => core.explain(fn, options, x), double, {
    stage: "graph",
  }),
  explainCompilations: validCall(core.explainCompilations, double),
  expm1: validCall(core.expm1, x),
  eye: validCall(core.eye, 2, 3, { dtype: "f32" }),
  findNonFinite: validCall((fn: (x: T) => T) => core.findNonFinite(fn, x), (x: T) => x.mul(2)),
  full: validCall(core.full, [2, 3], 0.5, { dtype: "f32" }),
  gather: validCall(core.gather, x, indices, 1),
  grad: validCall(
    (fn: (x: T) => T, n: 0) => core.grad(fn, n)(x),
    (x: T) => x.mul(2).sum(),
    0,
  ),
  jit: validCall(
    (fn: (x: T) => T, options: core.JitOptions) => core.jit(fn, options)(ones([2])),
    (x: T) => x.mul(2),
    { donate: [0], name: "mine" },
  ),
  leavesOf: validCall(core.leavesOf, { a: x, b: [x, { c: x }] }),
  log1p: validCall(core.log1p, x),
  logSoftmax: validCall(core.logSoftmax, x, 1),
  logSumExp: validCall(core.logSumExp, x, { axis: [0, 1], keepDims: true }),
  mapTree: validCall(core.mapTree, (a: T, b: T) => a.add(b), { a: x }, { a: x }),
  matmul: validCall(core.matmul, x, x),
  maxPool2d: validCall(core.maxPool2d, image, {
    window: [2, 2],
    strides: [1, 1],
    padding: "same",
    ceilMode: true,
    countIncludePad: false,
  }),
  oneHot: validCall(core.oneHot, indices, 3),
  ones: validCall(core.ones, [2, 3], { dtype: "f32" }),
  pathsOf: validCall(core.pathsOf, { W: x }),
  profile: validCall(
    (fn: typeof double, options: core.ProfileOptions) => core.profile(fn, options, x),
    double,
    { rounds: 1 },
  ),
  scan: validCall(
    (body: (total: T, x: T) => [T, T], options: core.ScanOptions) =>
      core.scan(body, tensor(0), tensor([1, 2]), options),
    (total: T, x: T): [T, T] => [total.add(x), total.add(x)],
    { reverse: true, length: 2 },
  ),
  scatterAdd: validCall(core.scatterAdd, x, indices, x, { axis: 1 }),
  setDevice: validCall(core.setDevice, "wasm", { threads: 2, native: false }),
  showProfile: validCall(core.showProfile, measured),
  softmax: validCall((x: T, axis: number) => core.softmax(x, axis), x, 1),
  stack: validCall(core.stack, [x, x], 1),
  stopGradient: validCall(core.stopGradient, { a: x }),
  tensor: validCall(tensor, [[1, 2], [3, 4]], [4, 1], { dtype: "f32" }),
  valueAndGrad: validCall(
    (fn: (x: T) => T, n: 0) => core.valueAndGrad(fn, n)(x),
    (x: T) => x.mul(2).sum(),
    0,
  ),
  vjp: validCall(
    (fn: (x: T) => T, cotangents: T) => core.vjp(fn, x)[1](cotangents),
    (x: T) => x.mul(2),
    x,
  ),
  watchMemory: validCall(() => core.watchMemory()[Symbol.dispose]()),
  where: validCall(core.where, tensor([true, false]), x, 0),
  zeros: validCall(core.zeros, [2, 3], { dtype: "f32" }),
};

/** The functions of `random`. */
export const randomCalls: Readonly<Record<FunctionNames<typeof random>, ValidCall>> = {
  bernoulli: validCall(random.bernoulli, key, 0.5, [2, 3]),
  bits: validCall(random.bits, key, [2, 3]),
  fold: validCall(random.fold, key, 3),
  key: validCall(random.key, 3),
  normal: validCall(random.normal, key, [2, 3]),
  permutation: validCall(random.permutation, key, 5),
  split: validCall(random.split, key, 3),
  splitKeys: validCall(random.splitKeys, key, 3),
  uniform: validCall(random.uniform, key, [2, 3], { low: -1, high: 2 }),
};

type Methods = Exclude<
  FunctionNames<T>,
  | "apply"
  | "applyTuple"
  | "viewed"
  | "composed"
  | "operand"
  | "dispose"
  | typeof Symbol.dispose
  | typeof Symbol.toPrimitive
>;

function methodOf<N extends Methods>(self: T, name: N, ...args: Parameters<T[N]>): ValidCall {
  const called: (...args: never[]) => unknown = Reflect.get(self, name);
  return { call: (...given) => Reflect.apply(called, self, given), args };
}

function method<N extends Methods>(name: N, ...args: Parameters<T[N]>): ValidCall {
  return methodOf(x, name, ...args);
}

const axis = { axis: [0, 1], keepDims: true };

/** The methods of a tensor. */
export const tensorCalls: Readonly<Record<Methods, ValidCall>> = {
  scalar: method("scalar", 2, "f32"),
  fullLike: method("fullLike", 2, "f32"),
  zerosLike: method("zerosLike"),
  onesLike: method("onesLike"),
  indexAlong: method("indexAlong", 1),
  data: method("data"),
  toArray: method("toArray"),
  item: methodOf(tensor(1), "item"),
  toString: method("toString"),
  neg: method("neg"),
  abs: method("abs"),
  sign: method("sign"),
  exp: method("exp"),
  log: method("log"),
  sqrt: method("sqrt"),
  square: method("square"),
  reciprocal: method("reciprocal"),
  sin: method("sin"),
  cos: method("cos"),
  tanh: method("tanh"),
  sigmoid: method("sigmoid"),
  erf: method("erf"),
  floor: method("floor"),
  trunc: method("trunc"),
  logicalNot: method("logicalNot"),
  cast: method("cast", "i32"),
  bitcast: method("bitcast", "i32"),
  binary: method("binary", "add", x),
  add: method("add", x),
  sub: method("sub", x),
  mul: method("mul", 2),
  div: method("div", x),
  mod: method("mod", x),
  pow: method("pow", 4),
  maximum: method("maximum", x),
  minimum: method("minimum", x),
  less: method("less", x),
  lessEqual: method("lessEqual", x),
  greater: method("greater", x),
  greaterEqual: method("greaterEqual", x),
  equal: method("equal", x),
  notEqual: method("notEqual", x),
  and: methodOf(tensor([true, false]), "and", tensor([true, true])),
  or: methodOf(tensor([true, false]), "or", tensor([true, true])),
  where: methodOf(tensor([true, false]), "where", x, 2),
  matmul: method("matmul", x),
  reshape: method("reshape", [4, -1]),
  transpose: method("transpose", [1, 0]),
  broadcastTo: method("broadcastTo", [3, 2, 2]),
  slice: method("slice", [0, 1], [2, 2], [1, 1]),
  pad: method("pad", [[1, 0], [0, 2]], 3),
  flip: method("flip", [0, 1]),
  squeeze: methodOf(ones([1, 2, 1]), "squeeze", [0, 2]),
  expandDims: method("expandDims", 1),
  sum: method("sum", axis),
  prod: method("prod", axis),
  max: method("max", axis),
  min: method("min", axis),
  mean: method("mean", axis),
  variance: method("variance", { ...axis, correction: 1 }),
  argmax: method("argmax", axis),
  argmin: method("argmin", axis),
  stopGradient: method("stopGradient"),
};
