/**
 * Tests every option of every update rule, for every way in which it can be given to a training, against the formulas
 * in plain numbers. Formulas and defaults are written here again, from the papers; a rule or an option without a row
 * fails.
 */

import { assert, assertEquals } from "@std/assert";
import { chooseConfigured } from "../cli/training/choose_configured.ts";
import { example } from "../cli/example.ts";
import { assignmentOption, chooseModel } from "../cli/settings.ts";
import { readOptionText } from "../cli/options/read_text.ts";
import { setDevice, tensor } from "../core/mod.ts";
import { data, samples } from "../data/mod.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import { decodeConfiguration, encodeConfiguration, type Model, model, network } from "../model/mod.ts";
import { meanSquaredError, updates } from "../optim/mod.ts";
import { updateRules } from "../optim/registry.ts";

type Numbers = Record<string, number>;

/** The new value of a parameter p with gradient g at step t; `s` is its state, initially 0. */
type Formula = (g: number, s: Numbers, p: number, t: number) => number;

/** A rule as in its paper, and the defaults of its options. */
interface Reference {
  readonly defaults: Numbers;
  readonly formula: (options: Numbers) => Formula;
}

const mean = (old: number, value: number, share: number): number => share * old + (1 - share) * value;

const adamDefaults = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-6 };

const references: Record<string, Reference> = {
  sgd: { defaults: { learningRate: 0.1 }, formula: (o) => (g, _s, p) => p - o.learningRate * g },
  momentum: {
    defaults: { learningRate: 0.1, momentum: 0.9 },
    formula: (o) => (g, s, p) => p + (s.v = o.momentum * s.v - o.learningRate * g),
  },
  nesterovMomentum: {
    defaults: { learningRate: 0.1, momentum: 0.9 },
    formula: (o) => (g, s, p) => {
      s.v = o.momentum * s.v - o.learningRate * g;
      return p + o.momentum * s.v - o.learningRate * g;
    },
  },
  adagrad: {
    defaults: { learningRate: 0.1, epsilon: 1e-6 },
    formula: (o) => (g, s, p) => p - o.learningRate * g / Math.sqrt((s.v += g * g) + o.epsilon),
  },
  rmsprop: {
    defaults: { learningRate: 0.01, rho: 0.9, epsilon: 1e-6 },
    formula: (o) => (g, s, p) => p - o.learningRate * g / Math.sqrt((s.v = mean(s.v, g * g, o.rho)) + o.epsilon),
  },
  adadelta: {
    defaults: { learningRate: 0.1, rho: 0.95, epsilon: 1e-6 },
    formula: (o) => (g, s, p) => {
      s.v = mean(s.v, g * g, o.rho);
      const change = g * Math.sqrt(s.m + o.epsilon) / Math.sqrt(s.v + o.epsilon);
      s.m = mean(s.m, change * change, o.rho);
      return p - o.learningRate * change;
    },
  },
  adam: {
    defaults: adamDefaults,
    formula: (o) => (g, s, p, t) => {
      [s.m, s.v] = [mean(s.m, g, o.beta1), mean(s.v, g * g, o.beta2)];
      const rate = o.learningRate * Math.sqrt(1 - o.beta2 ** t) / (1 - o.beta1 ** t);
      return p - rate * s.m / (Math.sqrt(s.v) + o.epsilon);
    },
  },
  adamax: {
    defaults: adamDefaults,
    formula: (o) => (g, s, p, t) => {
      [s.m, s.v] = [mean(s.m, g, o.beta1), Math.max(o.beta2 * s.v, Math.abs(g))];
      return p - o.learningRate / (1 - o.beta1 ** t) * s.m / (s.v + o.epsilon);
    },
  },
  nadam: {
    defaults: adamDefaults,
    formula: (o) => (g, s, p, t) => {
      [s.m, s.v] = [mean(s.m, g, o.beta1), mean(s.v, g * g, o.beta2)];
      const m = o.beta1 * s.m / (1 - o.beta1 ** (t + 1)) + (1 - o.beta1) * g / (1 - o.beta1 ** t);
      return p - o.learningRate * m / (Math.sqrt(s.v / (1 - o.beta2 ** t)) + o.epsilon);
    },
  },
  adamw: {
    defaults: { ...adamDefaults, epsilon: 1e-8, weightDecay: 0.01 },
    formula: (o) => (g, s, p, t) => {
      [s.m, s.v] = [mean(s.m, g, o.beta1), mean(s.v, g * g, o.beta2)];
      const step = s.m / (1 - o.beta1 ** t) / (Math.sqrt(s.v / (1 - o.beta2 ** t)) + o.epsilon);
      return p * (1 - o.learningRate * o.weightDecay) - o.learningRate * step;
    },
  },
};

/** A value of each option that is not the default of any rule. */
const others: Numbers = {
  learningRate: 0.05,
  momentum: 0.5,
  rho: 0.6,
  epsilon: 0.25,
  beta1: 0.5,
  beta2: 0.7,
  weightDecay: 0.9,
};

// One line, p = w · x + b, through four points: the gradients are 2 · mean((p − y) · x) and 2 · mean(p − y).
const x = [0.5, -1, 2, 1.5];
const y = [1, 0.25, -0.5, 2];
const start = [0.75, -0.25];
const STEPS = 3;

const set = { x: samples(x.map((one) => [one])), y: samples(y.map((one) => [one])) };
const points = data([set, set], { name: "points" });
const input = inputLayer({ shape: [null, 1] });
const line = network("line", [
  input,
  denseLayer(input, { nUnits: 1, activation: "linear", W: tensor([[start[0]]]), b: tensor([start[1]]), name: "line" }),
]);

/** The line after some steps of full batches, in double precision. */
function expected(rule: string, options: Numbers): number[] {
  const { defaults, formula } = references[rule];
  const apply = formula({ ...defaults, ...options });
  const slots = start.map((): Numbers => ({ m: 0, v: 0 }));
  let params = start;
  for (let t = 1; t <= STEPS; t++) {
    const errors = x.map((one, i) => params[0] * one + params[1] - y[i]);
    const gradients = [x, x.map(() => 1)].map((factors) =>
      2 * errors.reduce((sum, error, i) => sum + error * factors[i], 0) / x.length
    );
    params = params.map((p, i) => apply(gradients[i], slots[i], p, t));
  }
  return params;
}

const training = { batchSize: x.length, nEpochs: STEPS };
const learner = model({ network: line, data: points, objective: meanSquaredError, evaluationMetric: meanSquaredError });

/** The line after training. */
async function trained(untrained: Model): Promise<number[]> {
  const { model: { network: { params } } } = await untrained.train({
    shuffle: false,
    earlyStop: false,
    restoreBest: false,
  });
  return [...await params.line.W.data(), ...await params.line.b.data()];
}

function isNear(actual: readonly number[], wanted: readonly number[]): boolean {
  return actual.every((one, i) => Math.abs(one - wanted[i]) <= 2e-5 * Math.abs(wanted[i] - start[i]) + 3e-7);
}

const linear = example({
  title: "a line",
  hyperparameters: { batchSize: 4, learningRate: 0.1, nEpochs: STEPS, momentum: 0.9, patience: 1000 },
  build: () => line,
});

/**
 * The ways in which an option can be given to a training. The learning rate is given too, because examples have their
 * own.
 */
const ways: Record<string, (rule: string, options: Numbers) => Model> = {
  "given to the rule": (rule, options) => learner.with({ hyperparameters: training, updates: updates[rule](options) }),
  "as a hyperparameter": (rule, options) =>
    learner.with({ hyperparameters: { ...training, ...options }, updates: updates[rule] }),
  "as a hyperparameter of a .yc file": (rule, options) =>
    throughFile(learner.with({ hyperparameters: { ...training, ...options }, updates: updates[rule] })),
  "as an option of the rule of a .yc file": (rule, options) =>
    throughFile(learner.with({ hyperparameters: training, updates: updates[rule](options) })),
  "by --set": (rule, options) => learner.with(chooseModel("line", linear, wishes(rule, options)).parts),
  "by --set, for the network of a .yc file": (rule, options) => {
    const conf = learner.with({ hyperparameters: training, updates: updates[rule] }).toConf();
    return learner.with({
      ...chooseConfigured({ configuration: conf }, wishes(undefined, options)).parts,
      network: line,
    });
  },
  "by --set, for the rule with options of a .yc file": (rule, options) => {
    const conf = learner.with({ hyperparameters: training, updates: updates[rule]({}) }).toConf();
    return learner.with({
      ...chooseConfigured({ configuration: conf }, wishes(undefined, options)).parts,
      network: line,
    });
  },
};

/** The command-line arguments that set these hyperparameters. */
function wishes(update: string | undefined, options: Numbers) {
  const set = Object.entries(options).map(([name, value]) =>
    readOptionText(assignmentOption, `${name}=${value}`, "option --set")
  );
  return { update, set, direct: {} };
}

/**
 * A model that was converted to the text of a `.yc` file and back. The file does not contain the initial weights of
 * this line.
 */
function throughFile(untrained: Model): Model {
  const conf = decodeConfiguration(encodeConfiguration(untrained.toConf()));
  return learner.fromConf(conf).with({ network: line });
}

Deno.test("every update rule and each of its options has a row here, with the same default", () => {
  const declared = Object.entries(updateRules).map(([rule, { options }]) => [
    rule,
    Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default])),
  ]);
  assertEquals(
    Object.fromEntries(declared),
    Object.fromEntries(
      Object.entries(references).map(([rule, { defaults }]) => [rule, defaults]),
    ),
  );
  for (const { options } of Object.values(updateRules)) {
    for (const [name, option] of Object.entries(options)) {
      assert(Object.hasOwn(others, name) && others[name] !== option.default && option.help !== "", name);
    }
  }
});

await setDevice("wasm");
for (const [rule, { options }] of Object.entries(updateRules)) {
  for (const option of Object.keys(options)) {
    Deno.test(`${option} of ${rule} does what its formula says, however it is given`, async () => {
      // Steps that are large enough to show the effect of small numbers.
      const rate: Numbers = { learningRate: option === "learningRate" ? others.learningRate : 0.2 };
      const given = { ...rate, [option]: others[option] };
      const wanted = expected(rule, given);
      const byDefault = option === "learningRate" ? {} : rate;
      assert(!isNear(expected(rule, byDefault), wanted), "the default would do as well");
      for (const [way, make] of Object.entries(ways)) {
        const actual = await trained(make(rule, given));
        assert(isNear(actual, wanted), `${way}: expected ${wanted}, got ${actual}`);
      }
    });
  }
}
