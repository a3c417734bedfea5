import { assert, assertEquals } from "@std/assert";
import { full, tensor } from "../core/creation.ts";
import { elu, gelu, relu, selu, SELU_ALPHA, SELU_SCALE, softplus } from "../core/functions/activations.ts";
import { clipGradient } from "../core/functions/clip_gradient.ts";
import { concatenate } from "../core/functions/movement.ts";
import { expm1, log1p } from "../core/functions/near_zero.ts";
import { clip } from "../core/functions/selection.ts";
import { interpret } from "../core/interpreter.ts";
import { jit } from "../core/jit.ts";
import { erf, power } from "../core/scalar/double_precision.ts";
import type { Tensor } from "../core/tensor.ts";
import { grad } from "../core/gradients.ts";
import { testOnEveryDevice } from "./on_every_device.ts";
import { graphOf } from "./oracle.ts";

const LARGEST = 3.4028234663852886e38;
const at = [
  ...[0, -0, 1, -1, 0.5, -2.5, 7, -7, 100, -100, 1e-4, -1e-4, 1e-30, 1e30, -1e30],
  ...[LARGEST, -LARGEST, Infinity, -Infinity, NaN, 2 ** -126, 2 ** -149, -1e-40],
].map(Math.fround);

type Definition = (x: number) => number;
/** A function of a tensor, its value, its slope and, where it is checked, the slope of its slope. */
interface Case {
  readonly fn: (x: Tensor) => Tensor;
  readonly value: Definition;
  readonly slope: Definition;
  readonly curvature?: Definition;
}

const constant = (value: number): Definition => () => value;
const orNaN = (value: Definition): Definition => (x) => Number.isNaN(x) ? NaN : value(x);
const density: Definition = (x) => Math.abs(x) > 40 ? 0 : Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
const share: Definition = (x) => x < -6 ? density(x) / -x : (1 + erf(x / Math.SQRT2)) / 2;
const logistic: Definition = orNaN((x) => x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const isFinite = (x: number): boolean => Math.abs(x) < Infinity;
const beside = (x: Tensor, value: number): Tensor => concatenate([x.expandDims(-1), full([...x.shape, 1], value)], -1);

/** A rectifier has the slope 1 at NaN, as in PyTorch. */
const cases: Readonly<Record<string, Case>> = {
  "|x|": { fn: (x) => x.abs(), value: Math.abs, slope: Math.sign },
  sign: { fn: (x) => x.sign(), value: Math.sign, slope: constant(0) },
  exp: { fn: (x) => x.exp(), value: Math.exp, slope: Math.exp, curvature: Math.exp },
  "√x": { fn: (x) => x.sqrt(), value: Math.sqrt, slope: (x) => 0.5 / Math.sqrt(x) },
  "1 / x": { fn: (x) => x.reciprocal(), value: (x) => 1 / x, slope: (x) => -1 / (x * x) },
  "x to 1.5": { fn: (x) => x.pow(1.5), value: (x) => x ** 1.5, slope: (x) => 1.5 * x ** 0.5 },
  "2 to x": { fn: (x) => x.fullLike(2).pow(x), value: (x) => 2 ** x, slope: (x) => 2 ** x * Math.LN2 },
  "1 to x": { fn: (x) => x.fullLike(1).pow(x), value: constant(1), slope: constant(0) },
  "0 to x": {
    fn: (x) => x.fullLike(0).pow(x),
    value: (x) => 0 ** x,
    slope: (x) => x >= 0 ? 0 : x < 0 ? -Infinity : NaN,
  },
  "−2 to x": { fn: (x) => x.fullLike(-2).pow(x), value: (x) => (-2) ** x, slope: constant(NaN) },
  "greater of x and 0": {
    fn: (x) => x.maximum(0),
    value: (x) => Math.max(x, 0),
    slope: (x) => x === 0 ? 0.5 : x < 0 ? 0 : 1,
  },
  "lesser of x and 0": {
    fn: (x) => x.minimum(0),
    value: (x) => Math.min(x, 0),
    slope: (x) => x === 0 ? 0.5 : x > 0 ? 0 : 1,
  },
  "greater of x and NaN": { fn: (x) => x.maximum(NaN), value: constant(NaN), slope: constant(1) },
  "lesser of NaN and x": { fn: (x) => x.fullLike(NaN).minimum(x), value: constant(NaN), slope: constant(1) },
  clip: {
    fn: (x) => clip(x, -1, 2),
    value: (x) => x < -1 ? -1 : x > 2 ? 2 : x,
    slope: (x) => x < -1 || x > 2 ? 0 : 1,
  },
  clipGradient: { fn: (x) => clipGradient(x, 1), value: (x) => x, slope: constant(1) },
  expm1: { fn: expm1, value: Math.expm1, slope: Math.exp, curvature: Math.exp },
  log1p: {
    fn: (x) => log1p(x.abs()),
    value: (x) => Math.log1p(Math.abs(x)),
    slope: (x) => Math.sign(x) / (1 + Math.abs(x)),
  },
  softplus: { fn: softplus, value: (x) => x > 99 ? x : Math.log1p(Math.exp(x)), slope: logistic },
  relu: { fn: (x) => relu(x), value: (x) => x <= 0 ? 0 : x, slope: (x) => x <= 0 ? 0 : 1, curvature: constant(0) },
  "relu with a slope": {
    fn: (x) => relu(x, { alpha: 0.25 }),
    value: (x) => x <= 0 ? 0.25 * x : x,
    slope: (x) => x <= 0 ? 0.25 : 1,
  },
  elu: {
    fn: (x) => elu(x),
    value: (x) => x > 0 ? x : Math.expm1(x),
    slope: (x) => x > 0 ? 1 : Math.exp(x),
    curvature: (x) => x > 0 ? 0 : Math.exp(x),
  },
  selu: {
    fn: selu,
    value: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
    slope: (x) => SELU_SCALE * (x > 0 ? 1 : SELU_ALPHA * Math.exp(x)),
  },
  gelu: {
    fn: gelu,
    value: (x) => x === -Infinity ? 0 : x * share(x),
    slope: orNaN((x) => share(x) + (Math.abs(x) > 40 ? 0 : x * density(x))),
    curvature: orNaN((x) => Math.abs(x) > 40 ? 0 : density(x) * (2 - x * x)),
  },
  tanh: { fn: (x) => x.tanh(), value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  sigmoid: { fn: (x) => x.sigmoid(), value: logistic, slope: (x) => logistic(x) * logistic(-x) },
  erf: { fn: (x) => x.erf(), value: erf, slope: (x) => 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) },
  "product with 3": {
    fn: (x) => beside(x, 3).prod({ axis: -1 }),
    ...{ value: (x) => 3 * x, slope: constant(3), curvature: constant(0) },
  },
  "product with 0": {
    fn: (x) => beside(x, 0).prod({ axis: -1 }),
    ...{ value: (x) => 0 * x, slope: constant(0), curvature: constant(0) },
  },
  "greatest of x and 0": {
    fn: (x) => beside(x, 0).max({ axis: -1 }),
    value: (x) => Math.max(x, 0),
    slope: (x) => x < 0 ? 0 : 1,
  },
  variance: {
    fn: (x) => beside(x, 0).variance({ axis: -1 }),
    value: (x) => isFinite(x) ? x * x / 4 : NaN,
    slope: (x) => isFinite(x) ? x / 2 : NaN,
  },
};

/** Whether a result is right; the sign of 0 is not compared. Slopes that are differences from 1 are as exact as 1. */
function isRight(got: number, expected: number): boolean {
  if (got === expected || Number.isNaN(got) && Number.isNaN(expected)) return true;
  return isFinite(expected) && Math.abs(got - expected) <= 1e-5 * Math.abs(expected) + 5e-7;
}

const x = { shape: [at.length], dtype: "f32", values: Float64Array.from(at) } as const;

/** The elements of `fn`: alone, compiled, and in double precision. */
async function elementsOf(fn: (x: Tensor) => Tensor): Promise<Readonly<Record<string, ArrayLike<number>>>> {
  const [reference] = interpret(graphOf(fn, [x]), [x]);
  const input = tensor(Float32Array.from(at));
  return { alone: await fn(input).data(), compiled: await jit(fn)(input).data(), reference: reference.values };
}

const slopeOf = (fn: (x: Tensor) => Tensor): (x: Tensor) => Tensor => grad((x: Tensor) => fn(x).sum());

testOnEveryDevice(
  "functions, gradients and second gradients are those of the definition at special values",
  async () => {
    for (const [name, { fn, ...definitions }] of Object.entries(cases)) {
      const functions = { value: fn, slope: slopeOf(fn), curvature: slopeOf(slopeOf(fn)) };
      for (const order of ["value", "slope", "curvature"] as const) {
        const definition = definitions[order];
        if (!definition) continue;
        for (const [how, values] of Object.entries(await elementsOf(functions[order]))) {
          at.forEach((x, i) => {
            const expected = how === "reference" ? definition(x) : Math.fround(definition(x));
            assert(
              isRight(values[i], expected),
              `${order} of ${name} at ${x}, ${how}: expected ${expected}, got ${values[i]}`,
            );
          });
        }
      }
    }
  },
);

/** A function of two tensors, and its slopes with respect to each. */
interface PairCase {
  readonly fn: (x: Tensor, y: Tensor) => Tensor;
  readonly slopes: (a: number, b: number) => readonly [number, number];
}

const extreme = (isBelow: (a: number, b: number) => boolean): PairCase["slopes"] => (a, b) =>
  a === b ? [0.5, 0.5] : [isBelow(a, b) ? 0 : 1, isBelow(b, a) ? 0 : 1];

const pairCases: Readonly<Record<string, PairCase>> = {
  // If one is NaN, both have the slope 1, as in PyTorch.
  maximum: { fn: (x, y) => x.maximum(y), slopes: extreme((a, b) => a < b) },
  minimum: { fn: (x, y) => x.minimum(y), slopes: extreme((a, b) => a > b) },
  power: {
    fn: (x, y) => x.pow(y),
    slopes: (a, b) => [
      b === 0 ? 0 : b * power(a, b - 1),
      a === 0 && b >= 0 ? 0 : power(a, b) * Math.log(a),
    ],
  },
  quotient: { fn: (x, y) => x.div(y), slopes: (a, b) => [1 / b, -a / b / b] },
};

testOnEveryDevice("both gradients of functions of pairs are those of the definition at special values", async () => {
  const some = [0, -0, 1, -1, 2, 3, -2.5, 0.5, -0.5, Infinity, -Infinity, NaN];
  const first = some.flatMap((a) => some.map(() => a));
  const second = some.flatMap(() => some);
  for (const [name, { fn, slopes }] of Object.entries(pairCases)) {
    const both = grad((xs: Tensor[]) => fn(xs[0], xs[1]).sum());
    for (const gradients of [both, jit(both)]) {
      const results = await Promise.all(gradients([tensor(first), tensor(second)]).map((one) => one.data()));
      first.forEach((a, i) => {
        const got = [results[0][i], results[1][i]];
        const expected = slopes(a, second[i]);
        const text = `${name} of ${a} and ${second[i]}: expected ${expected}, got ${got}`;
        assert(expected.every((one, j) => isRight(got[j], one)), text);
      });
    }
  }
});

testOnEveryDevice("a power whose exponent is 0 has the second gradients of the definition", async () => {
  const [bases, exponents] = [tensor([0, -0, 0.5, -4, Infinity, NaN]), tensor([0, -0, 0, -0, 0, 0])];
  const byBase = grad((a: Tensor, b: Tensor) => a.pow(b).sum());
  const twice = grad((a: Tensor, b: Tensor) => byBase(a, b).sum());
  const mixed = grad((b: Tensor, a: Tensor) => byBase(a, b).sum());
  for (const [squared, both] of [[twice, mixed], [jit(twice), jit(mixed)]]) {
    assertEquals(await squared(bases, exponents).toArray(), [0, 0, 0, 0, 0, 0]);
    const some = tensor([0.5, 4]);
    assertEquals(await both(some.zerosLike(), some).toArray(), [2, 0.25]);
  }
});

testOnEveryDevice("the gradient of a remainder is right where the quotient is rounded to a whole number", async () => {
  const divisors = [0.1, 0.3, 0.7, 1 / 3, -1.1, 3.3].map(Math.fround);
  const pairs = divisors.flatMap((b) => Array.from({ length: 99 }, (_, n) => [Math.fround((n - 49) * b), b]));
  const [a, b] = [0, 1].map((which) => tensor(Float32Array.from(pairs, (pair) => pair[which])));
  const gradient = grad((b: Tensor, a: Tensor) => a.mod(b).sum());
  const again = grad((b: Tensor, a: Tensor) => gradient(b, a).sum());
  for (const [once, twice] of [[gradient, again], [jit(gradient), jit(again)]]) {
    assertEquals([...await once(b, a).data()].map((x) => x + 0), pairs.map(([a, b]) => -Math.trunc(a / b) + 0));
    assert((await twice(b, a).data()).every((slope) => slope === 0));
  }
});

testOnEveryDevice("the gradient of a learned slope is 0 where the input is positive, even infinite", async () => {
  const x = tensor([Infinity, 1, 0, -2, -Infinity]);
  for (const rectify of [relu, elu]) {
    const gradient = grad((alpha: Tensor) => rectify(x, { alpha }).sum());
    const expected = rectify === relu ? [0, 0, 0, -2, -Infinity] : [0, 0, 0, Math.fround(Math.expm1(-2)), -1];
    for (const fn of [gradient, jit(gradient)]) {
      (await fn(tensor([0.5, 0.5, 0.5, 0.5, 0.5])).data()).forEach((got, i) =>
        assert(isRight(got, expected[i]), `${got}`)
      );
    }
  }
});

testOnEveryDevice("the gradient of a product needs no division", async () => {
  for (const shape of [[1], [2], [7], [16], [3, 5], [2, 3, 4]]) {
    const count = shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: count }, (_, i) => i === 1 ? 1e30 : i === 2 ? 1e-30 : 1 + i / 16);
    const gradient = grad((x: Tensor) => x.prod({ axis: shape.map((_, axis) => axis) }));
    const expected = values.map((_, i) => values.reduce((all, value, j) => i === j ? all : all * value, 1));
    for (const fn of [gradient, jit(gradient)]) {
      (await fn(tensor(values, shape)).data()).forEach((got, i) => {
        assert(isRight(got, expected[i]), `element ${i} of [${shape}]: expected ${expected[i]}, got ${got}`);
      });
    }
  }
  const rows = tensor([[2, 0, 5], [NaN, 3, 7], [0, 4, 0]]);
  const ofRows = grad((x: Tensor) => x.prod({ axis: 1 }).sum());
  const ofColumns = grad((x: Tensor) => x.prod({ axis: 0 }).sum());
  for (const [byRow, byColumn] of [[ofRows, ofColumns], [jit(ofRows), jit(ofColumns)]]) {
    assertEquals(await byRow(rows).toArray(), [[0, 10, 0], [21, NaN, NaN], [0, 0, 0]]);
    assertEquals(await byColumn(rows).toArray(), [[NaN, 12, 0], [0, 0, 0], [NaN, 0, 35]]);
  }
});

testOnEveryDevice("products over a literal 0 keep NaN and Infinity", async () => {
  const product = (x: Tensor): Tensor => beside(x, 0).prod({ axis: -1 });
  const x = tensor([NaN, Infinity, -Infinity, 2]);
  for (const fn of [product, jit(product)]) assertEquals(await fn(x).toArray(), [NaN, NaN, NaN, 0]);
});
