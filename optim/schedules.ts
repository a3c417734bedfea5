/**
 * Learning rates that change with the number of steps done. They are computed on the device, within the step.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { tensor } from "../core/creation.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { checkArguments, readOptions, wrongKind } from "../core/options/read.ts";
import { count, finite, positive } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { callable, either } from "../core/options/values.ts";
import type { Tensor } from "../core/tensor.ts";
import { describedSchedule } from "./description.ts";
import type { Schedule } from "./update_rule.ts";

/** Options of {@linkcode stepDecay} and {@linkcode exponentialDecay}. */
export interface DecayOptions {
  /** The learning rate of the first step. */
  readonly learningRate: number;
  /** The factor after every `every` steps. */
  readonly factor: number;
  /** The number of steps from one factor to the next. */
  readonly every: number;
}

const rateOption = finite({ least: 0, required: true, help: "learning rate of the first step" });

const decayOptions = {
  learningRate: rateOption,
  factor: positive({ required: true, help: "factor applied every `every` steps" }),
  every: count({ required: true, help: "number of steps between factors" }),
} satisfies Declaration<DecayOptions>;

/** Numbers as f32 scalars of one tensor, so that steps with other numbers have the same code. */
function scalars(...numbers: number[]): Tensor[] {
  const all = tensor(numbers);
  return numbers.map((_, i) => all.slice([i], [i + 1]).reshape([]));
}

/**
 * A constant learning rate.
 *
 * @example
 * ```ts
 * import { constantRate } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await constantRate(0.5)(tensor(7, [], { dtype: "i32" })).item(), 0.5);
 * ```
 */
export function constantRate(learningRate: number): Schedule {
  checkArguments("make constantRate", { learningRate }, rateOption);
  const constant = tensor(learningRate);
  return describedSchedule((step) => step.fullLike(1, "f32").mul(constant), "constantRate", { learningRate });
}

/**
 * A learning rate that decays in steps: learningRate · factor^⌊step / every⌋.
 *
 * @example
 * ```ts
 * import { stepDecay } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const schedule = stepDecay({ learningRate: 1, factor: 0.1, every: 10 });
 * assertAlmostEquals(await schedule(tensor(9, [], { dtype: "i32" })).item(), 1);
 * assertAlmostEquals(await schedule(tensor(10, [], { dtype: "i32" })).item(), 0.1, 1e-6);
 * ```
 */
export function stepDecay(options: DecayOptions): Schedule {
  refuseSurplus("stepDecay", arguments, 1);
  const { learningRate, factor, every } = readOptions("make stepDecay", decayOptions, options);
  const [rate, logarithm, share] = scalars(learningRate, Math.log(factor), 1 / every);
  return describedSchedule(
    (step) => {
      // A multiple of `every`, so rounding to the nearest number is exact on all devices.
      const whole = step.sub(step.mod(every)).cast("f32").mul(share).add(0.5).floor();
      return whole.mul(logarithm).exp().mul(rate);
    },
    "stepDecay",
    { learningRate, factor, every },
  );
}

/**
 * A learning rate that decays exponentially: learningRate · factor^(step / every).
 *
 * @example
 * ```ts
 * import { exponentialDecay } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const schedule = exponentialDecay({ learningRate: 1, factor: 0.25, every: 10 });
 * assertAlmostEquals(await schedule(tensor(5, [], { dtype: "i32" })).item(), 0.5, 1e-6);
 * ```
 */
export function exponentialDecay(options: DecayOptions): Schedule {
  refuseSurplus("exponentialDecay", arguments, 1);
  const { learningRate, factor, every } = readOptions("make exponentialDecay", decayOptions, options);
  const [rate, logarithm, share] = scalars(learningRate, Math.log(factor), 1 / every);
  return describedSchedule((step) => step.cast("f32").mul(share).mul(logarithm).exp().mul(rate), "exponentialDecay", {
    learningRate,
    factor,
    every,
  });
}

/** Options of {@linkcode cosineDecay}. */
export interface CosineOptions {
  /** The learning rate of the first step. */
  readonly learningRate: number;
  /** The number of steps to the last rate. */
  readonly steps: number;
  /** The learning rate after these steps; default: 0. */
  readonly last?: number;
}

const cosineOptions = {
  learningRate: rateOption,
  steps: count({ required: true, help: "number of steps to the last rate" }),
  last: finite({ least: 0, default: 0, help: "learning rate after these steps" }),
} satisfies Declaration<CosineOptions>;

/**
 * A learning rate that decays like a cosine:
 * last + (learningRate − last) · (1 + cos(π · min(step, steps) / steps)) / 2.
 *
 * Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2016.
 *
 * @example
 * ```ts
 * import { cosineDecay } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const schedule = cosineDecay({ learningRate: 1, steps: 10 });
 * assertAlmostEquals(await schedule(tensor(5, [], { dtype: "i32" })).item(), 0.5, 1e-6);
 * assertAlmostEquals(await schedule(tensor(99, [], { dtype: "i32" })).item(), 0, 1e-6);
 * ```
 */
export function cosineDecay(options: CosineOptions): Schedule {
  refuseSurplus("cosineDecay", arguments, 1);
  const { learningRate, steps, last } = readOptions("make cosineDecay", cosineOptions, options);
  const [anglePerStep, half, end] = scalars(Math.PI / steps, (learningRate - last) / 2, last);
  return describedSchedule(
    (step) => step.minimum(steps).cast("f32").mul(anglePerStep).cos().add(1).mul(half).add(end),
    "cosineDecay",
    { learningRate, steps, last },
  );
}

const scheduleOption = either([finite({ least: 0 }), callable<Schedule>()]);

/**
 * Another schedule, or a rate, times min(1, (step + 1) / steps): it rises linearly to its full value in the first
 * steps.
 *
 * @example
 * ```ts
 * import { warmUp } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const schedule = warmUp(0.4, 4);
 * assertAlmostEquals(await schedule(tensor(0, [], { dtype: "i32" })).item(), 0.1, 1e-6);
 * assertAlmostEquals(await schedule(tensor(9, [], { dtype: "i32" })).item(), 0.4, 1e-6);
 * ```
 */
export function warmUp(schedule: Schedule | number, steps: number): Schedule {
  checkArguments("make warmUp", { schedule }, scheduleOption);
  checkArguments("make warmUp", { steps }, cosineOptions.steps);
  const full = typeof schedule === "number" ? constantRate(schedule) : schedule;
  const [share] = scalars(1 / steps);
  return describedSchedule(
    (step) => {
      const rate: unknown = full(step);
      if (!tensorKind.accepts(rate)) throw wrongKind("warm up", "the schedule to return a tensor", rate);
      return rate.mul(step.minimum(steps - 1).add(1).cast("f32").mul(share));
    },
    "warmUp",
    { schedule, steps },
  );
}
