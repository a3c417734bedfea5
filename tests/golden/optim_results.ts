/**
 * Objectives, update rules, schedules and parts of chained rules, on numbers without a symmetry.
 *
 * @module
 */

import { setDevice } from "../../core/device.ts";
import { tensor } from "../../core/creation.ts";
import type { Tensor } from "../../core/tensor.ts";
import { vjp } from "../../core/gradients.ts";
import * as optim from "../../optim/mod.ts";
import { metricForms, objectiveForms, updateRules } from "../../optim/registry.ts";
import { describe } from "./describe.ts";
import { optionAsText } from "./option_text.ts";
import { outcomeOf } from "./reader_results.ts";
import type { Recording } from "./recording.ts";

function numbers(shape: readonly number[], seed: number, scale = 1): Tensor {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return tensor(Array.from({ length: count }, (_, i) => scale * (((i + seed) * 37 + 11) % 53 - 20) / 29), shape);
}

/** Probabilities of four classes for each of three examples, and targets of the same shape or as classes. */
const shares = tensor([[0.1, 0.6, 0.25, 0.05], [0.3, 0.3, 0.2, 0.2], [0.02, 0.08, 0.9, 0]]);
const wanted = tensor([[0, 1, 0, 0], [0.5, 0.25, 0, 0.25], [1, 0, 0, 0]]);
const classes = tensor([1, 3, 0], [3], { dtype: "i32" });

async function objectivesAsText(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, { make, options }] of Object.entries({ ...objectiveForms, ...metricForms })) {
    const results: Record<string, unknown> = {};
    for (const [title, target] of Object.entries({ wanted, classes })) {
      try {
        const [values, pullback] = vjp((x: Tensor) => make(x, target), shares);
        results[title] = values;
        results[`gradient, ${title}`] = pullback(numbers(values.shape, 3))[0];
      } catch (error) {
        results[title] = error instanceof Error ? error.message : error;
      }
    }
    const lines = Object.entries(options).map(([option, one]) => `${option}: ${optionAsText(one)}`);
    found[`objective ${name}`] = [...lines, await describe(results)].join("\n");
  }
  const [odd, none] = [
    tensor([[NaN, 0.6, 0.4], [0.5, 0.5, NaN], [0, 0, 0], [0, 0, 1]]),
    tensor([[0, 1, 0], [NaN, 0, 1], [NaN, NaN, NaN], [NaN, 1, 0]]),
  ];
  for (const [name, { make }] of Object.entries({ ...objectiveForms, ...metricForms })) {
    found[`${name} of NaN`] = await outcomeOf(() =>
      Promise.all([make(odd, none), make(none, odd)].map((one) => one.toArray()))
    );
  }
  found["huberError with delta"] = await describe(optim.huberError(shares, wanted, { delta: 0.2 }));
  found["smoothed"] = await describe(
    optim.categoricalCrossentropyFromLogits(numbers([3, 4], 5), classes, { labelSmoothing: 0.2, ignoreIndex: 3 }),
  );
  return found;
}

/** The parameters and the state after each of four steps. */
async function stepsOf(rule: optim.UpdateRule): Promise<string> {
  let params: object = { first: { W: numbers([2, 3], 1), b: numbers([3], 2) }, second: { W: numbers([3, 1], 4) } };
  let state = rule.init(params);
  const steps: unknown[] = [];
  for (let step = 0; step < 4; step++) {
    const scale = step === 2 ? 5 : 1;
    const gradients = {
      first: { W: numbers([2, 3], 5 + step, scale), b: numbers([3], 6 + step, scale) },
      second: { W: numbers([3, 1], 7 + step, scale) },
    };
    ({ params, state } = rule.update(gradients, state, params));
    steps.push(params);
  }
  return await describe({ name: rule.name, steps, state });
}

/** The rates of the first steps, and of one far behind. */
async function ratesOf(schedule: optim.Schedule): Promise<string> {
  const steps = [...Array(14).keys(), 1000];
  return await describe(await Promise.all(steps.map((step) => schedule(tensor(step, [], { dtype: "i32" })).item())));
}

const schedules: Readonly<Record<string, optim.Schedule>> = {
  constantRate: optim.constantRate(0.3),
  stepDecay: optim.stepDecay({ learningRate: 0.4, factor: 0.3, every: 4 }),
  exponentialDecay: optim.exponentialDecay({ learningRate: 0.4, factor: 0.3, every: 4 }),
  cosineDecay: optim.cosineDecay({ learningRate: 0.4, steps: 9, last: 0.1 }),
  "cosineDecay to 0": optim.cosineDecay({ learningRate: 0.4, steps: 9 }),
  warmUp: optim.warmUp(optim.stepDecay({ learningRate: 0.4, factor: 0.5, every: 6 }), 5),
};

const chains: Readonly<Record<string, () => optim.UpdateRule>> = {
  clipByGlobalNorm: () => optim.clipByGlobalNorm(optim.sgd({ learningRate: 0.5 }), 1.5),
  clipByValue: () => optim.clipByValue(optim.sgd({ learningRate: 0.5 }), 0.4),
  accumulate: () => optim.chain(optim.momentum({ learningRate: 0.5 }), optim.accumulate(2)),
  average: () => optim.chain(optim.sgd({ learningRate: 0.5 }), optim.average(0.7)),
  weightDecay: () => optim.chain(optim.sgd({ learningRate: 0.5 }), optim.weightDecay(0.1)),
  freeze: () => optim.chain(optim.adam({ learningRate: 0.5 }), optim.freeze(optim.parametersOf("first/b"))),
  masked: () => optim.masked(optim.parametersOf("first/W"), optim.momentum({ learningRate: 0.5 })),
  schedule: () => optim.chain(optim.adam({ learningRate: 0.5 }), optim.schedule(schedules.stepDecay)),
  together: () =>
    optim.chain(
      optim.nesterovMomentum({ learningRate: schedules.exponentialDecay }),
      optim.weightDecay(0.2),
      optim.accumulate(2),
      optim.average(0.6),
    ),
};

/** Values of options that differ from the defaults. */
const others: Readonly<Record<string, number>> = {
  learningRate: 0.3,
  momentum: 0.4,
  rho: 0.6,
  epsilon: 0.05,
  beta1: 0.6,
  beta2: 0.7,
  weightDecay: 0.2,
};

async function texts(): Promise<Record<string, string>> {
  await setDevice("wasm");
  const found = await objectivesAsText();
  for (const [name, { make, options }] of Object.entries(updateRules)) {
    const lines = Object.entries(options).map(([option, one]) => `${option}: ${optionAsText(one)}`);
    const changed = Object.fromEntries(Object.keys(options).map((option) => [option, others[option]]));
    found[`options of ${name}`] = lines.join("\n");
    found[name] = await stepsOf(make());
    found[`${name}, changed`] = await stepsOf(make(changed));
  }
  const tree = { W: numbers([2, 3], 1, 7), b: [numbers([3], 2), numbers([], 5)] };
  found["globalNorm"] = await describe([optim.globalNorm(tree), optim.globalNorm(numbers([2], 3, 0))]);
  for (const [name, make] of Object.entries(chains)) found[name] = await stepsOf(make());
  for (const [name, schedule] of Object.entries(schedules)) found[`rates of ${name}`] = await ratesOf(schedule);
  return found;
}

/** Everything that `optim` computes. */
export const optimRecording: Recording = { name: "optim", texts };
