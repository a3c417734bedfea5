/**
 * Update rules that are composed of transforms.
 *
 * @module
 */

import { full } from "../core/creation.ts";
import type { Json } from "../core/json.ts";
import { checkArguments, wrongKind } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import { mapTree, pathsOf } from "../core/tree.ts";
import type { ChainSetting } from "./chain_settings.ts";
import { checkStage } from "./check_updated.ts";
import { describePart } from "./description.ts";
import { type Mask, masked, selection, selects } from "./masks.ts";
import { configurationOf, isRule, isTransform } from "./rule_kinds.ts";
import { checkRate, type Schedule, scheduleOf, stateKind, type UpdateRule, type UpdateState } from "./update_rule.ts";
import type { Update, UpdateContext, UpdateTransform } from "./update_transform.ts";

/** A part of a chain. */
export type ChainPart = UpdateRule | UpdateTransform | ChainSetting;

/** A stage of a chain. */
type Stage = UpdateRule | UpdateTransform;

/** The settings of a chain. */
interface Settings {
  readonly schedule?: Schedule;
  readonly steps?: number;
  readonly frozen?: Mask;
}

/** The parts of a chain, sorted. */
interface Chain extends Settings {
  /** Rules and transforms in their order. */
  readonly stages: readonly Stage[];
}

/**
 * A rule that is composed of parts: gradients pass through the transforms before the rule, and parameters through those
 * after it. The settings `schedule`, `accumulate` and `freeze` concern the whole chain, wherever they stand.
 *
 * Several rules may share a chain if each parameter is changed by exactly one of them: see {@linkcode masked}. A chain is
 * a rule itself, so chains can be parts of chains.
 *
 * @throws {TypeError} if there is no rule, or something is no part of a chain.
 *
 * @example
 * ```ts
 * import { accumulate, adam, average, chain, clipByGlobalNorm, weightDecay } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rule = chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 }), weightDecay(0.01), average(0.999), accumulate(2));
 * let params = { W: tensor([1]) };
 * let state = rule.init(params);
 * for (const gradient of [30, 50]) ({ params, state } = rule.update({ W: tensor([gradient]) }, state, params));
 * assertAlmostEquals(await params.W.item(), 1 - 0.1 - 0.1 * 0.01, 1e-5);
 * ```
 */
export function chain(...parts: readonly ChainPart[]): UpdateRule {
  const { stages, schedule, steps, frozen } = readParts(parts);
  const name = `chain(${parts.map((part) => "setting" in part ? part.setting : part.name).join(", ")})`;
  const scheduled = schedule ? stages.map((stage) => isRule(stage) ? withRate(stage, schedule) : stage) : stages;
  const staged = stagesRule(name, scheduled);
  const accumulated = steps === undefined ? staged : accumulating(staged, steps);
  return { ...frozen ? freezing(accumulated, frozen) : accumulated, ...describeChain(parts) };
}

/** What files contain of a chain, if all its parts are plain data, and what tells it from others. */
function describeChain(parts: readonly ChainPart[]): Pick<UpdateRule, "configuration" | "description"> {
  const configurations = parts.map((part) => "setting" in part ? part.configuration : configurationOf(part));
  const known = configurations.filter((one) => one !== undefined);
  return {
    configuration: known.length === parts.length ? ["chain", { parts: known }] : undefined,
    description: ["chain", { parts: parts.map(describeChainPart) }],
  };
}

function describeChainPart(part: ChainPart): Json {
  if (!("setting" in part)) return describePart(part);
  return part.configuration ?? part.description ?? { function: part.setting };
}

function readParts(parts: readonly ChainPart[]): Chain {
  const settings = parts.filter((part): part is ChainSetting => isSetting(part));
  const stages = parts.filter((part): part is Stage => !isSetting(part));
  for (const stage of stages) {
    if (isRule(stage) || isTransform(stage)) continue;
    throw wrongKind("chain", "update rules, transforms and settings, such as adam() and average(0.999)", stage);
  }
  if (!stages.some(isRule)) {
    throw new TypeError("Cannot chain transforms alone: expected an update rule among them, such as sgd()");
  }
  return { stages, ...readSettings(settings) };
}

function isSetting(part: unknown): part is ChainSetting {
  return typeof part === "object" && part !== null && "setting" in part;
}

function readSettings(settings: readonly ChainSetting[]): Settings {
  const twice = settings.find(({ setting }, i) => settings.findIndex((one) => one.setting === setting) < i);
  if (twice) {
    throw new TypeError(`Cannot chain ${twice.setting} twice: expected it once, because it concerns the whole chain`);
  }
  return Object.assign(
    {},
    ...settings.map((one): Settings => {
      if (one.setting === "schedule") return { schedule: one.schedule };
      return one.setting === "accumulate" ? { steps: one.steps } : { frozen: one.mask };
    }),
  ) as Settings;
}

/** A rule with another learning rate. */
function withRate(rule: UpdateRule, schedule: Schedule): UpdateRule {
  if (rule.withLearningRate) return rule.withLearningRate(schedule);
  throw new TypeError(
    `Cannot give the update rule ${rule.name} a schedule: expected a rule with withLearningRate, such as those of ` +
      "this library; pass the schedule to the function that makes the rule",
  );
}

/** The stages one after another. */
function stagesRule(name: string, stages: readonly Stage[]): UpdateRule {
  const rules = stages.filter(isRule);
  const [{ learningRate, withLearningRate }] = rules;
  return {
    name,
    learningRate: rules.length === 1 ? learningRate : undefined,
    withLearningRate: rules.length > 1 || withLearningRate
      ? (rate) => stagesRule(name, stages.map((stage) => isRule(stage) ? withRate(stage, rate) : stage))
      : undefined,
    accumulates: Math.max(...rules.map(({ accumulates = 1 }) => accumulates)),
    firstUpdate: Math.min(...rules.map(firstUpdateOf)),
    changes: (path) => rules.some((rule) => changedBy(rule, path)),
    init: (params) => {
      checkShares(rules, params);
      return { step: full([], 0, { dtype: "i32" }), stages: stages.map((stage) => stage.init(params)) };
    },
    update: <P>(gradients: P, state: UpdateState, params: P) => {
      const states = statesOf(name, state, stages.length);
      const count = state.step.add(1);
      const context: UpdateContext<P> = { before: params, count, learningRate: () => rateAt(rules, state.step) };
      let update: Update<P> = { gradients, params };
      const after = stages.map((stage, i) => {
        const result = applyStage(stage, update, { state: states[i], context });
        checkStage(`update by ${name}`, result, { name: stage.name, expected: params });
        const { state: next, ...changed } = result;
        update = { ...update, ...changed };
        return next;
      });
      return { params: update.params, state: { step: count, stages: after } };
    },
    averaged: averagedBy(name, stages),
  };
}

/** What a stage has changed, and its state after the step. */
interface Changed<P> extends Partial<Update<P>> {
  readonly state: unknown;
}

/** A stage with what it needs apart from the update. */
interface StageInput<P> {
  readonly state: unknown;
  readonly context: UpdateContext<P>;
}

function applyStage<P>(stage: Stage, update: Update<P>, { state, context }: StageInput<P>): Changed<P> {
  if (isRule(stage)) return stage.update(update.gradients, state as UpdateState, update.params);
  return stage.apply(update, state, context);
}

/** The parameters that the stages average, one stage after another; `undefined` if none does. */
function averagedBy(name: string, stages: readonly Stage[]): UpdateRule["averaged"] {
  if (!stages.some(({ averaged }) => averaged)) return undefined;
  return <P>(state: UpdateState, params: P): P => {
    const states = statesOf(name, state, stages.length);
    return stages.reduce((kept, stage, i) => averagedOf(stage, states[i], kept), params);
  };
}

function averagedOf<P>(stage: Stage, state: unknown, params: P): P {
  if (!stage.averaged) return params;
  return isRule(stage) ? stage.averaged(state as UpdateState, params) : stage.averaged(state, params);
}

/** The states of the stages of a chain. */
function statesOf(name: string, state: UpdateState, length: number): readonly unknown[] {
  checkArguments(`update by ${name}`, { state }, stateKind);
  const { stages } = state;
  if (Array.isArray(stages) && stages.length === length) return stages;
  throw wrongKind(`update by ${name}`, `state.stages to be the ${length} states that init makes`, stages);
}

/** The learning rate at a step, for transforms that depend on it. */
function rateAt(rules: readonly UpdateRule[], step: Tensor): Tensor {
  const rates = rules.map(({ learningRate }) => learningRate);
  const [first] = rates;
  if (first === undefined || rates.length > 1) {
    throw new TypeError(
      `Cannot use the learning rate of ${
        rules.map(({ name }) => name).join(" and ")
      }: expected one rule with a learning rate; chain the transform with the rule that it belongs to`,
    );
  }
  const rate = scheduleOf(first)(step);
  checkRate("update by a chain", rate);
  return rate;
}

function changedBy({ changes }: UpdateRule, path: string): boolean {
  return changes === undefined || changes(path);
}

/** Checks that each parameter is changed by exactly one of several rules. */
function checkShares(rules: readonly UpdateRule[], params: unknown): void {
  if (rules.length === 1) return;
  for (const path of pathsOf(params)) {
    const own = rules.filter((rule) => changedBy(rule, path));
    if (own.length === 1) continue;
    throw new TypeError(
      `Cannot chain several update rules: expected each parameter to be changed by exactly one of them, but ${path} is ` +
        `changed by ${own.map(({ name }) => name).join(" and ") || "none"}; ` +
        (own.length === 0 ? "freeze it, or include it in a mask" : "select the parameters of each rule by masked(…)"),
    );
  }
}

/** The number of steps until a rule changes its first parameter. */
export function firstUpdateOf({ accumulates = 1, firstUpdate = accumulates }: UpdateRule): number {
  return firstUpdate;
}

/** Updates by the mean of the gradients of several steps. */
function accumulating(rule: UpdateRule, steps: number): UpdateRule {
  const { averaged, withLearningRate, accumulates = 1 } = rule;
  return {
    ...rule,
    accumulates: accumulates * steps,
    firstUpdate: firstUpdateOf(rule) * steps,
    withLearningRate: withLearningRate && ((rate) => accumulating(withLearningRate(rate), steps)),
    init: (params) => ({
      step: full([], 0, { dtype: "i32" }),
      gradients: mapTree((leaf) => leaf.zerosLike(), params),
      rule: rule.init(params),
    }),
    update: <P>(gradients: P, state: UpdateState, params: P) => {
      checkArguments(`update by ${rule.name}`, { state }, stateKind);
      const step = state.step.add(1);
      const isDue = step.mod(steps).equal(0);
      const choose = <T>(due: T, otherwise: unknown): T => mapTree((a, b) => isDue.where(a, b), due, otherwise);
      const sums = mapTree((gradient, sum) => sum.add(gradient), gradients, state.gradients);
      const inner = state.rule as UpdateState;
      const after = rule.update(mapTree((sum) => sum.div(steps), sums), inner, params);
      return {
        params: choose(after.params, params),
        state: {
          step,
          gradients: mapTree((sum) => isDue.where(0, sum), sums),
          rule: choose(after.state, inner),
        },
      };
    },
    averaged: averaged && ((state, params) => averaged(state.rule as UpdateState, params)),
  };
}

/** Changes only the parameters that are not frozen. */
function freezing(rule: UpdateRule, frozen: Mask): UpdateRule {
  const open = masked((path) => !selects(frozen, path), rule);
  return {
    ...open,
    name: rule.name,
    init: (params) => {
      const selected = selection(frozen, params); // which must select something
      if (!selected.includes(false)) {
        throw new RangeError(
          `Cannot freeze ${
            pathsOf(params).join(", ")
          }: expected some parameters that are trained, got none; freeze fewer`,
        );
      }
      return open.init(params);
    },
  };
}
