import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import type { Training } from "../bench/networks.ts";
import { chosenRows } from "../bench/peers.ts";
import { cliffsOf } from "../bench/sweep_sizes.ts";
import { measureRow, median } from "../bench/peers/measure.ts";
import type { Peer } from "../bench/peers/peer.ts";
import { rows } from "../bench/peers/rows.ts";
import { replaceTable, tableOf } from "../bench/peers/table.ts";
import { forwardWorkload, operationWorkload, type Row, trainingWorkload } from "../bench/peers/workload.ts";
import { tensor } from "../core/mod.ts";
import { inputLayer, logisticRegression } from "../layers/mod.ts";
import { network } from "../model/mod.ts";
import { sgd } from "../optim/mod.ts";

const operands = { x: tensor([[1, 2], [3, 4]]), y: tensor([[1, 0], [0, 1]]) };
const tiny: Row = {
  name: "tiny",
  title: "a small product",
  open: () => operationWorkload(operands, ({ x, y }) => x.matmul(y!)),
};
const rounds = { rounds: 2, roundMilliseconds: 1 };

/** Another framework that computes these values in this time. */
function pretended(value: number, milliseconds: number): Peer {
  return {
    name: "Other 1.0",
    open: (row, { parameters }) => {
      if (row !== tiny.name) return Promise.resolve(undefined);
      const round = (calls: number) => Promise.resolve(new Array<number>(calls).fill(milliseconds));
      const values = new Array<number>(4).fill(value);
      return Promise.resolve({ values, parameters, variant: "plain", round, close: () => Promise.resolve() });
    },
    close: () => Promise.resolve(),
  };
}

Deno.test("a row is measured without other frameworks, and becomes a line of the table", async () => {
  const result = await measureRow(tiny, [], rounds);
  const { median, least, most } = result.milliseconds;
  assert(0 < least && least <= median && median <= most);
  const conditions = { device: "a device", peers: [], threads: 2, rounds: 2 };
  const [head, , line, , text] = tableOf([result], conditions).split("\n");
  const cells = (line: string): string[] => line.slice(1, -1).split("|").map((cell) => cell.trim());
  assertEquals(cells(head), ["work", "yadll"]);
  assertEquals(cells(line)[0], "a small product");
  assertStringIncludes(text, "the median of 2 interleaved rounds");
});

Deno.test("another framework must compute the same, and its times are compared by rounds", async () => {
  const meanSquare = (1 + 4 + 9 + 16) / 4;
  const result = await measureRow(tiny, [pretended(meanSquare, 1000)], rounds);
  const [{ peer, variant, speedup, milliseconds }] = result.peers;
  assertEquals([peer, variant, milliseconds.median], ["Other 1.0", "plain", 1000]);
  assert(speedup > 1);
  const table = tableOf([result], { device: "a device", peers: [peer], threads: 1, rounds: 2 });
  assertStringIncludes(table, "1000 (1000–1000)");
  await assertRejects(() => measureRow(tiny, [pretended(7, 1)], rounds), Error, "Cannot compare tiny");
  assertEquals((await measureRow({ ...tiny, name: "lenet5" }, [pretended(7, 1)], rounds)).peers, []);
});

const small: Training = {
  name: "small",
  rule: sgd({ learningRate: 0.1 }),
  build: () => network("small", logisticRegression(inputLayer({ shape: [null, 2] }), { nClass: 2 })),
  batch: () => [tensor([[1, 2]]), tensor(Int32Array.of(0))],
};

Deno.test("a forward pass says something about all layers, though the last one starts at 0", async () => {
  const workload = forwardWorkload(small);
  const [value] = await workload.values(1);
  assert(value > 0);
  assertEquals(Object.keys(await workload.tensors()).toSorted(), ["0000", "0001", "x"]);
});

Deno.test("a training has its weights, its batch, and the losses of its first steps", async () => {
  const workload = trainingWorkload(small);
  const [first, second] = await workload.values(2);
  assert(Math.abs(first - Math.log(2)) < 1e-6 && second < first);
  const tensors = await workload.tensors();
  assertEquals(Object.keys(tensors).toSorted(), ["0000", "0001", "x", "y"]);
  assertEquals([workload.parameters, tensors["0000"].shape], [6, [2, 2]]);
});

Deno.test("rows are chosen by name, in the order of the table", () => {
  assertEquals(chosenRows([]), rows);
  assertEquals(new Set(rows.map(({ name }) => name)).size, rows.length);
  assertEquals(chosenRows(["vgg", "lenet5"]).map(({ name }) => name), ["lenet5", "vgg"]);
  assertThrows(() => chosenRows(["lenet6"]), RangeError, "did you mean lenet5");
});

Deno.test("the script of PyTorch has every row, and the page has the markers of the table", async () => {
  const script = await Deno.readTextFile("bench/peers/torch_peer.py");
  for (const { name } of rows) assertStringIncludes(script, `"${name}"`);
  const page = await Deno.readTextFile("docs/performance.md");
  assertStringIncludes(replaceTable(page, "| a table |"), "| a table |");
  assertThrows(() => replaceTable("", "| a table |"), Error, "Cannot write the table");
});

Deno.test("a size that is much slower per operation than its neighbor is a cliff", () => {
  const rates = [[63, 10], [64, 20], [65, 19], [128, 5]].map(([size, rate]) => ({ size, rate }));
  assertEquals(cliffsOf(rates), ["63 is 2.00 times slower than 64"]);
});

Deno.test("the median of an even number of values is the mean of the middle ones", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 2, 3])], [2, 2.5]);
});
