import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { devices, setDevice } from "../../core/mod.ts";
import { autoEncoder, logisticRegression } from "../../layers/mod.ts";
import { adam } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import type { TrainingEvent } from "./events.ts";
import { readModel } from "../files/container.ts";
import { FileError, FileFormatError, ResumeError } from "../files/errors.ts";
import { loadModel } from "../files/load_model.ts";
import type { Model } from "../model.ts";
import type { ModelTrainOptions } from "./train_options.ts";
import { network } from "../network.ts";
import { contentOf, input, mlp, savingOptions, smallDigits, untrained, values, withoutTimes } from "./test_resuming.ts";
import { UnsavedError } from "./unsaved_error.ts";
import { inFolder } from "../../tests/in_folder.ts";

/** Trains until an event that `ends` accepts, saving there. */
async function trainUntil(
  one: Model,
  ends: (event: TrainingEvent) => boolean,
  options: ModelTrainOptions,
): Promise<Awaited<ReturnType<Model["train"]>>> {
  const controller = new AbortController();
  return await one.train({
    ...options,
    signal: controller.signal,
    onEvent: (event) => ends(event) && controller.abort(),
  });
}

testOnEveryDevice(
  "a training that is resumed from any step ends with the same bits as an uninterrupted one",
  async () => {
    await inFolder(async (folder) => {
      const [whole, part, rest] = ["whole", "part", "rest"].map((name) => `${folder}/${name}.ym`);
      const options = { earlyStop: false, seed: 7 };
      const { report } = await untrained.train({ ...options, file: whole });
      assertEquals(report.iterations, 50);
      const expected = contentOf(whole);
      for (let step = 1; step <= 50; step++) {
        const from = step === 1 ? options : { resume: true };
        const ends = (event: TrainingEvent) => event.event === "step" && event.iteration === step;
        const stopped = await trainUntil(untrained, ends, { ...from, file: part });
        assertEquals([stopped.report.stop, stopped.report.iterations], ["aborted", step]);
        if (step % 10 > 0 && step !== 32) continue;
        const { model: resumed } = await untrained.train({ resume: part, file: rest });
        assertEquals(contentOf(rest), expected, `resumed from step ${step}, and from each step before it`);
        await resumed.network.saveParams(`${folder}/rest.yp`);
        await loadModel(whole).network.saveParams(`${folder}/whole.yp`);
        assertEquals(await Deno.readFile(`${folder}/rest.yp`), await Deno.readFile(`${folder}/whole.yp`));
      }
    });
  },
);

Deno.test("a training that is stopped at the step at which its patience ends resumes with the rest of the epoch", async () => {
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
    const impatient = untrained.with({ hyperparameters: { ...values, learningRate: 1e-9, patience: 13 } });
    const { report } = await impatient.train({ file: whole });
    assertEquals([report.stop, report.iterations, report.history.length], ["patience", 14, 2]);
    await trainUntil(impatient, (event) => event.event === "step" && event.iteration === 14, { file: part });
    // Once more, since a finished training has nothing to add.
    for (const epochs of [[2], []]) {
      const found: number[] = [];
      const onEvent = (event: TrainingEvent) => event.event === "epoch" && found.push(event.epoch);
      const resumed = await impatient.train({ file: part, resume: true, onEvent });
      assertEquals(found, epochs);
      assertEquals([resumed.report.stop, resumed.report.history.length], ["patience", 2]);
      assertEquals(contentOf(part), contentOf(whole));
    }
  });
});

Deno.test("every save during training can be resumed", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/training.ym`;
    for (const [saveMode, restoreBest] of [["each", true], ["epoch", false]] as const) {
      const saves: string[] = [];
      await untrained.train({
        saveMode,
        file,
        restoreBest,
        earlyStop: false,
        onEvent: (event) => {
          if (event.event !== "save") return;
          saves.push(`${file}.${saves.length}`);
          Deno.copyFileSync(file, saves.at(-1)!);
        },
      });
      assert(saves.length > 2, String(saves.length));
      const expected = contentOf(saves.at(-1)!);
      for (const save of saves) {
        await untrained.train({ file: save, resume: true });
        assertEquals(contentOf(save), expected);
        assert(loadModel(save).network.weights);
      }
    }
  });
});

Deno.test("a training that is killed three times and resumed ends like an uninterrupted one", async () => {
  // The default device of the other process; "auto" would keep the device of earlier tests here.
  const [best] = await devices();
  await setDevice(best.kind);
  await inFolder(async (folder) => {
    const [file, whole] = [`${folder}/killed.ym`, `${folder}/whole.ym`];
    const program = fromFileUrl(import.meta.resolve("./test_resuming.ts"));
    for (const [begin, step] of [["anew", "17"], ["resume", "21"], ["resume", "44"]]) {
      const args = ["run", "-A", "--quiet", "--no-check", program, file, begin, step];
      assertEquals((await new Deno.Command(Deno.execPath(), { args }).output()).signal, "SIGKILL");
      assert(loadModel(file).network.weights);
    }
    await untrained.train({ ...savingOptions, file, resume: true });
    await untrained.train({ ...savingOptions, file: whole });
    assertEquals(contentOf(file), contentOf(whole));
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), ["killed.ym", "whole.ym"]);
  });
});

Deno.test("a pre-training that is resumed from any step ends as if it had never stopped, bit for bit", async () => {
  const hyperparameters = { epochs: 2, batchSize: 50, learningRate: 0.05 };
  const first = autoEncoder(input, { nUnits: 8, corruptionLevel: 0.2, hyperparameters });
  const second = autoEncoder(first, { nUnits: 6, hyperparameters });
  const stopsAt = (kind: string, numbers: readonly number[]) => numbers.map((number) => ({ kind, number }));
  const stacked = untrained.with({
    network: network("stacked", [input, first, second, logisticRegression(second, { nClass: 10 })]),
    hyperparameters: { ...values, nEpochs: 1 },
  });
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
    const layers: string[] = [];
    await stacked.train({ file: whole, onEvent: (one) => one.event === "pretraining" && layers.push(one.layer) });
    assertEquals(layers.length, 4);
    // Each layer takes 6 steps, 3 in each epoch: it stops at the ends of epochs and of layers, and in their middles.
    for (
      const { kind, number } of [...stopsAt("pretraining", [1, 2, 3]), ...stopsAt("pretrainingStep", [1, 5, 8, 11])]
    ) {
      let left = number;
      const ends = ({ event }: TrainingEvent) => event === kind && --left === 0;
      const { report } = await trainUntil(stacked, ends, { file: part });
      assertEquals([report.stop, report.epochs, report.testError], ["aborted", 0, null]);
      await stacked.train({ file: part, resume: true });
      assertEquals(contentOf(part), contentOf(whole));
    }
  });
});

Deno.test("a finished training can be resumed with more epochs", async () => {
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
    const options = { earlyStop: false };
    const few = untrained.with({ hyperparameters: { ...values, nEpochs: 2 } });
    await untrained.train({ ...options, file: whole });
    await few.train({ ...options, file: part, saveMode: "epoch" });
    assertEquals((await few.train({ file: part, resume: true })).report.epochs, 2);
    const { report } = await untrained.train({ file: part, resume: true });
    assertEquals(report.epochs, 5);
    assertEquals(withoutTimes(readModel(part).groups), withoutTimes(readModel(whole).groups));
    assert(report.seconds.total > report.seconds.train && report.seconds.save > 0);
  });
});

Deno.test("a training is resumed only with the same model, data and choices; the error lists all differences", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/training.ym`;
    await untrained.train({ file, seed: 7, earlyStop: false });
    const before = await Deno.readFile(file);
    const refuse = async (one: Model, options: ModelTrainOptions, ...problems: string[]) => {
      const error = await assertRejects(() => one.train({ file, resume: true, ...options }), ResumeError);
      assertEquals(error.problems.map((problem) => problem.replace(/[0-9a-f]{64}/g, "…")), problems);
      assertEquals(await Deno.readFile(file), before);
    };
    await refuse(
      untrained,
      { seed: 8, shuffle: false },
      "expected seed: 7, not 8",
      "expected shuffle: true, not false",
    );
    await refuse(
      untrained.with({ hyperparameters: { ...values, momentum: 0.5 }, updates: adam }),
      {},
      'expected updates: "momentum", not "adam"',
      "expected hyperparameters.momentum: 0.9, not 0.5",
    );
    const others = smallDigits(2);
    await refuse(untrained.with({ data: others }), {}, 'expected data: "…", not "…"');
    const [{ layer }] = mlp.layers;
    await assertRejects(
      () =>
        untrained.with({ network: network("mlp", [layer, logisticRegression(layer, { nClass: 10 })]) }).train({
          file,
          resume: true,
        }),
      ResumeError,
      "network.layers",
    );
    await loadModel(file).saveModel(file);
    await assertRejects(() => untrained.train({ file, resume: true }), ResumeError, "it contains only a model");
  });
});

Deno.test("a training that cannot be saved or resumed is refused before anything is done", async () => {
  const events: TrainingEvent[] = [];
  const onEvent = (event: TrainingEvent) => events.push(event);
  const refuse = (
    options: ModelTrainOptions,
    kind: typeof FileError | typeof FileFormatError | typeof RangeError,
    text: string,
  ) => assertRejects(() => untrained.train({ ...options, onEvent }), kind, text);
  await refuse({ file: "no/such/folder/best.ym" }, FileError, "create the folder no/such/folder");
  await refuse({ file: ".", saveMode: "each" }, FileError, "it is a folder");
  await refuse({ file: "a.ym", saveMode: "eahc" as "each" }, RangeError, "did you mean each?");
  await refuse({ resume: "nowhere.ym" }, FileError, "there is no such file");
  await assertRejects(() => untrained.train({ resume: true, onEvent }), TypeError, "expected the file it was saved to");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.ym`, "no model");
    await refuse({ resume: `${folder}/a.ym` }, FileFormatError, "expected a safetensors file");
    const reserved = untrained.with({ hyperparameters: { ...values, $number: 1 } });
    const saved = () => reserved.train({ file: `${folder}/b.ym`, onEvent });
    await assertRejects(saved, TypeError, "the key $number is reserved");
  });
  assertEquals(events, []);
});

Deno.test("in mode stop a training is saved only if a signal stops it", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/stopped.ym`;
    const { report } = await untrained.train({ file, saveMode: "stop" });
    assertEquals([report.stop, [...Deno.readDirSync(folder)].length], ["patience", 0]);
    await trainUntil(untrained, (event) => event.event === "step" && event.iteration === 13, {
      file,
      saveMode: "stop",
    });
    const resumed = await untrained.train({ resume: file });
    assertEquals(resumed.report.validationError, report.validationError);
  });
});

Deno.test("without a mode a training is saved at its end if there is a file, and never if there is none", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/best.ym`;
    const saves = async (one: Model, options: ModelTrainOptions) => {
      const found: string[] = [];
      await one.train({ ...options, onEvent: (event) => event.event === "save" && found.push(event.file) });
      return found;
    };
    const short = untrained.with({ hyperparameters: { ...values, nEpochs: 1 } });
    assertEquals(await saves(short, {}), []);
    assertEquals(await saves(short.with({ file }), {}), [file]);
    assertEquals(await saves(short.with({ file }), { saveMode: null }), []);
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      const [named] = await saves(short.with({ name: "my model: 1" }), { saveMode: "end" });
      assert(/^my_model_1_\d{14}\.ym$/.test(named), named);
      assert(loadModel(named).report);
      for (const saveMode of ["each", "epoch"] as const) {
        const files = await saves(short.with({ name: saveMode }), { saveMode });
        assert(files.length === 2 && files.every((file) => file.startsWith(`${saveMode}_`)), files.join());
      }
    } finally {
      Deno.chdir(before);
    }
  });
});

Deno.test("a save that fails during training does not end it; one that fails at the end loses nothing", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/runs/best.ym`;
    await Deno.mkdir(`${folder}/runs`);
    const failed: string[] = [];
    const error = await assertRejects(() =>
      untrained.train({
        file,
        saveMode: "epoch",
        earlyStop: false,
        onEvent: (event) => {
          if (event.event === "saveFailed") failed.push(event.error.message);
          if (event.event === "epoch" && event.epoch === 2) Deno.removeSync(`${folder}/runs`, { recursive: true });
        },
      }), UnsavedError);
    assertEquals(failed.length, 4);
    assert(failed[0].startsWith(`Cannot write ${file}: there is no such file or folder; create the folder`));
    assert(error instanceof UnsavedError && error instanceof FileError);
    const saved = untrained.with({ network: mlp.withWeights(error.result.weights), report: error.result.report });
    await saved.saveModel(`${folder}/elsewhere.ym`);
    assertEquals(loadModel(`${folder}/elsewhere.ym`).report?.iterations, 50);
    // The training itself can be saved, too.
    await assertRejects(() => error.saveTo(file), FileError, "create the folder");
    await error.saveTo(`${folder}/training.ym`);
    assertEquals(loadModel(`${folder}/training.ym`).report, error.result.report);
    const longer = untrained.with({ hyperparameters: { ...values, nEpochs: 6 } });
    const { report } = await longer.train({ resume: `${folder}/training.ym`, earlyStop: false });
    const undisturbed = await longer.train({ earlyStop: false });
    assertEquals(
      report.history.map(({ trainLoss }) => trainLoss),
      undisturbed.report.history.map(({ trainLoss }) => trainLoss),
    );
  });
});

Deno.test("a second training into the same file is refused while the first one runs", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/best.ym`;
    const short = untrained.with({ hyperparameters: { ...values, nEpochs: 1 } });
    for (const saveMode of ["stop", "end", "epoch"] as const) {
      const [first, second] = await Promise.allSettled([
        short.train({ file, saveMode }),
        short.with({ file }).train({ saveMode, resume: saveMode === "epoch" }),
      ]);
      assertEquals([first.status, second.status], ["fulfilled", "rejected"]);
      assert(second.status === "rejected" && second.reason instanceof FileError);
      assert(second.reason.message.includes(`another training (process ${Deno.pid} on `), second.reason.message);
    }
    await assertRejects(() => short.train({ file, resume: `${folder}/none.ym` }), FileError, "there is no such file");
    for await (const _event of short.events({ file })) break;
    const thrown = () => {
      throw new Error("no screen");
    };
    await assertRejects(() => short.train({ file, onEvent: thrown }), Error, "no screen");
    await short.train({ file });
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["best.ym"]);
  });
});

Deno.test("trainings without a file that end at the same time are saved to different files", async () => {
  await inFolder(async (folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      const short = untrained.with({ hyperparameters: { ...values, nEpochs: 1 } });
      await Promise.all([1, 2].map((seed) => short.train({ saveMode: "end", seed })));
      const names = Array.from(Deno.readDirSync("."), ({ name }) => name);
      assertEquals(names.map((name) => loadModel(name).report?.seed).sort(), [1, 2]);
    } finally {
      Deno.chdir(before);
    }
  });
});
