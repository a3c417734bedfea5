import { assert, assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer } from "../../layers/mod.ts";
import {
  accumulate,
  adam,
  average,
  chain,
  clipByGlobalNorm,
  clipByValue,
  cosineDecay,
  freeze,
  masked,
  meanSquaredError,
  parametersOf,
  type Schedule,
  schedule,
  sgd,
  type UpdateRule,
  weightDecay,
} from "../../optim/mod.ts";
import { updateRules } from "../../optim/registry.ts";
import * as schedules from "../../optim/schedules.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { ResumeError } from "../files/errors.ts";
import { configurationDifferences } from "../files/configuration_differences.ts";
import { loadModel } from "../files/load_model.ts";
import { type Model, model } from "../model.ts";
import { network } from "../network.ts";
import { contentOf } from "./test_resuming.ts";

const set = { x: samples([[1], [2], [3], [4]]), y: samples([[2], [4], [6], [8]]) };
const input = inputLayer({ shape: [null, 1], name: "input" });
const dense = denseLayer(input, { nUnits: 1, activation: "linear", name: "dense" });
const size = { batchSize: 2, nEpochs: 3 };
const training = { restoreBest: false, seed: 1 };

/** A model with a rule, or with a hyperparameter. */
function modelOf(given: UpdateRule | Schedule): Model {
  const parts = typeof given === "function"
    ? { updates: adam, hyperparameters: { ...size, learningRate: given } }
    : { updates: given, hyperparameters: size };
  return model({
    name: "one",
    network: network("one", [input, dense]),
    data: data([set, set]),
    objective: meanSquaredError,
    ...parts,
  }) as Model;
}

type Values = Readonly<Record<string, unknown>>;

/** A rule or a schedule with options, and another value of each. */
interface Case {
  readonly name: string;
  readonly make: (values: Values) => UpdateRule | Schedule;
  /** Of each option the value of the saved training, and another one. */
  readonly options: Readonly<Record<string, readonly [saved: unknown, other: unknown]>>;
}

const decay = { learningRate: [0.05, 0.06], factor: [0.5, 0.6], every: [3, 4] } as const;
const cosine = cosineDecay({ learningRate: 0.05, steps: 10 });

/** The options of each function that makes a schedule; one that is missing here fails the test. */
const scheduleOptions: Readonly<Record<string, Case["options"]>> = {
  constantRate: { learningRate: [0.05, 0.06] },
  stepDecay: decay,
  exponentialDecay: decay,
  cosineDecay: { learningRate: [0.05, 0.06], steps: [10, 20], last: [0, 0.01] },
  warmUp: { schedule: [cosine, cosineDecay({ learningRate: 0.05, steps: 20 })], steps: [2, 4] },
};

function scheduleOf(name: string, values: Values): Schedule {
  const make = schedules[name as keyof typeof schedules] as (...args: readonly unknown[]) => Schedule;
  return ["constantRate", "warmUp"].includes(name) ? make(...Object.values(values)) : make(values);
}

/** Each schedule as a hyperparameter, as an option of a rule, and as a setting of a chain. */
const ofSchedules = Object.keys(schedules).flatMap((name): Case[] => {
  const options = scheduleOptions[name];
  const made = (values: Values) => scheduleOf(name, values);
  return [
    { name: `hyperparameter ${name}`, options, make: made },
    { name: `adam with ${name}`, options, make: (values) => adam({ learningRate: made(values) }) },
    { name: `chain with ${name}`, options, make: (values) => chain(sgd(), schedule(made(values))) },
  ];
});

/** Each rule with a schedule, and with another value of each of its options. */
const ofRules = Object.entries(updateRules).map(([name, { make, options }]): Case => {
  const defaults = make().options ?? {};
  const others = Object.keys(options).filter((option) => option !== "learningRate")
    .map((option) => [option, [defaults[option], Number(defaults[option]) / 2]] as const);
  return {
    name,
    make: (values) => make({ ...values }),
    options: { ...Object.fromEntries(others), learningRate: [cosine, schedules.constantRate(0.05)] },
  };
});

const scheduled = (): UpdateRule => adam({ learningRate: cosine });
const [first, second] = [parametersOf("dense"), parametersOf("*/W", "*/b")];
const numeric = (saved: number, other: number): Case["options"] => ({ value: [saved, other] });

/** Each function that composes rules, beside a schedule. */
const composed = ([
  ["clipByValue", ({ value }) => chain(clipByValue(value), scheduled()), numeric(1, 2)],
  ["clipByValue without limit", ({ value }) => chain(clipByValue(value), scheduled()), numeric(Infinity, 2)],
  ["clipByGlobalNorm", ({ value }) => chain(clipByGlobalNorm(value), scheduled()), numeric(1, 2)],
  ["clipByValue of a rule", ({ value }) => clipByValue(sgd({ learningRate: 0.1 }), value), numeric(1, Infinity)],
  ["clipByGlobalNorm of a rule", ({ value }) => clipByGlobalNorm(scheduled(), value), numeric(1, 2)],
  ["a clipped rule", ({ value }) => clipByGlobalNorm(adam({ beta1: value }), 1), numeric(0.9, 0.8)],
  ["weightDecay", ({ value }) => chain(scheduled(), weightDecay(value)), numeric(0.01, 0.02)],
  ["average", ({ value }) => chain(scheduled(), average(value)), numeric(0.9, 0.8)],
  ["accumulate", ({ value }) => chain(scheduled(), accumulate(value)), numeric(2, 1)],
  ["a chain in a chain", ({ value }) => chain(chain(clipByValue(value), scheduled()), average(0.9)), numeric(1, 2)],
  ["freeze", ({ value }) => chain(scheduled(), freeze(parametersOf(value))), { value: ["dense/b", "dense/W"] }],
  ["masked", ({ mask, rate }) => masked(mask, sgd({ learningRate: rate })), {
    mask: [first, second],
    rate: [cosine, schedules.constantRate(0.05)],
  }],
  ["a masked transform", ({ mask, limit }) => chain(masked(mask, clipByValue(limit)), scheduled()), {
    mask: [first, second],
    limit: [1, 2],
  }],
] as [string, (values: Record<string, never>) => UpdateRule, Case["options"]][])
  .map(([name, make, options]): Case => ({ name, options, make: (values) => make(values as Record<string, never>) }));

const cases = [...ofSchedules, ...ofRules, ...composed];

function valuesOf({ options }: Case, changed?: string): Values {
  return Object.fromEntries(
    Object.entries(options).map(([name, [saved, other]]) => [name, name === changed ? other : saved]),
  );
}

/** Trains until step 3 of 6, saving there. */
async function stopHalfway(one: Model, file: string): Promise<void> {
  const controller = new AbortController();
  await one.train({
    ...training,
    file,
    signal: controller.signal,
    onEvent: (event) => event.event === "step" && event.iteration === 3 && controller.abort(),
  });
}

Deno.test("a training is not resumed if any option of its schedule or of a part of its rule is another one", async () => {
  await inFolder(async (folder) => {
    const accepted: string[] = [];
    for (const one of cases) {
      const file = `${folder}/training.ym`;
      await stopHalfway(modelOf(one.make(valuesOf(one))), file);
      for (const [option, [saved, other]] of Object.entries(one.options)) {
        const resuming = modelOf(one.make(valuesOf(one, option)));
        const error = await resuming.train({ ...training, file, resume: true }).then(() => undefined, (error) => error);
        const names = error instanceof ResumeError &&
          [saved, other].every((value) =>
            !["number", "string"].includes(typeof value) || error.message.includes(`${value}`)
          );
        if (!names) accepted.push(`${one.name}: ${option}${error === undefined ? "" : `: ${error}`}`);
      }
    }
    assertEquals(accepted, []);
  });
});

testOnEveryDevice("a training with a schedule or a composed rule resumes with the same bits", async () => {
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
    for (const one of cases) {
      const make = () => modelOf(one.make(valuesOf(one)));
      await make().train({ ...training, file: whole });
      await stopHalfway(make(), part);
      await make().train({ ...training, file: part, resume: true });
      assertEquals(contentOf(part), contentOf(whole), one.name);
    }
  });
});

Deno.test("functions of one's own in rules are compared by their names, everything else by its options", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/training.ym`;
    const rising = (step: Parameters<Schedule>[0]) => step.cast("f32").mul(0.01);
    const falling = () => tensor(0.01);
    await stopHalfway(modelOf(adam({ learningRate: rising })), file);
    await modelOf(adam({ learningRate: rising })).train({ ...training, file, resume: true });
    await assertRejects(
      () => modelOf(adam({ learningRate: falling })).train({ ...training, file, resume: true }),
      ResumeError,
      'expected updates.adam.learningRate.function: "rising", not "falling"',
    );
    await assertRejects(
      () => modelOf(adam({ learningRate: rising, beta1: 0.5 })).train({ ...training, file, resume: true }),
      ResumeError,
      "expected updates.adam.beta1: 0.9, not 0.5",
    );
  });
});

Deno.test("a model with a schedule is loaded if its rule is passed again", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/training.ym`;
    const rule = chain(sgd(), schedule(cosine));
    await stopHalfway(modelOf(rule), file);
    const loaded = loadModel(file, { data: data([set, set]), rules: { [rule.name]: rule } });
    assert(loaded.parts.updates === rule);
    await loaded.train({ ...training, file, resume: true });
  });
});

Deno.test("a file of an older version, which has no descriptions, is compared by names", () => {
  const older = { network: { name: "n", layers: [] }, updates: ["function", { name: "adam" }] as const };
  const saved = { ...older, hyperparameters: { learningRate: { function: "" } } };
  const described = { function: "", description: ["constantRate", { learningRate: 1 }] };
  const updates = ["function", { name: "adam", description: ["adam", { beta1: 0.9 }] }] as const;
  const now = { ...older, updates, hyperparameters: { learningRate: described } };
  assertEquals(configurationDifferences(saved, now), []);
  for (const [name, options] of Object.entries(scheduleOptions)) {
    const made = scheduleOf(
      name,
      Object.fromEntries(Object.entries(options).map(([option, [first]]) => [option, first])),
    );
    assertEquals(made.name, "", `${name} must stay without a name, as in these files`);
  }
  assertEquals(configurationDifferences(now, now), []);
  const without = configurationDifferences(now, saved);
  assertEquals(without, [
    'updates: ["adam",{"beta1":0.9}], not none',
    'hyperparameters.learningRate: ["constantRate",{"learningRate":1}], not none',
  ]);
  const constant = { ...now, hyperparameters: { learningRate: 1 } };
  assertEquals(configurationDifferences(now, constant), ['hyperparameters.learningRate: {"function":""}, not 1']);
});
