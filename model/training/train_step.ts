/**
 * A training step as a pure function: forward pass, backward pass and update.
 *
 * @module
 */

import { objectKind, tensorKind } from "../../core/options/kinds.ts";
import type { Declaration } from "../../core/options/option.ts";
import { checkArguments, readUntyped } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { callable } from "../../core/options/values.ts";
import { fold } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import { valueAndGrad } from "../../core/gradients.ts";
import { applyRule, beginRule } from "../../optim/check_updated.ts";
import { ruleKind } from "../../optim/rule_kinds.ts";
import type { UpdateRule, UpdateState } from "../../optim/update_rule.ts";
import { modelParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { copyTree, type NetworkParameters, type NetworkState, type Weights } from "../weights.ts";
import { augmenting, augmentOption, type GivenAugmentations, listOfAugmentations, mixing } from "./augment.ts";
import { checkLoss } from "./check_loss.ts";
import { readWeights, weigh, weightedMean } from "./example_weights.ts";
import { keysFrom } from "./keys.ts";
import type { Figures, Loss, LossResult, RecordBatch } from "./loss.ts";
import { objectiveLoss, type ObjectiveOptions, objectiveOptions } from "./objective_loss.ts";

/** Everything that a training step changes. */
export interface StepState extends Weights {
  /** The state of the update rule, with the number of steps done. */
  readonly updates: UpdateState;
  /** The random key of the training. The key of a step is derived from it and the number of the step. */
  readonly key: Tensor;
}

/** The figures of a step: `penalty`, if layers have any, those that the loss returned, and these. */
export interface StepFigures extends Figures {
  /** The mean of the costs, without penalties, a scalar. */
  readonly loss: Tensor;
}

/** A training step: two pure functions, which may be called as they are, compiled, or used in `scan`. */
export interface TrainStep<B> {
  /** The state before the first step, from a random key. A network that has weights starts from a copy of them. */
  init(key: Tensor): StepState;
  /** The state after a step on a batch, and its figures. */
  step(state: StepState, batch: B): [state: StepState, figures: StepFigures];
}

/** Parts that every training step has. */
export interface StepParts {
  /** The network to train. */
  readonly network: Network;
  /** The update rule, such as `adam()`. */
  readonly rule: UpdateRule;
}

/** The parts of a step that minimizes an objective of the output and the targets. */
export interface ObjectiveStepOptions extends StepParts, ObjectiveOptions {
  /** Random changes of the batch of each step, such as `randomFlip()`, or a list of them (default: none). */
  readonly augment?: GivenAugmentations<RecordBatch> | undefined;
  /** For a loss instead of an objective. */
  readonly loss?: undefined;
}

/** The parts of a step that minimizes a loss of your own. */
export interface LossStepOptions<B> extends StepParts {
  /** The cost of each example, from the network and the batch. */
  readonly loss: Loss<B>;
  /** Random changes of the batch of each step, such as `randomFlip()`, or a list of them (default: none). */
  readonly augment?: GivenAugmentations<B> | undefined;
}

/** The parts of a training step, declared. */
export const trainStepOptions = {
  network: { ...modelParts.network, required: true },
  rule: { ...ruleKind, required: true, help: "update rule, such as adam()" },
  loss: callable<Loss<never>>({ help: "cost of each example, from the network and the batch" }),
  augment: augmentOption<never>(),
  ...objectiveOptions,
} satisfies Declaration<
  StepParts & ObjectiveOptions & {
    readonly loss?: Loss<never> | undefined;
    readonly augment?: GivenAugmentations<never> | undefined;
  }
>;

const updatesKind = objectKind<UpdateState>("the state of the update rule", "step");
const stateKind = objectKind<StepState>("the state that init makes", "params", "state", "updates", "key");
const batchKind = objectKind<object>("a batch, such as { x, y }");

/**
 * A training step, which `model.train` runs, to take apart or to call in a loop of your own. It minimizes the mean of
 * an objective, (Σ costᵢ) / n, with weights (Σ wᵢ costᵢ) / Σ wᵢ, plus the penalties of the layers. Both functions are
 * pure: they change nothing, and the same arguments give the same bits.
 *
 * Source of weighted means: `torch.nn.CrossEntropyLoss`, whose mean is divided by the sum of the weights.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind, or options do not fit together.
 *
 * @example
 * ```ts
 * import { jit, random, tensor } from "@yadll/yadll/core";
 * import { denseLayer, inputLayer } from "@yadll/yadll/layers";
 * import { network, trainStep } from "@yadll/yadll/model";
 * import { meanSquaredError, sgd } from "@yadll/yadll/optim";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 1] });
 * const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
 * const { init, step } = trainStep({ network: line, objective: meanSquaredError, rule: sgd({ learningRate: 0.1 }) });
 * const compiled = jit(step, { donate: [0] });
 *
 * const batch = { x: tensor([[0], [1], [2]]), y: tensor([[1], [3], [5]]) };
 * let [state, figures] = compiled(init(random.key(1)), batch);
 * for (let i = 0; i < 200; i++) [state, figures] = compiled(state, batch);
 * assertAlmostEquals(await figures.loss.item(), 0, 1e-6);
 * const { output } = line.apply(state.params, tensor([[10]]), { train: false, state: state.state });
 * assertAlmostEquals(await output.item(), 21, 0.01);
 * ```
 */
export function trainStep(options: ObjectiveStepOptions): TrainStep<RecordBatch>;
/**
 * A training step of a loss of your own, from a network and any record of tensors: of several outputs, of another
 * network, or without targets.
 *
 * @example
 * ```ts
 * import { jit, random, tensor, type Tensor } from "@yadll/yadll/core";
 * import { denseLayer, inputLayer } from "@yadll/yadll/layers";
 * import { network, trainStep } from "@yadll/yadll/model";
 * import { adam } from "@yadll/yadll/optim";
 * import { assert } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 2] });
 * const code = denseLayer(input, { nUnits: 1, activation: "linear", name: "code" });
 * const net = network("code", [input, code, denseLayer(code, { nUnits: 2, activation: "linear", name: "output" })]);
 * const { init, step } = trainStep({
 *   network: net,
 *   rule: adam({ learningRate: 0.01 }),
 *   loss: ({ network, params, ...mode }, { x }: { x: Tensor }) => {
 *     const { outputs, state } = network.applyLayers(params, x, { ...mode, layers: ["code", "output"] });
 *     const size = outputs.code.square().mean({ axis: 1 }); // [example]
 *     const cost = outputs.output.sub(x).square().mean({ axis: 1 }).add(size.mul(0.01)); // [example]
 *     return { cost, figures: { size: size.mean() }, state };
 *   },
 * });
 * const compiled = jit(step);
 * let [state, figures] = compiled(init(random.key(1)), { x: tensor([[1, 2], [2, 4]]) });
 * const first = await figures.loss.item();
 * for (let i = 0; i < 50; i++) [state, figures] = compiled(state, { x: tensor([[1, 2], [2, 4]]) });
 * assert(await figures.loss.item() < first && await figures.size.item() > 0);
 * ```
 */
export function trainStep<B extends object>(options: LossStepOptions<B>): TrainStep<B>;
export function trainStep<B extends object>(options: ObjectiveStepOptions | LossStepOptions<B>): unknown {
  refuseSurplus("trainStep", arguments, 1);
  readUntyped("make a training step", trainStepOptions, { ...options });
  if (options.loss === undefined) {
    const mixedBy = mixing(listOfAugmentations(options.augment));
    return stepOf(options, objectiveLoss(options.network, options, mixedBy));
  }
  const surplus = Object.keys(objectiveOptions).find((name) => Object.hasOwn(options, name));
  if (surplus === undefined) return stepOf(options, options.loss);
  throw new TypeError(
    `Cannot make a training step with loss and ${surplus}: expected one of the two; compute it in the loss`,
  );
}

/** The parts of a state on which a loss depends, apart from the parameters. */
type Rest = Pick<StepState, "state" | "key">;

/** What is differentiated, first, and what else a loss returns. */
interface Minimized {
  readonly minimum: Tensor;
  readonly figures: StepFigures;
  readonly state: NetworkState;
}

/** The parts of a step on batches of this type. */
interface PartsOn<B> extends StepParts {
  readonly augment?: GivenAugmentations<B> | undefined;
}

function stepOf<B extends object>({ network, rule, augment }: PartsOn<B>, loss: Loss<B>): TrainStep<B> {
  const augmented = augmenting(network, augment);
  const action = `train ${JSON.stringify(network.name)}`;
  const minimize = valueAndGrad((params: NetworkParameters, rest: Rest, batch: B): Minimized => {
    const result = loss({ ...rest, network, params, train: true }, batch);
    checkLoss(action, result);
    const { figures = {}, state = rest.state } = result;
    const penalty = network.penalty(params);
    const { loss: mean, minimum } = meanOf(result, batch, penalty);
    return { minimum, figures: { ...figures, loss: mean, ...(penalty && { penalty }) }, state };
  });
  return {
    init: (key) => {
      checkArguments(`initialize the training of ${JSON.stringify(network.name)}`, { key }, tensorKind);
      const { init, noise } = keysFrom(key);
      const { params, state } = network.weights ? copyTree(network.weights) : network.init(init);
      return { params, state, updates: beginRule(action, rule, params), key: noise };
    },
    step: (before, batch) => {
      checkArguments(action, { state: before }, stateKind);
      checkArguments(action, { "state.updates": before.updates }, updatesKind);
      checkArguments(action, { batch }, batchKind);
      const { params, state, updates, key } = before;
      const own = fold(key, updates.step);
      const given = augmented ? augmented(own, batch) : batch;
      const [{ figures, state: after }, gradients] = minimize(params, { state, key: own }, given);
      const { params: next, state: updated } = applyRule(action, rule, { gradients, state: updates, params });
      return [{ params: next, state: after, updates: updated, key }, figures];
    },
  };
}

/** The mean of the costs, and with the penalties, which is what is minimized. */
function meanOf(
  { cost, divisor }: LossResult,
  batch: object,
  penalty: Tensor | null,
): { loss: Tensor; minimum: Tensor } {
  const plus = (mean: Tensor): Tensor => penalty ? mean.add(penalty) : mean;
  if (divisor !== undefined) {
    const loss = weightedMean(cost.sum(), divisor);
    return { loss, minimum: plus(loss) };
  }
  const weights = "weights" in batch && tensorKind.accepts(batch.weights) ? readWeights(batch.weights) : undefined;
  if (weights !== undefined) {
    const loss = weightedMean(weigh("loss", cost, weights).sum(), weights.sum());
    return { loss, minimum: plus(loss) };
  }
  return { loss: cost.mean(), minimum: plus(cost).mean() };
}
