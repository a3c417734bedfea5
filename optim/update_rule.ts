/**
 * What an update rule is, and how one is made of a formula for a single parameter.
 *
 * @module
 */

import { full } from "../core/creation.ts";
import { type Json, plainJson } from "../core/json.ts";
import { finite } from "../core/options/numbers.ts";
import type { DefaultOption } from "../core/options/option.ts";
import { callable, either } from "../core/options/values.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { flatten, mapTree } from "../core/tree.ts";

/** The learning rate at a step: an f32 scalar as a function of the number of steps done, an i32 scalar. */
export type Schedule = (step: Tensor) => Tensor;

/** What an update rule remembers: a tree of tensors. */
export interface UpdateState {
  /** The number of steps done, an i32 scalar. */
  readonly step: Tensor;
  /** What is remembered of each parameter, such as its velocity: trees of the form of the parameters. */
  readonly [slot: string]: unknown;
}

/** How parameters change by their gradients. Parameters are any tree of tensors; gradients have its form. */
export interface UpdateRule {
  /** The name of the formula. */
  readonly name: string;
  /** What makes the rule again with the function of its name; `undefined` where a schedule or another function is part of it. */
  readonly options?: Readonly<Record<string, Json>> | undefined;
  /** The state before the first step. */
  init(params: unknown): UpdateState;
  /** Parameters and state after a step. */
  update<P>(gradients: P, state: UpdateState, params: P): { params: P; state: UpdateState };
}

/** One parameter after a step, and what is remembered of it. */
export interface Stepped<S extends string> {
  readonly parameter: Tensor;
  readonly slots: Readonly<Record<S, Tensor>>;
}

/** The formula of a rule for one parameter: its gradient, what is remembered of it, and its value. */
export type Formula<S extends string> = (
  gradient: Tensor,
  slots: Readonly<Record<S, Tensor>>,
  parameter: Tensor,
) => Stepped<S>;

/** What a formula may use besides. */
export interface StepContext {
  readonly learningRate: TensorLike;
  /** The number of this step, 1 for the first one, as an f32 scalar. */
  readonly count: Tensor;
}

/** The options of a rule, read: a learning rate, and what else it takes. */
export interface RuleOptions {
  readonly learningRate: number | Schedule;
}

/** The parts of a rule. */
export interface RuleDefinition<S extends string> {
  readonly name: string;
  /** All options by name, with the defaults of those that were not given. */
  readonly options: RuleOptions;
  /** Names of what is remembered of each parameter; all begin at 0. */
  readonly slots: readonly S[];
  /** The formula, given what is the same for all parameters of a step. */
  readonly formula: (context: StepContext) => Formula<S>;
}

/** A learning rate that is a number. */
export const numericRate = finite({ least: 0, help: "step size of the update rule" });

/** The option that all rules have: a number, or a function of the number of steps done. */
export function learningRate(byDefault: number): DefaultOption<number | Schedule> {
  return either([numericRate, callable<Schedule>()], { default: byDefault, help: numericRate.help });
}

/** Options as JSON; `undefined` where a function is one of them, which no file can hold. */
function plainOptions(options: object): Readonly<Record<string, Json>> | undefined {
  const entries = Object.entries<unknown>({ ...options });
  if (entries.some(([, value]) => typeof value === "function")) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, plainJson(value)]));
}

/** A rule that treats each parameter by itself. */
export function makeRule<S extends string>(
  { name, options, slots, formula }: RuleDefinition<S>,
): UpdateRule {
  const { learningRate } = options;
  return {
    name,
    options: plainOptions(options),
    init: (params) => ({
      step: full([], 0, { dtype: "i32" }),
      ...Object.fromEntries(slots.map((slot) => [slot, mapTree((leaf) => leaf.zerosLike(), params)])),
    }),
    update: <P>(gradients: P, state: UpdateState, params: P) => {
      const rate = typeof learningRate === "number" ? learningRate : learningRate(state.step);
      const step = state.step.add(1);
      const apply = formula({ learningRate: rate, count: step.cast("f32") });
      const tree = flatten(params);
      const leaves = slots.map((slot) => flatten(state[slot]).leaves);
      const gradientLeaves = flatten(gradients).leaves;
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
