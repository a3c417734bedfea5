/**
 * A training step of LeNet-5 written with only the core: convolution, pooling, tanh twice, two dense layers, softmax
 * cross-entropy, and momentum.
 *
 * @module
 */

import { zeros } from "../core/creation.ts";
import { maxPool2d } from "../core/functions/pooling.ts";
import { conv2d } from "../core/functions/convolution.ts";
import { logSoftmax } from "../core/functions/reduction.ts";
import { jit } from "../core/jit.ts";
import { key, splitKeys } from "../core/random/bits.ts";
import { uniform } from "../core/random/distributions.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valueAndGrad } from "../core/gradients.ts";
import { mapTree } from "../core/tree.ts";

const shapes = {
  w1: [20, 1, 5, 5],
  b1: [20, 1, 1],
  w2: [50, 20, 5, 5],
  b2: [50, 1, 1],
  w3: [800, 500],
  b3: [500],
  w4: [500, 10],
  b4: [10],
} as const;

/** The parameters, or values of the same form. */
export type LenetParameters = { readonly [name in keyof typeof shapes]: Tensor };

/** The values that a step passes on to the next. */
export interface LenetState {
  readonly parameters: LenetParameters;
  readonly velocity: LenetParameters;
}

/** The state before the first step. */
export function lenetState(seed: number): LenetState {
  const keys = splitKeys(key(seed), Object.keys(shapes).length);
  const named = (make: (shape: Shape, i: number) => Tensor): LenetParameters =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape], i) => [name, make(shape, i)])) as LenetParameters;
  const parameters = named((shape, i) => {
    const inputs = shape.length === 4 ? sizeOf(shape.slice(1)) : shape[0];
    const limit = shape.length === 4 || shape.length === 2 ? Math.sqrt(3 / inputs) : 0;
    return uniform(keys[i], shape, { low: -limit, high: limit });
  });
  return { parameters, velocity: named((shape) => zeros(shape)) };
}

/** The mean cross-entropy of a batch: images [batch, 1, 28, 28], labels [batch, 10]. */
export function lenetLoss({ w1, b1, w2, b2, w3, b3, w4, b4 }: LenetParameters, x: Tensor, y: Tensor): Tensor {
  const pool = (image: Tensor): Tensor => maxPool2d(image, { window: [2, 2] });
  const first = pool(conv2d(x, w1)).add(b1).tanh(); // [batch, 20, 12, 12]
  const second = pool(conv2d(first, w2)).add(b2).tanh(); // [batch, 50, 4, 4]
  const hidden = second.reshape([-1, 800]).matmul(w3).add(b3).tanh();
  return logSoftmax(hidden.matmul(w4).add(b4)).mul(y).sum({ axis: 1 }).mean().neg();
}

function advance({ parameters, velocity }: LenetState, x: Tensor, y: Tensor): [LenetState, Tensor] {
  const [loss, gradients] = valueAndGrad(lenetLoss)(parameters, x, y);
  const faster = mapTree((v, g) => v.mul(0.9).sub(g.mul(0.1)), velocity, gradients);
  return [{ parameters: mapTree((p, v) => p.add(v), parameters, faster), velocity: faster }, loss];
}

/** A step, which consumes the state that is passed to it. */
export function lenetStep(): (state: LenetState, x: Tensor, y: Tensor) => [LenetState, Tensor] {
  return jit(advance, { donate: [0], name: "LeNet-5 step" });
}
