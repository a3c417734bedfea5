import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { networkRuns, titleOf } from "../bench/network_runs.ts";
import { replaceTable, tableOf, trainRun } from "../bench/network_table.ts";
import { deviceInfo } from "../core/mod.ts";
import { data, digitsLoader } from "../data/mod.ts";
import { networks } from "../examples/networks.ts";

Deno.test("the table has all example networks, in rows with unique names", () => {
  assertEquals([...new Set(networkRuns.map(({ network }) => network))].toSorted(), Object.keys(networks).toSorted());
  assertEquals(new Set(networkRuns.map(titleOf)).size, networkRuns.length);
});

Deno.test("a run trains for its epochs with its own hyperparameters, and its result is a row", async () => {
  const digits = data(digitsLoader({ sizes: [100, 50, 50] }), { name: "digits" });
  const run = { network: "autoencoder", epochs: 3, pretraining: 2, bound: 90, settings: { learningRate: 0.02 } };
  const report = await trainRun(run, digits, 3);
  const { learningRate, pretrainingEpochs } = report.hyperparameters;
  assertEquals([report.epochs, report.iterations, report.seed], [3, 15, 3]);
  assertEquals([learningRate, pretrainingEpochs], [0.02, 2]);
  const lines = tableOf([{ run, report, processor: "a processor" }]).split("\n");
  const cells = (line: string): string[] => line.slice(1, -1).split("|").map((cell) => cell.trim());
  assertEquals(cells(lines[0]), ["network", "epochs", "test error", "bound", "PyTorch", "seconds", "samples/s"]);
  const error = `${report.testError?.toFixed(2)} %`;
  assertEquals(cells(lines[2]).slice(0, 5), ["`autoencoder`, learningRate 0.02", "2 + 3", error, "90 %", "–"]);
  assertStringIncludes(lines[4], `digits, seed 3; ${deviceInfo().name}`);
  assert(lines[4].endsWith(`on a processor, Deno ${Deno.version.deno}.`));
});

Deno.test("the table goes between its markers, and the rest of the page stays", () => {
  const [begin, end] = ["<!-- table: written by deno task table -->", "<!-- end of the table -->"];
  const page = `before\n\n${begin}\nold\n${end}\nafter\n`;
  assertEquals(replaceTable(page, "new"), `before\n\n${begin}\n\nnew\n\n${end}\nafter\n`);
  assertThrows(() => replaceTable("no markers", "new"), Error, "Cannot write the table");
});
