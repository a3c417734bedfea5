import { assertEquals } from "@std/assert";
import { data, digitsLoader } from "../../data/mod.ts";
import { networks } from "../../examples/networks.ts";
import { FileError } from "../../model/files/errors.ts";
import type { TrainingEvent } from "../../model/training/events.ts";
import { chooseModel } from "../settings.ts";
import { makeWatchers, type WatchingRequest } from "./watchers.ts";

const loaded = { data: data(digitsLoader({ sizes: [10, 5, 5] })) };
const choice = chooseModel("logistic_regression", networks.logistic_regression);
const place = { epoch: 1, batch: 1, batches: 1, iteration: 1 };
const saved: TrainingEvent = { event: "save", ...place, file: "a.ym" };
const failed = (reason: string): TrainingEvent => ({
  ...{ event: "saveFailed", ...place, error: new FileError("write", "a.ym", reason) },
});
const epoch: TrainingEvent = {
  ...{ event: "epoch", epoch: 1, trainLoss: 1, trainError: 50, validationError: 40, validationLoss: 1 },
  ...{ seconds: 1, samplesPerSecond: 10 },
};

/** Watches these events, and returns what was printed, and the file of the last save. */
async function watched(
  changes: Partial<WatchingRequest>,
  events: readonly TrainingEvent[],
  columns?: number,
) {
  const [results, notes]: string[][] = [[], []];
  const output = {
    result: (line: string) => results.push(line),
    note: (text: string) => notes.push(text),
    columns: () => columns,
  };
  const program = { call: "yadll", examples: networks };
  const context = { program, args: [], output, signal: new AbortController().signal };
  const request = {
    quiet: true,
    json: false,
    choice,
    tensorboard: undefined,
    trainSize: undefined,
    overfit: undefined,
  };
  using watchers = await makeWatchers({ ...request, ...changes }, { loaded, folder: undefined }, context);
  const { options } = watchers;
  const tell = options.onEvent ?? (typeof options.progress === "function" ? options.progress : () => {});
  events.forEach(tell);
  return { results, notes, saved: watchers.saved(), hasBar: options.onEvent === undefined };
}

Deno.test("a quiet training reports a save that failed once for each reason, and again after a save", async () => {
  const events = ["no space", "no space", "no folder", "no space"].map(failed);
  const { notes, results } = await watched({}, [...events, saved, failed("no space"), epoch]);
  assertEquals(notes.map((line) => /no \w+/.exec(line)?.[0]), [
    ...["no space", "no folder", "no space", "no space"],
  ]);
  assertEquals([notes[0], results], ["Cannot write a.ym: no space\n", []]);
});

Deno.test("the file of the last save is known until a save fails", async () => {
  assertEquals((await watched({}, [])).saved, undefined);
  assertEquals((await watched({}, [saved, epoch])).saved, "a.ym");
  assertEquals((await watched({}, [saved, failed("no space")])).saved, undefined);
});

Deno.test("events are lines of JSON if they are asked for, and epochs are noted unless the output is quiet", async () => {
  const both = await watched({ json: true, quiet: false }, [epoch]);
  assertEquals(both.results.map((line) => JSON.parse(line).event), ["epoch"]);
  assertEquals(both.notes.length, 1);
  const none = await watched({}, [epoch]);
  assertEquals([none.results, none.notes], [[], []]);
});

Deno.test("only a terminal that is not quiet has a bar, which needs the loss of each step", async () => {
  const hasBar = async (quiet: boolean, columns?: number) => (await watched({ quiet }, [], columns)).hasBar;
  assertEquals([await hasBar(false, 80), await hasBar(true, 80), await hasBar(false)], [true, false, false]);
});
