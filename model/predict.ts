/**
 * The outputs of a network for any number of inputs, and the classes that it predicts.
 *
 * @module
 */

import { concatenate } from "../core/functions/movement.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { custom } from "../core/options/option.ts";
import { checkArguments, wrongKind } from "../core/options/read.ts";
import { Tensor } from "../core/tensor.ts";
import { mapTree } from "../core/tree.ts";
import { isNamed, labelOf, type OneOrNamed, partsIn } from "../data/named.ts";
import { firstGreatest } from "../optim/first_greatest.ts";
import { checkNames } from "./check_names.ts";
import { titleOfNetwork } from "./layer_list.ts";
import type { Network } from "./network.ts";
import { fixedBatchOf } from "./training/epoch_size.ts";
import { EXAMPLES_AT_A_TIME } from "./training/evaluation.ts";

const examplesKind = custom<Tensor>({
  expected: "a tensor of examples, such as tensor([[1, 2]]), or of samples, tensor(values, shape)",
  accepts: tensorKind.accepts,
});

/** Whether there is one tensor without a name. */
export function isTensor(given: OneOrNamed<Tensor>): given is Tensor {
  return given instanceof Tensor || tensorKind.accepts(given);
}

/**
 * The output of a network for inputs, [example, ...feature], computed in parts. A network whose input requires a
 * certain batch size gets batches of that size, padded with zeros.
 */
export function predictBatches(network: Network, x: Tensor): Tensor;
/** The outputs by name for inputs by name. */
export function predictBatches(network: Network, x: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
/** The output for inputs without a name, otherwise the outputs by name. */
export function predictBatches(network: Network, x: OneOrNamed<Tensor>): OneOrNamed<Tensor>;
export function predictBatches(network: Network, x: OneOrNamed<Tensor>): OneOrNamed<Tensor> {
  const count = checkInputs(network, x);
  const run = (x: OneOrNamed<Tensor>): OneOrNamed<Tensor> => isTensor(x) ? network.getOutput(x) : network.getOutputs(x);
  const fixed = fixedBatchOf(network);
  const size = fixed ?? EXAMPLES_AT_A_TIME;
  if (count <= size && fixed === undefined) return run(x);
  // Without examples, one batch of padding says what the outputs would be.
  const parts = Array.from({ length: Math.max(1, Math.ceil(count / size)) }, (_, batch) => {
    const start = batch * size;
    const length = Math.min(size, count - start);
    const filled = mapTree((one) => {
      const part = one.slice([start], [start + length]);
      const [, ...feature] = one.shape;
      return fixed === undefined ? part : part.pad([[0, size - length], ...feature.map(() => [0, 0] as const)]);
    }, x);
    return mapTree((output) => output.slice([0], [length]), run(filled));
  });
  const [first, ...others] = parts;
  return mapTree((...all) => concatenate(all, 0), first, ...others);
}

/** The number of examples of inputs, all of which must have the same. */
function checkInputs(network: Network, x: OneOrNamed<Tensor>): number {
  if (!isTensor(x) && !isNamed(x)) checkArguments("predict", { x }, examplesKind);
  const inputs = partsIn(x, isTensor);
  for (const { name, value } of inputs) {
    checkArguments("predict", { [labelOf("x", name)]: value }, examplesKind);
    if (value.shape.length === 0) throw wrongKind("predict", "examples, [example, ...feature]", value);
  }
  checkInputNames(network, isTensor(x) ? undefined : Object.keys(x));
  const [{ name, value: { shape: [count] } }] = inputs;
  const odd = inputs.find(({ value }) => value.shape[0] !== count);
  if (odd === undefined) return count;
  throw new TypeError(
    `Cannot predict: expected as many examples in all inputs, got ${count} in ${labelOf("x", name)} and ` +
      `${odd.value.shape[0]} in ${labelOf("x", odd.name)}`,
  );
}

/** Throws unless inputs have the names of those of a network; one input and one output need none. */
function checkInputNames({ name, inputNames, outputNames }: Network, given: readonly string[] | undefined): void {
  const action = `predict with ${titleOfNetwork(name)}`;
  if (given !== undefined) return checkNames(action, "inputs", { expected: inputNames, got: given });
  if (inputNames.length < 2 && outputNames.length < 2) return;
  const named = inputNames.map((input) => `${/^[A-Za-z_]\w*$/.test(input) ? input : JSON.stringify(input)}: …`);
  throw new TypeError(
    `Cannot ${action}: expected inputs by name, { ${named.join(", ")} }, since it has ` +
      `${inputNames.length > 1 ? `the inputs ${inputNames.join(", ")}` : `the outputs ${outputNames.join(", ")}`}, ` +
      "got inputs without a name",
  );
}

/** The class of the greatest probability of each row, as i32; −1 if a probability is NaN. */
export function predictedClasses(output: Tensor): Tensor {
  const ofNaN = output.shape.at(-1)!;
  const classes = firstGreatest(output, { ofNaN });
  return classes.equal(ofNaN).where(-1, classes);
}
