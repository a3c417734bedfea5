/**
 * Every layer and objective against PyTorch: values, gradients to the input and to each parameter, on every device.
 */

import { assert, assertEquals } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { jit } from "../../core/jit.ts";
import type { Tensor } from "../../core/tensor.ts";
import { vjp } from "../../core/gradients.ts";
import * as layers from "../../layers/mod.ts";
import * as optim from "../../optim/mod.ts";
import { testOnEveryDevice } from "../on_every_device.ts";

interface Packed {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

type Named<T> = Readonly<Record<string, T>>;

interface Case {
  readonly name: string;
  readonly function: string;
  readonly options: Named<unknown>;
  readonly params: Named<Packed>;
  readonly x: Packed;
  readonly others: Named<Packed>;
  readonly cotangent: Packed;
  readonly output: Packed;
  readonly gradients: Named<Packed>;
}

/** A function of a case: parameters, input, its other arguments, and its options as in the file. */
type Call = (params: never, x: Tensor, others: Named<Tensor>, options: never) => Tensor;

const activations: readonly layers.ActivationName[] = [
  "linear",
  "sigmoid",
  "ultraFastSigmoid",
  "tanh",
  "softmax",
  "softplus",
  "relu",
  "elu",
  "selu",
  "gelu",
];

/** A layer applied in training, with its first state. */
function trained(layer: layers.Layer, params: layers.Parameters, x: Tensor): Tensor {
  const { state } = layer.init(tensor(Uint32Array.of(0, 1)));
  return layer.apply(params, x, { train: true, state }).output;
}

const input = (x: Tensor) => layers.inputLayer({ shape: x.shape });

const calls: Named<Call> = {
  ...Object.fromEntries(activations.map((name): [string, Call] => [
    name,
    (_params, x, _others, options) => layers.getActivation([name, options])(x),
  ])),
  ...Object.fromEntries(
    Object.entries(optim.objectives).map(([name, objective]): [string, Call] => [
      name,
      (_params, x, { target }) => objective(x, target),
    ]),
  ),
  categoricalCrossentropyFromLogits: (_params, x, { target }, options) =>
    optim.categoricalCrossentropyFromLogits(x, target, options),
  binaryCrossentropyFromLogits: (_params, x, { target }) => optim.binaryCrossentropyFromLogits(x, target),
  dense: (params, x, _others, { activation }: { activation: layers.Activation }) => layers.dense(params, x, activation),
  convolve: (params, x, _others, options) => layers.convolve(params, x, options),
  pool: (_params, x, _others, options) => layers.pool(x, options),
  convolvePool: (params, x, _others, options: layers.ConvolvePoolOptions) =>
    layers.convolvePool(params, x, { ...options, activation: "tanh" }),
  separableConvolve: (params, x, _others, options) => layers.separableConvolve(params, x, options),
  globalPool: (_params, x, _others, options) =>
    layers.globalPool(input(x), options).apply({}, x, { train: false, state: {} }).output,
  batchNormalize: (params, x) => {
    const axes = x.shape.length === 4 ? [0, 2, 3] : [0];
    return layers.batchNormalize(params, x, layers.batchStatistics(x, axes), { axes });
  },
  layerNormalize: (params, x) => layers.layerNormalize(params, x),
  embed: (params, x) => layers.embed(params, x),
  attendHeads: (params, x, _others, options) => layers.attendHeads(params, x, options),
  transform: (params, x, _others, options) => layers.transform(params, x, options),
  rnnSequence: (params, x, { lengths }, options: object) => layers.rnnSequence(params, x, { ...options, lengths }),
  lstmSequence: (params, x, { lengths }, options: object) => layers.lstmSequence(params, x, { ...options, lengths }),
  gruSequence: (params, x, { lengths }, options: object) => layers.gruSequence(params, x, { ...options, lengths }),
  bnLstm: (params, x, _others, options) => trained(layers.bnLstm(input(x), options), params, x),
  autoEncoderCost: (params, x, _others, options) =>
    layers.autoEncoderCost(params, x, tensor(Uint32Array.of(0, 1)), options),
  freeEnergy: (params, x) => layers.freeEnergy(params, x),
};

const unpack = ({ values, shape }: Packed) => tensor([...values], shape);
const unpackAll = (packed: Named<Packed>) =>
  Object.fromEntries(Object.entries(packed).map(([name, value]) => [name, unpack(value)]));

const greatest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The largest difference as a share of the largest expected number, but at least `least`. */
function difference(actual: ArrayLike<number>, expected: readonly number[], least: number): number {
  return greatest(expected.map((value, i) => actual[i] - value)) / Math.max(greatest(expected), least);
}

/** Rounding adds up through long recurrences, and through divisions by small deviations at every step. */
const toleranceOf = ({ name }: Case) => /long|bnLstm/.test(name) ? 1e-4 : 1e-5;

async function check(one: Case): Promise<string[]> {
  const wrong: string[] = [];
  // Gradients that cancel out, such as that to the bias of attention's keys, are as exact as the largest one.
  const least = greatest(Object.values(one.gradients).flatMap(({ values }) => values)) / 10;
  const compare = async (what: string, actual: Tensor, expected: Packed) => {
    assertEquals(actual.shape, expected.shape, `${one.name}: shape of ${what}`);
    const error = difference(await actual.data(), expected.values, least);
    if (!(error <= toleranceOf(one))) wrong.push(`${one.name}: ${what} is off by ${error}`);
  };
  const call = calls[one.function];
  assert(call, `no function for ${one.function}`);
  const others = unpackAll(one.others);
  const run = jit((params: Named<Tensor>, x: Tensor, cotangent: Tensor) => {
    const value = (params: Named<Tensor>, x: Tensor) => call(params as never, x, others, one.options as never);
    const [output, pullback] = vjp(value, params, x);
    const [byParams, byInput] = pullback(cotangent);
    return { output, gradients: { ...byParams, x: byInput } as Named<Tensor> };
  });
  const { output, gradients } = run(unpackAll(one.params), unpack(one.x), unpack(one.cotangent));
  await compare("the output", output, one.output);
  for (const [name, expected] of Object.entries(one.gradients)) {
    await compare(`the gradient to ${name}`, gradients[name], expected);
  }
  return wrong;
}

const cases: readonly Case[] = JSON.parse(await Deno.readTextFile(new URL("layers.json", import.meta.url)));

for (const name of new Set(cases.map((one) => one.function))) {
  testOnEveryDevice(`${name} has PyTorch's values and gradients`, async () => {
    const wrong: string[] = [];
    for (const one of cases.filter((one) => one.function === name)) wrong.push(...await check(one));
    assertEquals(wrong, []);
  });
}
