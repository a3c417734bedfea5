/**
 * Update rules, and how to make one from a formula for a single parameter.
 *
 * @module
 */

import { full, tensor } from "../core/creation.ts";
import { safeQuotient } from "../core/functions/near_zero.ts";
import { type Json, plainJson } from "../core/json.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { finite } from "../core/options/numbers.ts";
import { custom, type DefaultOption } from "../core/options/option.ts";
import { checkArguments } from "../core/options/read.ts";
import { callable, either } from "../core/options/values.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Flat, flattenTree, mapTree } from "../core/tree.ts";
import { describeOptions } from "./description.ts";
import type { PartConfiguration } from "./update_transform.ts";

/** The learning rate at a step: an f32 scalar as a function of the number of steps done, an i32 scalar. */
export interface Schedule {
  (step: Tensor): Tensor;
  /** The function of this library that made it, and its options; without it, files know the function by its name only. */
  readonly configuration?: PartConfiguration | undefined;
}

/** The state of an update rule: a tree of tensors. */
export interface UpdateState {
  /** The number of steps done, an i32 scalar. */
  readonly step: Tensor;
  /** The state of each parameter, such as its velocity: trees of the same form as the parameters. */
  readonly [slot: string]: unknown;
}

/** How parameters change by their gradients. Parameters are any tree of tensors; gradients have the same form. */
export interface UpdateRule {
  /** The name of the formula. */
  readonly name: string;
  /**
   * The options from which the function of this name rebuilds the rule; `undefined` if they contain a schedule or
   * another function.
   */
  readonly options?: Readonly<Record<string, Json>> | undefined;
  /** What files contain of a composed rule; `undefined` for others, and if it contains a function. */
  readonly configuration?: PartConfiguration | undefined;
  /** What tells it from other rules of its name, for resuming a training, if files cannot contain it. */
  readonly description?: PartConfiguration | undefined;
  /** The learning rate, if the rule has one. */
  readonly learningRate?: number | Schedule | undefined;
  /** The state before the first step. */
  init(params: unknown): UpdateState;
  /** Parameters and state after a step. */
  update<P>(gradients: P, state: UpdateState, params: P): { params: P; state: UpdateState };
  /** The same rule with another learning rate; `undefined` if it has none. */
  readonly withLearningRate?: ((learningRate: Schedule) => UpdateRule) | undefined;
  /** The number of steps that make one update; for several rules, the most of them (default: 1). */
  readonly accumulates?: number | undefined;
  /** The number of steps until the first parameter changes; for several rules, the fewest (default: `accumulates`). */
  readonly firstUpdate?: number | undefined;
  /** Whether the rule changes a parameter, by its path; by default it changes all. */
  readonly changes?: ((path: string) => boolean) | undefined;
  /**
   * The parameters to validate, keep and save instead of those of the last step, if the rule computes such: averages.
   */
  readonly averaged?: (<P>(state: UpdateState, params: P) => P) | undefined;
}

/** One parameter after a step, with its state. */
export interface Stepped<S extends string> {
  readonly parameter: Tensor;
  readonly slots: Readonly<Record<S, Tensor>>;
}

/** The formula of a rule for one parameter, from its gradient, its state and its value. */
export type Formula<S extends string> = (
  gradient: Tensor,
  slots: Readonly<Record<S, Tensor>>,
  parameter: Tensor,
) => Stepped<S>;

/** The numbers that are the same for all parameters of a step. */
export interface StepContext {
  /** An f32 scalar. */
  readonly learningRate: Tensor;
  /** The number of this step, 1 for the first one, as an f32 scalar. */
  readonly count: Tensor;
}

/** The options of a rule, as they were read. */
export interface RuleOptions {
  readonly learningRate: number | Schedule;
}

/** The parts of a rule. */
export interface RuleDefinition<S extends string> {
  readonly name: string;
  /** All options by name, with defaults filled in. */
  readonly options: RuleOptions;
  /** The names of the tensors that the rule keeps for each parameter; all start at 0. */
  readonly slots: readonly S[];
  /** The formula, from the numbers that are the same for all parameters of a step. */
  readonly formula: (context: StepContext) => Formula<S>;
}

/** A learning rate that is a number. */
export const numericRate = finite({ least: 0, help: "step size of the update rule" });

/** The learning rate as an option of a rule: a number, or a function of the number of steps done. */
export function learningRate(byDefault: number): DefaultOption<number | Schedule> {
  return either([numericRate, callable<Schedule>()], { default: byDefault, help: numericRate.help });
}

/** Options as JSON; `undefined` if one of them is a function, which files cannot contain. */
function plainOptions(options: object): Readonly<Record<string, Json>> | undefined {
  const entries = Object.entries<unknown>({ ...options });
  if (entries.some(([, value]) => typeof value === "function")) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, plainJson(value)]));
}

/** The state of any rule. */
export const stateKind = custom<UpdateState>({
  expected: "the state that init of the rule makes, with the number of steps as a scalar tensor",
  accepts: (value): value is UpdateState => {
    const step = typeof value === "object" && value !== null && "step" in value ? value.step : undefined;
    return tensorKind.accepts(step) && step.shape.length === 0;
  },
});

/** Returns the tensors of a tree, whose shapes must be those of the parameters. */
function leavesLike({ leaves: params }: Flat, tree: unknown, expected: string): Tensor[] {
  const { leaves } = flattenTree(tree);
  if (leaves.length === params.length && leaves.every(({ shape }, i) => sameShape(shape, params[i].shape))) {
    return leaves;
  }
  const show = (tensors: readonly Tensor[]): string => `[${tensors.map(({ shape }) => showShape(shape)).join(", ")}]`;
  throw new TypeError(`Cannot ${expected} of the shapes of the parameters, ${show(params)}, got ${show(leaves)}`);
}

/** A rate as a schedule. A number becomes a tensor, so that steps with other rates have the same code. */
export function scheduleOf(learningRate: number | Schedule): Schedule {
  if (typeof learningRate === "function") return learningRate;
  const rate = tensor(learningRate);
  return () => rate;
}

/**
 * Refuses a learning rate that is not a scalar: parameters would be broadcast with it, and so change their shape, or
 * have several rates.
 */
export function checkRate(action: string, rate: Tensor): void {
  checkArguments(action, { "the learning rate": rate }, tensorKind);
  if (rate.shape.length === 0) return;
  throw new TypeError(
    `Cannot ${action}: expected the learning rate to be a scalar, got shape ${showShape(rate.shape)}`,
  );
}

/** Makes a rule that treats each parameter by itself. */
export function makeRule<S extends string>(definition: RuleDefinition<S>): UpdateRule {
  const { name, options, slots, formula } = definition;
  const rateAt = scheduleOf(options.learningRate);
  return {
    name,
    options: plainOptions(options),
    description: [name, describeOptions(options)],
    learningRate: options.learningRate,
    withLearningRate: (learningRate) => makeRule({ ...definition, options: { ...options, learningRate } }),
    init: (params) => ({
      step: full([], 0, { dtype: "i32" }),
      ...Object.fromEntries(slots.map((slot) => [slot, mapTree((leaf) => leaf.zerosLike(), params)])),
    }),
    update: <P>(gradients: P, state: UpdateState, params: P) => {
      const action = `update by ${name}`;
      checkArguments(action, { state }, stateKind);
      const step = state.step.add(1);
      const rate = rateAt(state.step);
      checkRate(action, rate);
      const apply = formula({ learningRate: rate, count: step.cast("f32") });
      const tree = flattenTree(params);
      const leaves = slots.map((slot) => leavesLike(tree, state[slot], `${action}: expected state.${slot}`));
      const gradientLeaves = leavesLike(tree, gradients, `${action}: expected gradients`);
      const stepped = tree.leaves.map((parameter, i) => {
        const remembered = Object.fromEntries(slots.map((slot, j) => [slot, leaves[j][i]])) as Record<S, Tensor>;
        return apply(gradientLeaves[i], remembered, parameter);
      });
      const after = slots.map((slot) => [slot, tree.rebuild(stepped.map(({ slots }) => slots[slot]))]);
      return {
        params: tree.rebuild(stepped.map(({ parameter }) => parameter)) as P,
        state: { step, ...Object.fromEntries(after) },
      };
    },
  };
}

/** A quotient whose divisor has `epsilon` in it; if epsilon is 0, parameters without gradients do not move. */
export function over(dividend: Tensor, divisor: Tensor, epsilon: number): Tensor {
  return epsilon === 0 ? safeQuotient(dividend, divisor) : dividend.div(divisor);
}
