import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { zeros } from "../../core/creation.ts";
import { hyperparameters } from "../hyperparameters.ts";
import type { ModelParts } from "../model_options.ts";
import { between, logBetween, wholeBetween } from "./distribution.ts";
import { finish } from "./finish.ts";
import { gridSearch } from "./grid_search.ts";
import { mergeJournals } from "./merge.ts";
import { randomSearch } from "./random_search.ts";
import { refitBest } from "./refit.ts";
import type { SearchEvent } from "./search.ts";
import { formatTable } from "./table.ts";
import { buildSmall, sixteen } from "./test_search.ts";
import { inFolder } from "../../tests/in_folder.ts";

const module = import.meta.resolve("./test_search.ts");
const whole = await finish(gridSearch(sixteen, buildSmall));
const table = formatTable(whole, "csv");

Deno.test("a grid search has a row for each combination, the best first", () => {
  assertEquals(whole.rows.map(({ number }) => number).toSorted((a, b) => a - b), [...Array(16).keys()]);
  assertEquals(whole.best, whole.rows[0]);
  const errors = whole.rows.map(({ validationError }) => validationError!);
  assertEquals(errors, errors.toSorted((a, b) => a - b));
  assert(new Set(errors).size > 4, "combinations must differ for this to test anything");
  assertEquals(whole.searched, ["batchSize", "learningRate", "nUnits", "activation"]);
  assertEquals(whole.missing, []);
});

Deno.test("a range of one value is used, but is not a column", async () => {
  const hps = hyperparameters({ nEpochs: [3, [1]], batchSize: [20, [20, 50]], nUnits: 4, activation: "tanh" });
  const { searched, rows } = await finish(gridSearch(hps, buildSmall));
  assertEquals(searched, ["batchSize"]);
  assertEquals(rows.map(({ epochs }) => epochs), [1, 1]);
});

Deno.test("every row has its own frozen combination", () => {
  const combinations = [...sixteen];
  for (const { number, hyperparameters } of whole.rows) {
    assertEquals(hyperparameters, combinations[number]);
    assert(Object.isFrozen(hyperparameters));
  }
});

Deno.test("workers find the same rows as one thread", async () => {
  const parallel = await finish(gridSearch(sixteen, buildSmall, { parallel: 2, module }));
  assertEquals(formatTable(parallel, "json"), formatTable(whole, "json"));
});

Deno.test("the shards together are the whole search", async () => {
  await inFolder(async (folder) => {
    const shards = ["0/3", "1/3", "2/3"];
    const journals = shards.map((shard) => `${folder}/${shard[0]}.jsonl`);
    for (const [i, shard] of shards.entries()) {
      const { rows, missing } = await finish(gridSearch(sixteen, buildSmall, { shard, journal: journals[i] }));
      assertEquals([rows.length, missing.length], i === 0 ? [6, 10] : [5, 11]);
    }
    const into = `${folder}/whole.jsonl`;
    assertEquals(formatTable(mergeJournals(journals, { into }), "csv"), table);
    const [tried, done]: number[][] = [[], []];
    const merged = await finish(gridSearch(sixteen, buildSmall, { journal: into }), (event) => {
      if (event.event !== "row") return;
      done.push(event.done);
      if (!event.resumed) tried.push(event.row.number);
    });
    assertEquals([tried, formatTable(merged, "csv")], [[], table]);
    assertEquals(done, Array.from({ length: 16 }, (_, i) => i + 1));
  });
});

Deno.test("a combination that fails is a row, and the search continues", async () => {
  const hps = hyperparameters({
    nEpochs: 2,
    batchSize: 20,
    learningRate: [0.1, [0.1, 1e20]],
    kind: ["good", ["good", "bad shape", "no network"]],
  });
  const build = ({ kind }: typeof hps.values): ModelParts => {
    if (kind === "bad shape") zeros([2, 3]).matmul(zeros([2, 3]));
    const { network, ...parts } = buildSmall({ nUnits: 4, activation: "relu" });
    return kind === "no network" ? parts : { ...parts, network };
  };
  const { rows, best } = await finish(gridSearch(hps, build));
  assertEquals(rows.map(({ outcome }) => outcome), ["trained", ...Array(5).fill("failed")]);
  assertEquals(best?.number, 0);
  const failures = new Map(rows.map(({ number, failure }) => [number, failure]));
  assertEquals(failures.get(3)?.name, "Diverged");
  assertStringIncludes(failures.get(1)?.message ?? "", "[2, 3]");
  assertStringIncludes(failures.get(2)?.message ?? "", "it has no network");
});

Deno.test("failed combinations are retried on request", async () => {
  await inFolder(async (folder) => {
    const journal = `${folder}/j`;
    const hps = hyperparameters({ nEpochs: 1, nUnits: [4, [4, 8]], batchSize: 50 });
    // One function for both searches, because another function would make it another search.
    let broken = true;
    const build = ({ nUnits }: typeof hps.values): ModelParts => {
      if (broken && nUnits === 8) throw new Error("Cannot reach the data");
      return buildSmall({ nUnits, activation: "relu" });
    };
    const outcomes = async (retryFailed: boolean) =>
      (await finish(gridSearch(hps, build, { journal, retryFailed }))).rows.map(({ outcome }) => outcome);
    assertEquals(await outcomes(false), ["trained", "failed"]);
    broken = false;
    assertEquals(await outcomes(false), ["trained", "failed"]);
    assertEquals(await outcomes(true), ["trained", "trained"]);
    assertEquals(await outcomes(false), ["trained", "trained"]);
  });
});

Deno.test("a signal stops the search, and the journal keeps the known rows", async () => {
  for (const parallel of [1, 2]) {
    await inFolder(async (folder) => {
      const journal = `${folder}/j`;
      const stop = new AbortController();
      const options = { journal, parallel, module, signal: stop.signal };
      const stopped = await finish(gridSearch(sixteen, buildSmall, options), (event) => {
        if (event.event === "row" && event.done === 3) stop.abort();
      });
      assertEquals([stopped.rows.length, stopped.missing.length], [3, 13]);
      const resumed = await finish(gridSearch(sixteen, buildSmall, { journal }));
      assertEquals(formatTable(resumed, "csv"), table);
    });
  }
});

Deno.test("hopeless combinations are given up, the same ones with one thread and with workers", async () => {
  const search = (options: { parallel?: number }) =>
    finish(gridSearch(sixteen, buildSmall, { giveUp: { epochs: 1, wave: 4 }, module, ...options }));
  const serial = await search({});
  const givenUp = serial.rows.filter(({ outcome }) => outcome === "gaveUp");
  assert(givenUp.length > 0 && givenUp.length < 12, `${givenUp.length} were given up`);
  assert(givenUp.every(({ number, errors }) => number >= 4 && errors.length < 3));
  assertEquals(serial.best?.validationError, whole.best?.validationError);
  assertEquals(formatTable(await search({ parallel: 2 }), "csv"), formatTable(serial, "csv"));
});

Deno.test("a random search draws distinct combinations within the bounds, which depend only on its seed", async () => {
  const hps = hyperparameters({ nEpochs: 1, batchSize: [20, [20, 50]], learningRate: 0.1, momentum: 0.5, nUnits: 4 });
  const distributions = {
    learningRate: logBetween(0.001, 1),
    momentum: between(0.5, 0.9),
    nUnits: wholeBetween(3, 5),
  };
  const search = (seed: number) =>
    finish(randomSearch(hps, () => Promise.reject(new Error("not built")), { count: 40, seed, distributions }));
  const { rows, searched } = await search(3);
  assertEquals(searched, ["batchSize", "learningRate", "momentum", "nUnits"]);
  for (const { hyperparameters: { learningRate, momentum, nUnits } } of rows) {
    assert(learningRate >= 0.001 && learningRate < 1 && momentum >= 0.5 && momentum < 0.9);
    assert([3, 4, 5].includes(nUnits));
  }
  const small = rows.filter(({ hyperparameters: { learningRate } }) => learningRate < 0.0316).length;
  assert(small > 8 && small < 32, `${small} of 40 rates are below the geometric mean`);
  assertEquals(new Set(rows.map(({ hyperparameters }) => JSON.stringify(hyperparameters))).size, 40);
  assertEquals(
    formatTable(await search(3), "csv"),
    formatTable({ rows, searched, best: undefined, missing: [] }, "csv"),
  );
  assert(formatTable(await search(4), "csv") !== formatTable(await search(3), "csv"));
});

Deno.test("drawing as many combinations as there are gives each of them", async () => {
  const all = await finish(randomSearch(sixteen, () => Promise.reject(new Error("not built")), { count: 16 }));
  const drawn = new Set(all.rows.map(({ hyperparameters }) => JSON.stringify(hyperparameters)));
  assertEquals(drawn, new Set([...sixteen].map((one) => JSON.stringify(one))));
});

Deno.test("the best combination is trained again, with the same errors", async () => {
  const { model, report } = await refitBest(whole, buildSmall);
  assertEquals([report.validationError, report.testError], [whole.best!.validationError, whole.best!.testError]);
  assert(model.network.weights !== undefined);
  const empty = { rows: [], searched: [], best: undefined, missing: [] };
  await assertRejects(() => refitBest(empty, buildSmall), RangeError, "got none among 0");
});

Deno.test("events report the start, epochs, rows and the end", async () => {
  const events: SearchEvent[] = [];
  const hps = sixteen.with("nUnits", 4, [4]).with("batchSize", 50, [50]).with("activation", "tanh", ["tanh"]);
  await finish(gridSearch(hps, buildSmall), (event) => events.push(event));
  assertEquals(events.map(({ event }) => event).join(" "), "start epoch epoch epoch row epoch epoch epoch row end");
  assertEquals(events[0], { event: "start", total: 2, known: 0 });
});

Deno.test("invalid options are refused, and the error says what is expected", async () => {
  const refused = async (options: Parameters<typeof gridSearch>[2], message: string) => {
    await assertRejects(() => finish(gridSearch(sixteen, buildSmall, options)), Error, message);
  };
  await refused({ shard: "3/3" }, 'Cannot search shard "3/3": expected one of 0/3 to 2/3');
  await refused({ shard: "1 of 3" }, "expected i/n");
  await refused({ parallel: 0 }, "Cannot search: expected parallel to be a whole number of at least 1, got 0");
  await refused({ parallel: 2 }, "pass module: import.meta.url");
  await refused(
    { giveUp: { epochs: 0 } },
    "Cannot search: expected giveUp.epochs to be a whole number of at least 1, got 0",
  );
  await refused({ parallel: 2, module: import.meta.url }, "to export the function buildSmall");
  const functions = hyperparameters({ activation: [Math.tanh, [Math.tanh, Math.sin]] });
  const search = gridSearch(functions, () => buildSmall({ nUnits: 4, activation: "tanh" }), { parallel: 2, module });
  await assertRejects(() => finish(search), TypeError, "expected a named function");
  const same = hyperparameters({ activation: [Math.tanh, [Math.tanh, Math.tanh]] });
  await assertRejects(async () => await finish(gridSearch(same, buildSmallest)), RangeError, 'got "tanh" twice');
  await assertRejects(
    async () => await finish(randomSearch(sixteen, buildSmall, { count: 17 })),
    RangeError,
    "the ranges have only 16",
  );
  const distributions = { learningRat: between(0, 1) };
  await assertRejects(
    async () => await finish(randomSearch(sixteen, buildSmall, { count: 2, distributions })),
    RangeError,
    "did you mean learningRate?",
  );
});

function buildSmallest(): ModelParts {
  return buildSmall({ nUnits: 1, activation: "tanh" });
}

Deno.test("a search whose callback throws ends, and its journal can be used again", async () => {
  await inFolder(async (folder) => {
    const journal = `${folder}/search.jsonl`;
    const thrown = () => {
      throw new Error("no screen");
    };
    await assertRejects(() => finish(gridSearch(sixteen, buildSmall, { journal }), thrown), Error, "no screen");
    assertEquals((await finish(gridSearch(sixteen, buildSmall, { journal }))).rows.length, 16);
  });
});
