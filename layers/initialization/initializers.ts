/**
 * Initial values of parameters.
 *
 * @module
 */

import { full } from "../../core/creation.ts";
import { normal as normalNumbers, uniform as uniformNumbers } from "../../core/random/distributions.ts";
import { checkShape, type Shape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { showValue } from "../../core/options/show.ts";
import { type Activation, activationName } from "../get_activation.ts";
import {
  constantOptions,
  fanOptions,
  glorotOptions,
  type InitializerOptions,
  normalOptions,
  orthogonalOptions,
  uniformOptions,
} from "./initializer_options.ts";
import { orthonormal } from "./orthonormal.ts";

export type { InitializerOptions };

/** A function that makes the initial values of a parameter from a random key. */
export type Initializer = (key: Tensor, shape: Shape, options?: InitializerOptions) => Tensor;

const gains: Readonly<Record<string, number>> = { linear: 1, tanh: 1, sigmoid: 4, relu: Math.SQRT2 };

function gainOf(gain: number | Activation): number {
  if (typeof gain === "number") return gain;
  const name = activationName(gain);
  if (name === undefined || !Object.hasOwn(gains, name)) {
    const known = Object.keys(gains).join(", ");
    throw new RangeError(
      `Cannot choose the gain for activation ${name ?? showValue(gain)}: expected a number, or one of ${known}`,
    );
  }
  return gains[name];
}

/** The numbers of inputs and outputs of one unit: [inputs, outputs] of a matrix, [filters, channels, …] of filters. */
function fanOf(shape: Shape, fan: readonly [number, number] | undefined): readonly [number, number] {
  if (fan) return fan;
  if (shape.length <= 2) return [shape[0] ?? 1, shape.at(-1) ?? 1];
  return [sizeOf(shape.slice(1)), shape[0] * sizeOf(shape.slice(2))];
}

/**
 * Sets all elements to one value; default: 0.
 *
 * @example
 * ```ts
 * import { constant } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await constant(random.key(1), [2], { value: 3 }).toArray(), [3, 3]);
 * ```
 */
export function constant(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "value">): Tensor {
  checkArguments("initialize by constant", { key }, tensorKind);
  checkShape(shape, "initialize by constant a parameter of shape");
  const { value } = readOptions("initialize by constant", constantOptions, options);
  return full(shape, value);
}

/**
 * Draws from the uniform distribution on −scale … scale, or on the bounds `scale`; default: 0.5.
 *
 * @example
 * ```ts
 * import { uniform } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assert } from "@std/assert";
 *
 * const values = await uniform(random.key(1), [100], { scale: [2, 3] }).data();
 * assert(values.every((value) => value >= 2 && value < 3));
 * ```
 */
export function uniform(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "scale">): Tensor {
  checkShape(shape, "initialize by uniform a parameter of shape");
  const { scale } = readOptions("initialize by uniform", uniformOptions, options);
  const [low, high] = typeof scale === "number" ? [-scale, scale] : scale;
  return uniformNumbers(key, shape, { low, high });
}

/**
 * Draws from the normal distribution with mean 0 and standard deviation `scale`; default: 0.5.
 *
 * @example
 * ```ts
 * import { normal } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const values = normal(random.key(1), [10000], { scale: 2 });
 * assertAlmostEquals(await values.variance().item(), 4, 0.2);
 * ```
 */
export function normal(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "scale">): Tensor {
  checkShape(shape, "initialize by normal a parameter of shape");
  const { scale } = readOptions("initialize by normal", normalOptions, options as { readonly scale?: number });
  return normalNumbers(key, shape).mul(scale);
}

/**
 * Draws from the uniform distribution with mean 0 and variance gain² · 2 / (inputs + outputs).
 *
 * Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
 *
 * @example
 * ```ts
 * import { glorotUniform } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assert } from "@std/assert";
 *
 * const most = glorotUniform(random.key(1), [20, 4]).abs().max();
 * assert(await most.item() <= 0.5); // √(6 / 24)
 * ```
 */
export function glorotUniform(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "gain" | "fan">): Tensor {
  checkShape(shape, "initialize by glorotUniform a parameter of shape");
  const { gain, fan } = readOptions("initialize by glorotUniform", glorotOptions, options);
  const [inputs, outputs] = fanOf(shape, fan);
  return uniform(key, shape, { scale: gainOf(gain) * Math.sqrt(6 / (inputs + outputs)) });
}

/**
 * Draws from the normal distribution with mean 0 and variance gain² · 2 / (inputs + outputs).
 *
 * Source: see {@linkcode glorotUniform}.
 *
 * @example
 * ```ts
 * import { glorotNormal } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const values = glorotNormal(random.key(1), [100, 100], { gain: "sigmoid" });
 * assertAlmostEquals(await values.variance().item(), 16 / 100, 0.01);
 * ```
 */
export function glorotNormal(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "gain" | "fan">): Tensor {
  checkShape(shape, "initialize by glorotNormal a parameter of shape");
  const { gain, fan } = readOptions("initialize by glorotNormal", glorotOptions, options);
  const [inputs, outputs] = fanOf(shape, fan);
  return normal(key, shape, { scale: gainOf(gain) * Math.sqrt(2 / (inputs + outputs)) });
}

/**
 * Draws from the uniform distribution with mean 0 and variance 2 / inputs, for rectifiers.
 *
 * Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
 *
 * @example
 * ```ts
 * import { heUniform } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assert } from "@std/assert";
 *
 * assert(await heUniform(random.key(1), [24, 10]).abs().max().item() <= 0.5); // √(6 / 24)
 * ```
 */
export function heUniform(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "fan">): Tensor {
  checkShape(shape, "initialize by heUniform a parameter of shape");
  const { fan } = readOptions("initialize by heUniform", fanOptions, options);
  return uniform(key, shape, { scale: Math.sqrt(6 / fanOf(shape, fan)[0]) });
}

/**
 * Draws from the normal distribution with mean 0 and variance 2 / inputs, for rectifiers.
 *
 * Source: see {@linkcode heUniform}.
 *
 * @example
 * ```ts
 * import { heNormal } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await heNormal(random.key(1), [50, 200]).variance().item(), 0.04, 0.003);
 * ```
 */
export function heNormal(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "fan">): Tensor {
  checkShape(shape, "initialize by heNormal a parameter of shape");
  const { fan } = readOptions("initialize by heNormal", fanOptions, options);
  return normal(key, shape, { scale: Math.sqrt(2 / fanOf(shape, fan)[0]) });
}

/**
 * Draws from the normal distribution with mean 0 and variance 1 / inputs, for self-normalizing networks.
 *
 * Source: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", 2017.
 *
 * @example
 * ```ts
 * import { seluNormal } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await seluNormal(random.key(1), [50, 200]).variance().item(), 0.02, 0.0015);
 * ```
 */
export function seluNormal(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "fan">): Tensor {
  checkShape(shape, "initialize by seluNormal a parameter of shape");
  const { fan } = readOptions("initialize by seluNormal", fanOptions, options);
  return normal(key, shape, { scale: Math.sqrt(1 / fanOf(shape, fan)[0]) });
}

/**
 * Makes a random matrix with orthonormal columns (or rows, if there are fewer of them), times the gain. The axes after
 * the first count as one.
 *
 * Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
 * networks", 2013.
 *
 * @example
 * ```ts
 * import { orthogonal } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const q = orthogonal(random.key(1), [3, 2]);
 * const product = await q.transpose().matmul(q).data(); // the identity
 * [1, 0, 0, 1].forEach((expected, i) => assertAlmostEquals(product[i], expected, 1e-5));
 * ```
 */
export function orthogonal(key: Tensor, shape: Shape, options?: Pick<InitializerOptions, "gain">): Tensor {
  checkShape(shape, "initialize by orthogonal a parameter of shape");
  const { gain } = readOptions("initialize by orthogonal", orthogonalOptions, options);
  const matrix: Shape = [shape[0] ?? 1, sizeOf(shape.slice(1))];
  return orthonormal(normalNumbers(key, matrix)).mul(gainOf(gain)).reshape(shape);
}
