import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { FileError } from "../../model/files/errors.ts";
import { jsonLinesWriter } from "./json_lines.ts";
import { jsonRecord } from "./json_record.ts";
import { someEvents } from "./testing.ts";

function linesOf(file: string): string[] {
  return Deno.readTextFileSync(file).trimEnd().split("\n");
}

Deno.test("lines report the start, epochs, checkpoints and the end, each with the version", async () => {
  const file = await Deno.makeTempFile();
  using writer = jsonLinesWriter(file, { network: "rbm", warning: "synthetic", reason: "offline" });
  someEvents.forEach(writer.write);
  const records = linesOf(file).map((line) => JSON.parse(line));
  assertEquals(records.map(({ event }) => event), ["start", "pretraining", "checkpoint", "epoch", "end"]);
  assertEquals(records.every(({ version }) => version === 1), true);
  const [start, , checkpoint, epoch, end] = records;
  assertEquals([start.network, start.warning, start.reason, end.network, end.warning, end.reason], [
    ...["rbm", "synthetic", "offline"],
    ...["rbm", "synthetic", undefined],
  ]);
  assertEquals(checkpoint, { event: "checkpoint", version: 1, epoch: 1, iteration: 4, validationError: 12.5 });
  assertEquals([epoch.trainLoss, epoch.samplesPerSecond], [0.5, 100]);
  assertEquals([end.seconds, end.phases.compile, end.hyperparameters.learningRate], [3, 0.25, 0.1]);
  await Deno.remove(file);
});

Deno.test("the first record has the context", () => {
  const record = jsonRecord(someEvents[0], { details: { arguments: ["--json"] }, reason: "offline" });
  assertEquals(Object.keys(record!).slice(-3), ["examples", "arguments", "reason"]);
});

Deno.test("records of events without a context keep the network's own name", () => {
  assertEquals(Reflect.get(jsonRecord(someEvents[0])!, "network"), "net");
  assertEquals(Reflect.get(jsonRecord(someEvents.at(-1)!)!, "network"), "net");
});

Deno.test("a reduced learning rate has a record", () => {
  const where = { epoch: 3, batch: 4, batches: 4, iteration: 12 };
  const record = jsonRecord({ event: "rateReduced", ...where, scale: 0.25, learningRate: null });
  assertEquals({ ...record }, {
    event: "rateReduced",
    version: 1,
    epoch: 3,
    iteration: 12,
    scale: 0.25,
    learningRate: null,
  });
});

Deno.test("lines are appended to a file, and an incomplete one does not spoil the next", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/events.jsonl`;
  jsonLinesWriter(file, { append: true }).close();
  await Deno.writeTextFile(file, '{"event":"start"}\n{"event":"ep');
  {
    using writer = jsonLinesWriter(file, { append: true });
    writer.write(someEvents[1]);
  }
  {
    using writer = jsonLinesWriter(file, { append: true });
    writer.write(someEvents[1]);
  }
  const lines = linesOf(file);
  assertEquals(lines.length, 4);
  assertEquals(lines.slice(2).map((line) => JSON.parse(line).layer), ["RBM 1", "RBM 1"]);
  jsonLinesWriter(file).close();
  assertEquals(await Deno.readTextFile(file), "");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a full disk is reported once, and training continues", { ignore: Deno.build.os !== "linux" }, () => {
  const failures: FileError[] = [];
  using writer = jsonLinesWriter("/dev/full", { append: true, onFailure: (error) => failures.push(error) });
  someEvents.forEach(writer.write);
  assertEquals(failures.length, 1);
  assertStringIncludes(failures[0].message, "training continues, but events are missing from this file");
});

Deno.test("a full disk is reported on the console by default", { ignore: Deno.build.os !== "linux" }, () => {
  const { warn } = console;
  const warnings: unknown[] = [];
  console.warn = (message: unknown) => void warnings.push(message);
  try {
    using writer = jsonLinesWriter("/dev/full", { append: true });
    someEvents.forEach(writer.write);
  } finally {
    console.warn = warn;
  }
  assertEquals(warnings.length, 1);
  assertStringIncludes(String(warnings[0]), "training continues, but events are missing from this file");
});

Deno.test("a missing folder is reported", () => {
  assertThrows(() => jsonLinesWriter("/nowhere/at/all.jsonl"), FileError, "Cannot write /nowhere/at/all.jsonl");
});
