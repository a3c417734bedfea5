import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { chooseConfigured } from "../../cli/training/choose_configured.ts";
import { UsageError } from "../../cli/errors.ts";
import type { Tensor } from "../../core/tensor.ts";
import {
  accumulate,
  adam,
  average,
  chain,
  clipByGlobalNorm,
  clipByValue,
  freeze,
  masked,
  momentum,
  parametersOf,
  schedule,
  sgd,
  type UpdateRule,
  weightDecay,
} from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { decodeConfiguration, encodeConfiguration } from "../files/configuration.ts";
import { readModel } from "../files/container.ts";
import { configurationOf } from "../files/model_configuration.ts";
import { loadModel } from "../files/load_model.ts";
import { FileFormatError } from "../files/errors.ts";
import type { TrainingEvent } from "./events.ts";
import { contentOf, untrained, values } from "./test_resuming.ts";

/** A rule with every part that files can contain. */
const everything = (): UpdateRule =>
  chain(
    clipByValue(2),
    clipByGlobalNorm(1),
    masked(parametersOf("Dense*"), chain(momentum({ learningRate: 0.05 }), weightDecay(0.01))),
    masked(parametersOf("Logistic*", "Batch*"), adam({ learningRate: 0.01 })),
    masked(parametersOf("*/W"), average(0.9)),
    accumulate(3),
    freeze(parametersOf("*/beta")),
  );

const composed = untrained.with({ updates: everything(), hyperparameters: { ...values, nEpochs: 2 } });

testOnEveryDevice(
  "a composed rule resumes from any step, also within an accumulation, with the same bits",
  async () => {
    await inFolder(async (folder) => {
      const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
      for (const restoreBest of [true, false]) {
        const options = { earlyStop: false, restoreBest, seed: 3 };
        await composed.train({ ...options, file: whole });
        const expected = contentOf(whole);
        for (const step of restoreBest ? [2, 10] : [19]) {
          const controller = new AbortController();
          const onEvent = (one: TrainingEvent) => one.event === "step" && one.iteration === step && controller.abort();
          await composed.train({ ...options, file: part, signal: controller.signal, onEvent });
          // The rule is read from the file.
          await loadModel(part, { data: composed.parts.data! }).train({ file: part, resume: true });
          assertEquals(contentOf(part), expected, `resumed from step ${step}`);
        }
      }
    });
  },
);

testOnEveryDevice("the averages of a rule are validated, kept and saved", async () => {
  const one = untrained.with({
    hyperparameters: { batchSize: values.batchSize, nEpochs: 2 },
    updates: chain(sgd({ learningRate: 0.5 }), average(0.9)),
  });
  await inFolder(async (folder) => {
    const file = `${folder}/averages.ym`;
    const { model: trained, report } = await one.train({ file, restoreBest: false, earlyStop: false });
    const { W, b } = trained.network.params["LogisticRegression 1"] as { W: Tensor; b: Tensor };
    const { groups } = readModel(file);
    const saved = (name: string) => [...groups.training[name].values];
    const path = Object.keys(groups.training).find((name) => /^updates\/.*LogisticRegression 1\/W$/.test(name))!;
    assertEquals([...await W.data()], saved(path));
    assertNotEquals([...await W.data()], saved("params/LogisticRegression 1/W"));
    assertEquals(b.shape, [10]);
    assert(Number.isFinite(report.validationLoss));
    const { groups: { params } } = readModel(file);
    assertEquals([...params["LogisticRegression 1/W"].values], saved(path));
  });
});

Deno.test("a file contains all parts of a composed rule, unless one is a function", () => {
  const { configuration } = everything();
  const saved = decodeConfiguration(
    encodeConfiguration(configurationOf({ ...composed.parts, network: composed.network })),
  );
  assertEquals<unknown>(saved.updates, configuration);
  assertEquals(configuration?.[0], "chain");
  const updates = chain(adam(), schedule((step) => step.cast("f32")));
  const own = untrained.with({ hyperparameters: {}, updates });
  const named =
    decodeConfiguration(encodeConfiguration(configurationOf({ ...own.parts, network: own.network }))).updates;
  const parts = [["adam", adam().options], ["schedule", { rate: { function: "" } }]];
  assertEquals<unknown>(named, ["function", { name: "chain(adam, schedule)", description: ["chain", { parts }] }]);
  const mask = (path: string) => path.endsWith("W");
  assertEquals(chain(adam(), freeze(mask)).configuration, undefined);
  assertEquals(chain(adam(), freeze(parametersOf("a"))).configuration?.[1], {
    parts: [["adam", adam().options!], ["freeze", { patterns: ["a"] }]],
  });
});

Deno.test("parts of rules in files are checked", () => {
  const refuse = (updates: unknown, message: string) => {
    const text = {
      ...JSON.parse(encodeConfiguration(configurationOf({ ...composed.parts, network: composed.network }))),
      updates,
    };
    const conf = decodeConfiguration(JSON.stringify(text));
    assertThrows(() => chooseConfigured({ configuration: conf, file: "net.yc" }), FileFormatError, message);
  };
  refuse(["chain", { parts: [["adem", {}]] }], "did you mean adam?");
  refuse(["chain", { parts: [["adam", { beta1: 2 }]] }], "below 1, got 2");
  refuse(["chain", { parts: [["average", { decay: 0.9 }]] }], "expected an update rule among them");
  refuse(["chain", { parts: [["sgd", {}], ["average", {}]] }], "expected decay to be a number");
  refuse(["chain", { parts: [3] }], "parts[0]");
  refuse(["chain", {}], "expected parts to be");
  refuse(["average", { decay: 0.5 }], "expected a rule");
  refuse(["masked", { patterns: ["a"], part: ["accumulate", { steps: 2 }] }], "it concerns the whole chain");
});

Deno.test("the command line keeps a composed rule of a file, or replaces it as a whole", () => {
  const configuration = decodeConfiguration(
    encodeConfiguration(configurationOf({ ...composed.parts, network: composed.network })),
  );
  const wishes = { update: undefined, set: [], direct: {} };
  const kept = chooseConfigured({ configuration }, wishes);
  assertEquals(kept.update, everything().name);
  assert(typeof kept.parts.updates === "object");
  assertEquals(kept.parts.updates.configuration, everything().configuration);
  const other = chooseConfigured({ configuration }, { ...wishes, update: "sgd" });
  assertEquals(other.update, "sgd");
  assertThrows(
    () => chooseConfigured({ configuration }, { ...wishes, direct: { learningRate: 0.5 } }),
    UsageError,
    "its update rule is composed of parts",
  );
});

Deno.test("a rule that accumulates more steps than the training has is refused before the first one", async () => {
  const rate = { learningRate: 0.1 };
  const short = untrained.with({ hyperparameters: { batchSize: values.batchSize, nEpochs: 1 } });
  const { report } = await short.with({ updates: chain(sgd(rate), accumulate(2)) }).train();
  const steps = report.iterations;
  await short.with({ updates: chain(sgd(rate), accumulate(steps)) }).train();
  const rules = [
    chain(sgd(rate), accumulate(steps + 1)),
    chain(chain(sgd(rate), accumulate(steps + 1)), average(0.9)),
    chain(chain(sgd(rate), accumulate(steps + 1)), schedule((step) => step.cast("f32").mul(0.01))),
    masked(parametersOf("*"), chain(sgd(rate), accumulate(steps + 1))),
    chain(chain(sgd(rate), accumulate(steps + 1)), freeze(parametersOf("*/b"))),
  ];
  for (const updates of rules) {
    const error = await assertRejects(() => short.with({ updates }).train(), RangeError);
    const expected = `expected at most ${steps} steps per update, all steps of the training, got ${steps + 1}`;
    assert(error.message.startsWith("Cannot train ") && error.message.includes(expected), error.message);
  }
  const nested = chain(chain(sgd(rate), accumulate(2)), accumulate(steps));
  await assertRejects(() => short.with({ updates: nested }).train(), RangeError, `got ${2 * steps}`);
});

Deno.test("a rule whose first update comes after early stopping ends the training is refused", async () => {
  const accumulating = (steps: number) => chain(sgd({ learningRate: 0.1 }), accumulate(steps));
  const of = (patience: number, updates: UpdateRule) =>
    untrained.with({ hyperparameters: { batchSize: values.batchSize, nEpochs: 2, patience }, updates });
  const validated: string[] = [];
  const training = {
    onEvent: (one: TrainingEvent) => one.event === "validation" && validated.push(`${one.iteration}`),
  };
  // Validations are half of the patience apart, at steps 4, 8, …; without an update, the training ends after step 9.
  await of(8, sgd({ learningRate: 0 })).train({ ...training });
  assertEquals(validated, ["4", "8"]);
  await of(8, accumulating(8)).train();
  for (
    const updates of [accumulating(9), chain(accumulating(3), accumulate(4)), chain(accumulating(9), average(0.5))]
  ) {
    const error = await assertRejects(() => of(8, updates).train(), RangeError);
    assert(error.message.startsWith('Cannot train "mlp" on digits by chain('), error.message);
    assert(
      error.message.includes("expected the first update at step 8 at the latest, the last validation before early"),
    );
    assert(error.message.includes("or set a larger patience than 8, which counts steps, not updates"), error.message);
    assertEquals((await of(8, updates).train({ earlyStop: false })).report.stop, "epochs");
  }
  await of(18, accumulating(9)).train();
  // As soon as one of several rules updates, the error may improve, which extends the patience.
  const rules = chain(
    masked(parametersOf("*/W"), sgd({ learningRate: 0.1 })),
    masked((path) => !path.endsWith("/W"), accumulating(20)),
  );
  await of(8, rules).train();
});
