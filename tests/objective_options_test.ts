/**
 * Tests every objective and metric, and each of their options, against the formulas in plain numbers. Formulas and
 * defaults are written here again; an objective or an option without a row fails.
 */

import { assert, assertEquals } from "@std/assert";
import { setDevice, tensor } from "../core/mod.ts";
import { data, samples } from "../data/mod.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import { decodeConfiguration, encodeConfiguration, model, network } from "../model/mod.ts";
import { valueFor } from "../model/per_output.ts";
import { getObjective, type HuberOptions, type Objective } from "../optim/mod.ts";
import type { BinaryOptions, FromLogitsOptions } from "../optim/mod.ts";
import { metricForms, objectiveForms } from "../optim/registry.ts";
import { assertElements } from "./option_definitions.ts";

type Numbers = Readonly<Record<string, number>>;

/** The cost of one example: a row of predictions with a row of targets, or with a class. */
type Formula = (p: readonly number[], t: readonly number[], options: Numbers, chosen?: number) => number;

interface Reference {
  readonly formula: Formula;
  /** The rows of predictions. */
  readonly predictions: readonly (readonly number[])[];
  /** Targets as rows, for which the options in `forClasses` have no meaning. */
  readonly rows?: readonly (readonly number[])[];
  /** Targets as classes. */
  readonly classes?: readonly number[];
  readonly defaults: Numbers;
  /** For each option, other values, alone and with other options. */
  readonly others: Readonly<Record<string, readonly Numbers[]>>;
  readonly forClasses?: readonly string[];
}

/** Options with several values each; without a row for an option of the type, this does not compile. */
type Others<O> = { readonly [K in keyof Required<O>]: readonly Numbers[] };

const huberOthers: Others<HuberOptions> = { delta: [{ delta: 0.25 }, { delta: 1.5 }, { delta: 100 }] };
const logitsOthers: Others<FromLogitsOptions> = {
  labelSmoothing: [{ labelSmoothing: 0.1 }, { labelSmoothing: 1 }],
  ignoreIndex: [
    { ignoreIndex: 2 },
    { ignoreIndex: 0 },
    { ignoreIndex: -1 },
    { ignoreIndex: 2, labelSmoothing: 0.3 },
  ],
};

const binaryOthers: Others<BinaryOptions> = {
  threshold: [{ threshold: 0 }, { threshold: 0.25 }, { threshold: 0.9 }],
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
const log = (p: number): number => Math.log(Math.max(p, 1e-8));
const best = (row: readonly number[]): number => row.indexOf(Math.max(...row));

/** Zeros are the −1 of class numbers, and of targets 0 and 1. */
const hinge: Formula = (p, t) => mean(p.map((one, j) => Math.max(0, 1 - (t[j] === 0 ? -1 : t[j]) * one)));

const plain = { defaults: {}, others: {} };
const numbers = { ...plain, predictions: [[0.5, -1, 2], [0.25, 0.75, 3]], rows: [[1, 0.25, -1], [0.25, 0.5, 0]] };
const signs = { ...plain, predictions: [[0.5, -1, 2], [0.25, 0.75, 3]], rows: [[1, 1, -1], [-1, 1, 1]] };
const shares = {
  ...plain,
  predictions: [[0.5, 0.125, 0.375], [0.25, 0.75, 0], [0, 0, 1]],
  rows: [[0.25, 0.25, 0.5], [0, 1, 0], [1, 0, 0]],
};
const classes = [2, 1, 0];
const bits = { ...plain, predictions: [[0.5, 0.125, 0.875], [0.25, 0.75, 1]], rows: [[1, 1, 0], [0, 1, 0]] };
const logits = { ...plain, predictions: [[0.5, -1, 2], [0.25, 0.75, 3], [0, 0.5, -2]], classes };

const references: Readonly<Record<string, Reference>> = {
  meanSquaredError: { ...numbers, formula: (p, t) => mean(p.map((one, j) => (one - t[j]) ** 2)) },
  rootMeanSquaredError: { ...numbers, formula: (p, t) => Math.sqrt(mean(p.map((one, j) => (one - t[j]) ** 2))) },
  meanAbsoluteError: { ...numbers, formula: (p, t) => mean(p.map((one, j) => Math.abs(one - t[j]))) },
  huberError: {
    ...numbers,
    formula: (p, t, { delta }) =>
      mean(p.map((one, j) => {
        const d = Math.abs(one - t[j]);
        return d <= delta ? d * d / 2 : delta * (d - delta / 2);
      })),
    defaults: { delta: 1 },
    others: huberOthers,
  },
  binaryHingeError: { ...signs, formula: hinge },
  categoricalHingeError: { ...signs, classes: [2, 1], formula: hinge },
  binaryCrossentropyError: {
    ...bits,
    formula: (p, t) => -mean(p.map((one, j) => t[j] * log(one) + (1 - t[j]) * log(1 - one))),
  },
  binaryCrossentropyFromLogits: {
    ...plain,
    predictions: logits.predictions,
    rows: [[1, 0, 0.5], [0, 1, 1], [0.25, 0, 1]],
    formula: (p, t) =>
      -mean(p.map((x, j) => t[j] * Math.log(1 / (1 + Math.exp(-x))) + (1 - t[j]) * Math.log(1 / (1 + Math.exp(x))))),
  },
  categoricalCrossentropyError: { ...shares, classes, formula: (p, t) => -sum(p.map((one, j) => t[j] * log(one))) },
  categoricalCrossentropyFromLogits: {
    ...logits,
    rows: shares.rows,
    formula: (p, t, { labelSmoothing, ignoreIndex }, chosen) => {
      if (chosen !== undefined && chosen === ignoreIndex) return 0;
      const total = sum(p.map(Math.exp));
      return -sum(
        p.map((x, j) => ((1 - labelSmoothing) * t[j] + labelSmoothing / p.length) * Math.log(Math.exp(x) / total)),
      );
    },
    defaults: { labelSmoothing: 0 },
    others: logitsOthers,
    forClasses: ["ignoreIndex"],
  },
  kullbackLeiblerDivergence: { ...shares, formula: (p, t) => sum(p.map((one, j) => t[j] * (log(t[j]) - log(one)))) },
  binaryAccuracy: {
    ...bits,
    formula: (p, t, { threshold }) => mean(p.map((one, j) => Number(Number(one >= threshold) === t[j]))),
    defaults: { threshold: 0.5 },
    others: binaryOthers,
  },
  binaryError: {
    ...bits,
    formula: (p, t, { threshold }) => mean(p.map((one, j) => Number(Number(one >= threshold) !== t[j]))),
    defaults: { threshold: 0.5 },
    others: binaryOthers,
  },
  categoricalAccuracy: { ...shares, classes, formula: (p, t) => Number(best(p) === best(t)) },
  categoricalError: { ...shares, classes, formula: (p, t) => Number(best(p) !== best(t)) },
};

/** The costs of all examples, from the formula. */
function expected({ formula, predictions, defaults }: Reference, targets: Targets, options: Numbers): number[] {
  return targets.map((target, i) =>
    typeof target === "number"
      ? formula(predictions[i], predictions[i].map((_, j) => Number(j === target)), { ...defaults, ...options }, target)
      : formula(predictions[i], target, { ...defaults, ...options })
  );
}

type Targets = readonly (number | readonly number[])[];

const input = inputLayer({ shape: [null, 1] });
const linear = network("n", [input, denseLayer(input, { nUnits: 3, activation: "linear" })]);
const set = { x: samples([[1], [2]]), y: samples([[0.25, 0.25, 0.5], [0, 1, 0]]) };

/** The objective of a model that was converted to the text of a `.yc` file and back. */
function throughFile(objective: Objective): Objective {
  const untrained = model({ network: linear, data: data([set, set]), objective });
  const conf = decodeConfiguration(encodeConfiguration(untrained.toConf()));
  const read = valueFor(untrained.fromConf(conf).parts.objective, "");
  assert(read);
  return read;
}

/** The ways in which options can be given. */
const ways: Readonly<Record<string, (name: string, options: Numbers) => Objective>> = {
  "as an argument": (name, options) => (p, t) =>
    ({ ...objectiveForms, ...metricForms })[name].make(p, t, ...Object.keys(options).length > 0 ? [options] : []),
  "by name": getObjective,
  "by the name of a .yc file": (name, options) => throughFile(getObjective(name, options)),
};

async function check(name: string, options: Numbers, targets: Targets): Promise<void> {
  const reference = references[name];
  const wanted = expected(reference, targets, options);
  for (const [way, make] of Object.entries(ways)) {
    if (way.includes("file") && !Object.hasOwn(objectiveForms, name)) continue;
    const costs = make(name, options)(tensor([...reference.predictions].map((row) => [...row])), tensorOf(targets));
    await assertElements(costs, wanted, `${name} with ${JSON.stringify(options)} ${way}`);
  }
}

function tensorOf(targets: Targets) {
  const rows = targets.filter((one) => typeof one !== "number");
  return rows.length > 0
    ? tensor(rows.map((row) => [...row]))
    : tensor(Int32Array.from(targets.filter((one) => typeof one === "number")));
}

/** The sets of targets that a reference has. */
function targetsOf({ rows, classes }: Reference): Targets[] {
  return [rows, classes].filter((one) => one !== undefined);
}

Deno.test("every objective and metric and each of its options has a row here, with the same default", () => {
  const declared = Object.entries({ ...objectiveForms, ...metricForms }).map(([name, { options }]) =>
    [
      name,
      Object.keys(options).sort(),
      Object.fromEntries(
        Object.entries(options).filter((row) => row[1].default !== undefined).map(([name, one]) => [name, one.default]),
      ),
    ] as const
  );
  const known = Object.entries(references).map(([name, { defaults, others }]) =>
    [name, Object.keys(others).sort(), defaults] as const
  );
  assertEquals(declared.toSorted(), known.toSorted());
});

await setDevice("wasm");
for (const [name, reference] of Object.entries(references)) {
  Deno.test(`${name} computes its formula`, async () => {
    for (const targets of targetsOf(reference)) await check(name, {}, targets);
  });
  for (const [option, others] of Object.entries(reference.others)) {
    Deno.test(`option ${option} of ${name} does what its formula says, however it is given`, async () => {
      const sets = targetsOf(reference).filter((targets) =>
        typeof targets[0] === "number" || !reference.forClasses?.includes(option)
      );
      const byDefault = expected(reference, sets[0], {});
      assert(others.some((other) => String(expected(reference, sets[0], other)) !== String(byDefault)), "no effect");
      for (const targets of sets) for (const other of others) await check(name, other, targets);
    });
  }
}
