/**
 * What is measured beside other frameworks: training steps, and single operations.
 *
 * @module
 */

import { jit, leavesOf, mapTree, random, type Tensor } from "../../core/mod.ts";
import { currentBackend } from "../../core/device.ts";
import type { TensorEntries, TensorEntry } from "../../model/mod.ts";
import { type Training, trainingStep } from "../networks.ts";

/** A workload that is ready to run. */
export interface Workload {
  /** The number of learned parameters; 0 for operations. */
  readonly parameters: number;
  /** What the other side computes from: `x`, `y`, and the parameters in order, whose names are numbers. */
  tensors(): Promise<TensorEntries>;
  /** The first numbers that it computes, which the other side must compute, too. */
  values(count: number): Promise<number[]>;
  /** Computes once, and waits until it has finished. */
  call(): Promise<void>;
}

/** A row of the table. */
export interface Row {
  /** The name on the command line, which `torch_peer.py` knows as well. */
  readonly name: string;
  /** The name in the table. */
  readonly title: string;
  /**
   * How far the values of both sides may differ, as a share of them; default: 0.001. More is needed if random numbers or
   * equations differ.
   */
  readonly tolerance?: number;
  /** Makes the workload. */
  open(): Workload;
}

async function entryOf(tensor: Tensor): Promise<TensorEntry> {
  const values = await tensor.data();
  return { dtype: tensor.dtype, shape: tensor.shape, values };
}

async function entriesOf(tensors: Readonly<Record<string, Tensor>>): Promise<TensorEntries> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => [name, await entryOf(tensor)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** What the other side computes from, and the number of parameters. */
function tensorsOf(parameters: readonly Tensor[], data: Operands): Pick<Workload, "parameters" | "tensors"> {
  const named = parameters.map((tensor, i) => [String(i).padStart(4, "0"), tensor]);
  return {
    parameters: parameters.reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0),
    tensors: () => entriesOf({ ...Object.fromEntries(named), ...data }),
  };
}

/** Training steps of a network: forward pass, backward pass, update, and reading back the loss. */
export function trainingWorkload(training: Training): Workload {
  const step = trainingStep(training);
  const [x, y] = training.batch();
  return {
    ...tensorsOf(leavesOf(training.build().init(random.key(2)).params), { x, y }),
    values: async (count) => {
      const losses: number[] = [];
      while (losses.length < count) losses.push(await step());
      return losses;
    },
    call: async () => {
      await step();
    },
  };
}

/** Forward passes of a network outside of training. Their value is the mean square of what precedes the softmax. */
export function forwardWorkload({ name, build, batch }: Training): Workload {
  const net = build();
  const { params, state } = net.init(random.key(2));
  // The last layer starts at 0, so its output would say nothing about the other layers.
  const moved = (leaf: Tensor): Tensor => leaf.add(random.normal(random.key(3), leaf.shape).mul(0.05));
  const weights = { params: mapTree(moved, params), state };
  const [x] = batch();
  const pass = jit(
    ({ params, state }: typeof weights, x: Tensor) => net.logits(params, x, { train: false, state }).output,
    { name },
  );
  const { call, values } = operationWorkload({ x }, () => pass(weights, x));
  const parameters = leavesOf(weights.params);
  return { ...tensorsOf(parameters, { x }), call, values };
}

/** The operands of an operation. */
export interface Operands {
  readonly x: Tensor;
  readonly y?: Tensor;
}

/** An operation, whose result is dropped. Its value is the mean square of the result. */
export function operationWorkload(operands: Operands, compute: (operands: Operands) => Tensor): Workload {
  const value = async (): Promise<number> => {
    using result = compute(operands);
    return await result.square().mean().item();
  };
  return {
    parameters: 0,
    tensors: () => entriesOf({ ...operands }),
    values: async (count) => new Array<number>(count).fill(await value()),
    call: async () => {
      using _result = compute(operands);
      await currentBackend().finish();
    },
  };
}
