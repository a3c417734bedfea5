/**
 * The output of a network for any number of inputs, and the classes that it predicts.
 *
 * @module
 */

import { concatenate } from "../core/functions/movement.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { custom } from "../core/options/option.ts";
import { checkArguments, wrongKind } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import { firstGreatest } from "../optim/first_greatest.ts";
import { EXAMPLES_AT_A_TIME } from "./training/evaluation.ts";
import type { Network } from "./network.ts";

const examplesKind = custom<Tensor>({
  expected: "a tensor of examples, such as tensor([[1, 2]]), or of samples, tensor(values, shape)",
  accepts: tensorKind.accepts,
});

/**
 * The output of a network for inputs, [example, ...feature], computed in parts. A network whose input requires a
 * certain batch size gets batches of that size, padded with zeros.
 */
export function predictBatches(network: Network, x: Tensor): Tensor {
  checkArguments("predict", { x }, examplesKind);
  if (x.shape.length === 0) throw wrongKind("predict", "examples, [example, ...feature]", x);
  const fixed = network.inputShapes[0]?.[0] ?? undefined;
  const size = fixed ?? EXAMPLES_AT_A_TIME;
  const [count, ...feature] = x.shape;
  if (count <= size && fixed === undefined) return network.getOutput(x);
  const parts: Tensor[] = [];
  for (let start = 0; start < count; start += size) {
    const length = Math.min(size, count - start);
    const part = x.slice([start], [start + length]);
    const filled = fixed === undefined ? part : part.pad([[0, size - length], ...feature.map(() => [0, 0] as const)]);
    parts.push(network.getOutput(filled).slice([0], [length]));
  }
  return concatenate(parts, 0);
}

/** The class of the greatest probability of each row, as i32; −1 if a probability is NaN. */
export function predictedClasses(output: Tensor): Tensor {
  const ofNaN = output.shape.at(-1)!;
  const classes = firstGreatest(output, { ofNaN });
  return classes.equal(ofNaN).where(-1, classes);
}
