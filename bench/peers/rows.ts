/**
 * The rows of the table that compares this package with others. A new row also needs its line in `torch_peer.py`.
 *
 * @module
 */

import { jit, random, softmax, type Tensor, tensor } from "../../core/mod.ts";
import { inputLayer, logisticRegression, lstm, sequential } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { adam, nesterovMomentum, sgd } from "../../optim/mod.ts";
import { type Training, trainings } from "../networks.ts";
import { lenet5, perceptron } from "../workloads.ts";
import { forwardWorkload, operationWorkload, type Row, trainingWorkload } from "./workload.ts";

const normal = (...shape: number[]): Tensor => random.normal(random.key(shape.length), shape);

/** Numbers between 0 and 1 for the pixels of digits, and classes. */
function digits(count: number): readonly [Tensor, Tensor] {
  const classes = Int32Array.from({ length: count }, (_, i) => i % 10);
  return [random.uniform(random.key(1), [count, 784]), tensor(classes)];
}

const lenet: Training = { name: "lenet5", rule: sgd({ learningRate: 0.1 }), build: lenet5, batch: () => digits(500) };

const withDropout: Training = {
  name: "mlp500",
  rule: nesterovMomentum({ learningRate: 0.1, momentum: 0.5 }),
  build: () => perceptron([0.4, 0.2]),
  batch: () => digits(500),
};

const small: Training = {
  name: "mlp20",
  rule: sgd({ learningRate: 0.1 }),
  build: () => perceptron([0, 0]),
  batch: () => digits(20),
};

const memory: Training = {
  name: "lstm",
  rule: adam({ learningRate: 0.001, epsilon: 1e-8 }),
  build: () => {
    const rows = inputLayer({ shape: [null, 28, 28] });
    const layers = sequential(rows, [
      (previous) => lstm(previous, { nUnits: 128 }),
      (previous) => logisticRegression(previous, { nClass: 10 }),
    ]);
    return network("lstm", layers);
  },
  batch: () => trainings.gatedUnits.batch(),
};

function training(name: string, title: string, made: Training): Row {
  return { name, title, open: () => trainingWorkload(made) };
}

function forward(name: string, title: string, made: Training): Row {
  return { name: `${name}-forward`, title: `forward pass: ${title}`, open: () => forwardWorkload(made) };
}

function product(name: string, title: string, shape: readonly number[]): Row {
  const operands = () => ({ x: normal(...shape), y: normal(...shape) });
  return { name, title, open: () => operationWorkload(operands(), ({ x, y }) => x.matmul(y!)) };
}

const square = (size: number): Row =>
  product(`matmul${size}`, `product of two ${size} × ${size} matrices`, [size, size]);

/** Dropout masks differ, so the losses do. */
const RANDOM = 0.1;
/** Adam divides by the size of the gradients, so the rounding of small ones shows. */
const ADAM = 0.02;
/** PyTorch resets the state after its product with U, this package before it. */
const OTHER_EQUATIONS = 0.05;

/** The rows, in the order of the table. */
export const rows: readonly Row[] = [
  ...[511, 512, 1024, 2048].map(square),
  product("products", "64 products of two 128 × 128 matrices", [64, 128, 128]),
  {
    name: "transposed",
    title: "sum of a transposed and a plain 2048 × 2048 matrix",
    open: () =>
      operationWorkload({ x: normal(2048, 2048), y: normal(2048, 2048) }, ({ x, y }) => x.transpose().add(y!)),
  },
  {
    name: "chain",
    title: "tanh(a·x + b) · sigmoid(x) + relu(x), 16 million numbers",
    open: () => {
      const chain = jit((x: Tensor) => x.mul(1.7).add(0.3).tanh().mul(x.sigmoid()).add(x.maximum(0)));
      return operationWorkload({ x: normal(2 ** 24) }, ({ x }) => chain(x));
    },
  },
  {
    name: "softmax",
    title: "softmax of 4096 × 1024",
    open: () => operationWorkload({ x: normal(4096, 1024) }, ({ x }) => softmax(x)),
  },
  training("lenet5", "LeNet-5, batch 500", lenet),
  { ...training("mlp500", "MLP with dropout, batch 500", withDropout), tolerance: RANDOM },
  training("mlp20", "MLP, batch 20", small),
  { ...training("wide", "MLP with two layers of 2048, batch 128", trainings.widePerceptron), tolerance: ADAM },
  training("vgg", "VGG-like, four 3 × 3 convolutions, batch 64", trainings.smallVgg),
  {
    ...training("separable", "batch normalization and a depthwise convolution, batch 64", trainings.separable),
    tolerance: ADAM,
  },
  {
    ...training("transformer", "transformer, 4 blocks of 128, 64 tokens, batch 16", trainings.transformer),
    tolerance: ADAM,
  },
  { ...training("lstm", "LSTM, 28 steps, 128 units, batch 64", memory), tolerance: ADAM },
  { ...training("gru", "GRU, 28 steps, 128 units, batch 64", trainings.gatedUnits), tolerance: OTHER_EQUATIONS },
  forward("lenet5", "LeNet-5, batch 500", lenet),
  forward("mlp500", "MLP, batch 500", withDropout),
  forward("vgg", "VGG-like, batch 64", trainings.smallVgg),
  forward("separable", "batch normalization and a depthwise convolution, batch 64", trainings.separable),
  forward("transformer", "transformer, batch 16", trainings.transformer),
];
