/**
 * Settings of a whole chain: they hold wherever they stand in it.
 *
 * @module
 */

import { functionKind } from "../core/options/kinds.ts";
import { count } from "../core/options/numbers.ts";
import { checkArguments } from "../core/options/read.ts";
import { callable } from "../core/options/values.ts";
import { describeMask, describeOptions } from "./description.ts";
import type { Mask } from "./masks.ts";
import type { Schedule } from "./update_rule.ts";
import type { PartConfiguration } from "./update_transform.ts";

/** The learning rate of all rules of a chain. */
export interface ScheduleSetting {
  /** The kind of setting. */
  readonly setting: "schedule";
  /** Files contain no functions. */
  readonly configuration?: undefined;
  /** What tells it from other schedules, for resuming a training. */
  readonly description?: PartConfiguration | undefined;
  /** The learning rate, a function of the number of updates done. */
  readonly schedule: Schedule;
}

/** The number of steps whose mean gradient makes one update. */
export interface AccumulateSetting {
  /** The kind of setting. */
  readonly setting: "accumulate";
  /** What files contain of it. */
  readonly configuration: PartConfiguration | undefined;
  /** What tells it from others, for resuming a training, if files cannot contain it. */
  readonly description?: PartConfiguration | undefined;
  /** The number of steps. */
  readonly steps: number;
}

/** The parameters that a chain does not change. */
export interface FreezeSetting {
  /** The kind of setting. */
  readonly setting: "freeze";
  /** What files contain of it. */
  readonly configuration: PartConfiguration | undefined;
  /** What tells it from others, for resuming a training, if files cannot contain it. */
  readonly description?: PartConfiguration | undefined;
  /** The parameters. */
  readonly mask: Mask;
}

/** A setting of a whole chain. */
export type ChainSetting = ScheduleSetting | AccumulateSetting | FreezeSetting;

/**
 * The learning rate of a chain's rules, instead of their own.
 *
 * @example
 * ```ts
 * import { chain, cosineDecay, schedule, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = chain(sgd(), schedule(cosineDecay({ learningRate: 0.5, steps: 100 })));
 * const { params } = rule.update(tensor([2]), rule.init(tensor([3])), tensor([3]));
 * assertEquals(await params.item(), 2);
 * ```
 */
export function schedule(rate: Schedule): ScheduleSetting {
  checkArguments("make a schedule of a chain", { rate }, callable<Schedule>());
  return { setting: "schedule", description: ["schedule", describeOptions({ rate })], schedule: rate };
}

const stepsOption = count();

/**
 * Updates at every `steps`-th step only, by the mean of the gradients since the last update: as if batches were that many
 * times larger, in the memory of one. Each step counts the same, whatever the size of its batch. A training refuses a rule
 * that accumulates more steps than it has, or than early stopping lets it take, because it would never update.
 *
 * @throws {RangeError} if `steps` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { accumulate, chain, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = chain(sgd({ learningRate: 1 }), accumulate(2));
 * const first = rule.update(tensor([1]), rule.init(tensor([5])), tensor([5]));
 * const second = rule.update(tensor([3]), first.state, first.params);
 * assertEquals([await first.params.item(), await second.params.item()], [5, 3]);
 * ```
 */
export function accumulate(steps: number): AccumulateSetting {
  checkArguments("accumulate gradients", { steps }, stepsOption);
  return { setting: "accumulate", configuration: ["accumulate", { steps }], steps };
}

/**
 * Keeps parameters as they are, bit for bit. The chain computes nothing for them, and keeps no state.
 *
 * @example
 * ```ts
 * import { chain, freeze, parametersOf, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { body: { W: tensor([1]) }, head: { W: tensor([1]) } };
 * const rule = chain(sgd({ learningRate: 1 }), freeze(parametersOf("body")));
 * const { params: after } = rule.update(params, rule.init(params), params);
 * assertEquals([await after.body.W.item(), await after.head.W.item()], [1, 0]);
 * ```
 */
export function freeze(mask: Mask): FreezeSetting {
  checkArguments("freeze parameters", { mask }, functionKind);
  const { patterns } = mask;
  return {
    setting: "freeze",
    configuration: patterns && ["freeze", { patterns }],
    description: ["freeze", { mask: describeMask(mask) }],
    mask,
  };
}
