/**
 * Tests each option of searches and of their tables against what its definition says. The errors of the trainings are
 * computed in plain numbers.
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { random } from "../core/mod.ts";
import { data, samples } from "../data/mod.ts";
import { autoEncoder, denseLayer, inputLayer } from "../layers/mod.ts";
import {
  between,
  FileFormatError,
  finish,
  formatTable,
  type GiveUp,
  gridSearch,
  hyperparameters,
  logBetween,
  mergeJournals,
  type MergeOptions,
  model,
  network,
  randomSearch,
  type RandomSearchOptions,
  type SearchOptions,
  type SearchTraining,
  type TableOptions,
  wholeBetween,
} from "../model/mod.ts";
import { binaryCrossentropyFromLogits } from "../optim/mod.ts";
import { buildLine, buildTogether, lineNetwork, start, x, y } from "../model/search/test_line_search.ts";
import { tableOptions } from "../model/search/columns.ts";
import { giveUpOptions } from "../model/search/give_up.ts";
import { drawOptions, randomSearchOptions, searchOptions } from "../model/search/search_options.ts";
import { inFolder } from "./in_folder.ts";
import { type OptionTests, testOptions } from "./option_definitions.ts";

const EPOCHS = 4;

/** Options without which the last weights are not those of all steps in the order of the examples. */
const plain = { shuffle: false, earlyStop: false, restoreBest: false } as const;
const base = { batchSize: 2, nEpochs: EPOCHS, learningRate: 0.05 };

/** The mean squared error after each epoch of steps of two examples, in double precision. */
function errorsOf(rate: number, order: readonly number[] = [0, 1, 2, 3]): number[] {
  let [w, b] = start;
  return Array.from({ length: EPOCHS }, () => {
    for (const batch of [order.slice(0, 2), order.slice(2)]) {
      const errors = batch.map((i) => w * x[i] + b - y[i]);
      w -= rate * errors.reduce((sum, error, k) => sum + error * x[batch[k]], 0);
      b -= rate * errors.reduce((sum, error) => sum + error, 0);
    }
    return errorOf([w, b]);
  });
}

function errorOf([w, b]: readonly number[]): number {
  return x.reduce((sum, one, i) => sum + (w * one + b - y[i]) ** 2, 0) / x.length;
}

function assertNear(actual: readonly (number | null)[], wanted: readonly number[]): void {
  assert(
    actual.length === wanted.length &&
      actual.every((one, i) => one !== null && Math.abs(one - wanted[i]) <= 1e-5 * (1 + Math.abs(wanted[i]))),
    `expected ${wanted}, got ${actual}`,
  );
}

const rates = [0.05, 0.01, 0.2, 0.1, 0.3, 0.45];
const grid = hyperparameters({ ...base, learningRate: [0.05, rates] });

/** Searches over the rates; rows are in the order of their numbers. */
async function searched(options: SearchOptions, build = buildLine) {
  const { rows, ...result } = await finish(gridSearch(grid, build, { train: plain, ...options }));
  return { ...result, rows: rows.toSorted((a, b) => a.number - b.number) };
}

/** The row of one training. */
async function trained(train: SearchTraining, changes: Readonly<Record<string, number>> = {}, build = buildLine) {
  const hps = hyperparameters({ ...base, ...changes });
  const { rows: [row] } = await finish(gridSearch(hps, build, { train: { ...plain, ...train } }));
  return row;
}

function* permutations(of: readonly number[]): Generator<readonly number[]> {
  if (of.length === 0) yield [];
  for (const one of of) for (const rest of permutations(of.filter((other) => other !== one))) yield [one, ...rest];
}

/** Whether a search trains as a training with the same options, and otherwise than without them; of yes/no answers. */
async function asTrained(options: SearchTraining): Promise<boolean> {
  const set = { x: samples(x.map((one) => [one])), y: samples([[0], [1], [0], [0]]) };
  const build = () => ({ ...buildLine(), data: data([set, set]), objective: binaryCrossentropyFromLogits });
  const errorOf = async (train: SearchTraining) =>
    (await model({ ...build(), hyperparameters: base }).train({ ...plain, ...train })).report.validationError;
  const { validationError } = await trained(options, {}, build);
  return validationError === await errorOf(options) && validationError !== await errorOf({});
}

const trainTests: OptionTests<SearchTraining> = {
  seed: async () => {
    const build = () => ({ ...buildLine(), network: lineNetwork(false) });
    for (const seed of [1, 2, undefined]) {
      const { params } = lineNetwork(false).init(random.splitKeys(random.key(seed ?? 1), 4)[0]);
      const wanted = errorOf([...await params.line.W.data(), ...await params.line.b.data()].map(Number));
      const { errors } = await trained(seed === undefined ? {} : { seed }, { learningRate: 0 }, build);
      assertNear(errors, Array.from({ length: EPOCHS }, () => wanted));
    }
  },
  unsupervisedTraining: async () => {
    const input = inputLayer({ shape: [null, 1] });
    const code = autoEncoder(input, { nUnits: 2, hyperparameters: { epochs: 2, learningRate: 1 } });
    const coded = network("code", [input, code, denseLayer(code, { nUnits: 1, activation: "linear" })]);
    // Autoencoders take inputs from 0 to 1.
    const set = { x: samples(x.map((one) => [(one + 1) / 8])), y: samples(y.map((one) => [one])) };
    const build = () => ({ ...buildLine(), network: coded, data: data([set, set]) });
    const found: (number | null)[] = [];
    for (const unsupervisedTraining of [true, false]) {
      const { report } = await model({ ...build(), hyperparameters: base }).train({ ...plain, unsupervisedTraining });
      const { validationError } = await trained({ unsupervisedTraining }, {}, build);
      assertEquals(validationError, report.validationError);
      found.push(validationError);
    }
    assert(found[0] !== found[1]);
  },
  earlyStop: async () => {
    // A rate so large that the first validation is the best one: it ends after the first step with 4 steps before it.
    const changes = { learningRate: 1.5, patience: 4, nEpochs: 6 };
    assertEquals((await trained({ earlyStop: true }, changes)).epochs, 3);
    assertEquals((await trained({ earlyStop: false }, changes)).epochs, 6);
  },
  shuffle: async () => {
    assertNear((await trained({ shuffle: false })).errors, errorsOf(0.05));
    const { errors: [first] } = await trained({ shuffle: true, seed: 3 });
    const orders = [...permutations([0, 1, 2, 3])].map((order) => errorsOf(0.05, order)[0]);
    assert(orders.some((one) => Math.abs(one - first!) < 1e-5), `${first} is the error of no order`);
  },
  classWeights: async () => {
    assertEquals(await asTrained({ classWeights: [0.5, 4] }), true);
    assertEquals(await asTrained({ classWeights: "balanced" }), true);
  },
  labelSmoothing: async () => assertEquals(await asTrained({ labelSmoothing: 0.3 }), true),
  restoreBest: async () => {
    const errors = errorsOf(0.6);
    const least = Math.min(...errors);
    assert(least < errors.at(-1)!, "the last weights are not the best");
    assertNear([(await trained({ restoreBest: true }, { learningRate: 0.6 })).validationError], [least]);
    assertNear([(await trained({ restoreBest: false }, { learningRate: 0.6 })).validationError], [errors.at(-1)!]);
  },
};

testOptions("the trainings of a search", null, trainTests);

/** The rows of a search over all rates that gives up, by their definition. */
function judged({ epochs, wave = 8 }: GiveUp): { readonly errors: number[]; readonly outcome: string }[] {
  const rows: { errors: number[]; outcome: string }[] = [];
  for (let first = 0; first < rates.length; first += wave) {
    const rivals = rows.slice();
    for (const rate of rates.slice(first, first + wave)) {
      const all = errorsOf(rate);
      const length = all.findIndex((_, i) => {
            const bests = rivals.map(({ errors }) => Math.min(...errors.slice(0, i + 1))).toSorted((a, b) => a - b);
            const middle = bests.length >> 1;
            const median = bests.length % 2 === 1 ? bests[middle] : (bests[middle - 1] + bests[middle]) / 2;
            return i + 1 >= epochs && bests.length > 0 && Math.min(...all.slice(0, i + 1)) > median;
          }) + 1 || EPOCHS;
      const gaveUp = length < EPOCHS;
      rows.push({ errors: all.slice(0, length), outcome: gaveUp ? "gaveUp" : "trained" });
    }
  }
  return rows;
}

async function checkGiveUp(giveUp: GiveUp): Promise<void> {
  const { rows } = await searched({ giveUp });
  const wanted = judged(giveUp);
  rows.forEach((row, i) => assertNear(row.errors, wanted[i].errors));
  assertEquals(rows.map(({ outcome }) => outcome), wanted.map(({ outcome }) => outcome), JSON.stringify(giveUp));
}

testOptions<GiveUp>("giveUp of a search", giveUpOptions, {
  epochs: async () => {
    for (const epochs of [1, 2, 3]) await checkGiveUp({ epochs, wave: 2 });
    assert(judged({ epochs: 1, wave: 2 }).some(({ outcome }) => outcome === "gaveUp"));
  },
  wave: async () => {
    for (const wave of [1, 3, 6]) await checkGiveUp({ epochs: 1, wave });
    await checkGiveUp({ epochs: 1 });
    const outcomes = (wave: number) => judged({ epochs: 1, wave }).map(({ outcome }) => outcome);
    assert(outcomes(1).join() !== outcomes(3).join() && outcomes(6).every((one) => one === "trained"));
  },
});

/** Builds that are counted. */
function counted() {
  let builds = 0;
  const build = () => {
    builds++;
    return buildLine();
  };
  return { build, count: () => builds };
}

const searchTests: OptionTests<SearchOptions> = {
  journal: () =>
    inFolder(async (folder) => {
      const journal = `${folder}/j.jsonl`;
      const { build, count } = counted();
      const first = await searched({ journal }, build);
      first.rows.forEach(({ errors }, i) => assertNear(errors, errorsOf(rates[i])));
      assertEquals(Deno.readTextFileSync(journal).trimEnd().split("\n").length, 1 + rates.length);
      assertEquals([count(), await searched({ journal }, build), count()], [rates.length, first, rates.length]);
      await searched({}, build);
      assertEquals(count(), 2 * rates.length);
    }),
  shard: async () => {
    const parts = await Promise.all(["0/2", "1/2", "0/4", "3/4", "0/1"].map((shard) => searched({ shard })));
    const numbers = parts.map(({ rows }) => rows.map(({ number }) => number));
    assertEquals(numbers, [[0, 2, 4], [1, 3, 5], [0, 4], [3], [0, 1, 2, 3, 4, 5]]);
    assertEquals(parts[0].missing, [1, 3, 5]);
    for (const { rows } of parts) for (const { number, errors } of rows) assertNear(errors, errorsOf(rates[number]));
  },
  train: async () => {
    // Each of its options has a test of its own; these are the defaults, those of a training.
    const { rows: [row] } = await finish(gridSearch(hyperparameters(base), buildLine));
    const { report } = await model({ ...buildLine(), hyperparameters: base }).train();
    assertEquals([row.validationError, row.epochs], [report.validationError, report.epochs]);
  },
  giveUp: async () => {
    await checkGiveUp({ epochs: 1, wave: 2 });
    const { rows } = await searched({});
    assertEquals(rows.map(({ outcome }) => outcome), rates.map(() => "trained"));
  },
  parallel: async () => {
    const module = import.meta.resolve("../model/search/test_line_search.ts");
    for (const parallel of [1, 2, undefined]) {
      await inFolder(async (folder) => {
        // Each build waits until as many have begun as may be tried at the same time.
        const guests = parallel ?? 1;
        const hps = hyperparameters({ ...base, folder, guests, guest: [0, [0, 1]] });
        const options = { module, train: plain, ...parallel && { parallel } };
        const { rows } = await finish(gridSearch(hps, buildTogether, options));
        assertEquals(rows.map(({ failure }) => failure), [null, null]);
        for (const { errors } of rows) assertNear(errors, errorsOf(0.05));
      });
    }
    await assertRejects(() => searched({ parallel: 2 }), TypeError, "module: import.meta.url");
  },
  module: async () => {
    const options = { parallel: 2, module: import.meta.resolve("../model/search/test_line_search.ts") };
    const { rows } = await searched(options);
    rows.forEach(({ errors }, i) => assertNear(errors, errorsOf(rates[i])));
    const other = import.meta.resolve("../model/search/test_rows.ts");
    await assertRejects(() => searched({ parallel: 2, module: other }), Error, "to export the function buildLine");
  },
  retryFailed: () =>
    inFolder(async (folder) => {
      for (const retryFailed of [true, false, undefined]) {
        const journal = `${folder}/${retryFailed}`;
        let broken = true;
        const build = (hps: { readonly learningRate: number }) => {
          if (broken && hps.learningRate === rates[1]) throw new Error("Cannot reach the data");
          return buildLine();
        };
        const outcomes = async () => {
          const options = { journal, train: plain, ...retryFailed !== undefined && { retryFailed } };
          const { rows } = await finish(gridSearch(grid, build, options));
          return rows.filter(({ outcome }) => outcome === "failed").map(({ number }) => number);
        };
        assertEquals(await outcomes(), [1]);
        broken = false;
        assertEquals(await outcomes(), retryFailed ? [] : [1]);
      }
    }),
  about: () =>
    inFolder(async (folder) => {
      const journal = `${folder}/j.jsonl`;
      const { build, count } = counted();
      await searched({ journal, about: { digest: "a" } }, build);
      await searched({ journal, about: { digest: "a" } }, build);
      assertEquals(count(), rates.length);
      for (const about of [{ digest: "b" }, {}]) {
        await assertRejects(() => searched({ journal, about }, build), FileFormatError, "digest");
      }
    }),
  signal: async () => {
    const controller = new AbortController();
    const search = gridSearch(grid, buildLine, { train: plain, signal: controller.signal });
    const { rows, missing } = await finish(search, (event) => {
      if (event.event === "row" && event.done === 2) controller.abort();
    });
    assertEquals([rows.map(({ number }) => number).sort(), missing], [[0, 1], [2, 3, 4, 5]]);
  },
};

testOptions<SearchOptions>("gridSearch", searchOptions, searchTests);

/** The combinations that a random search draws; none of them is trained. */
async function drawn(options: RandomSearchOptions) {
  const ranges = hyperparameters({ ...base, learningRate: [0.05, rates], momentum: 0.5, nUnits: [4, [4, 8]] });
  const search = randomSearch(ranges, () => Promise.reject(new Error("not built")), options);
  const { rows, missing } = await finish(search);
  assertEquals(missing, []);
  return rows.toSorted((a, b) => a.number - b.number).map((
    { hyperparameters: { learningRate, momentum, nUnits } },
  ) => ({ learningRate, momentum, nUnits }));
}

const { count, seed, distributions, ...others } = {
  count: async () => {
    for (const count of [1, 5, 12]) {
      const all = await drawn({ count });
      assertEquals([all.length, new Set(all.map((one) => JSON.stringify(one))).size], [count, count]);
      assert(all.every(({ learningRate, nUnits }) => rates.includes(learningRate) && [4, 8].includes(nUnits)));
    }
    await assertRejects(async () => await drawn({ count: 13 }), RangeError, "12");
  },
  seed: async () => {
    const [one, again, two, byDefault] = await Promise.all(
      [{ seed: 1 }, { seed: 1 }, { seed: 2 }, {}].map((options) => drawn({ count: 6, ...options })),
    );
    assertEquals([again, byDefault], [one, one]);
    assert(JSON.stringify(one) !== JSON.stringify(two));
  },
  distributions: async () => {
    const distributions = {
      learningRate: logBetween(0.001, 10),
      momentum: between(0.5, 0.9),
      nUnits: wholeBetween(3, 6),
    };
    const all = await drawn({ count: 400, distributions });
    const share = (has: (one: typeof all[number]) => boolean): number => all.filter(has).length / all.length;
    const isNear = (actual: number, wanted: number): void => assert(Math.abs(actual - wanted) < 0.12, `${actual}`);
    assert(
      all.every(({ learningRate: rate, momentum }) => rate >= 0.001 && rate < 10 && momentum >= 0.5 && momentum < 0.9),
    );
    for (const bound of [0.01, 0.1, 1]) {
      isNear(share(({ learningRate }) => learningRate < bound), (Math.log10(bound) + 3) / 4);
    }
    for (const bound of [0.6, 0.8]) isNear(share(({ momentum }) => momentum < bound), (bound - 0.5) / 0.4);
    for (const units of [3, 4, 5, 6]) isNear(share(({ nUnits }) => nUnits === units), 1 / 4);
  },
  ...searchTests,
} satisfies OptionTests<RandomSearchOptions>;

testOptions("randomSearch", drawOptions, { count, seed, distributions });

Deno.test("a random search has the options of a grid search, and passes them on", async () => {
  assertEquals(Object.keys(randomSearchOptions).sort(), Object.keys({ ...others, ...drawOptions }).sort());
  await inFolder(async (folder) => {
    const journal = `${folder}/j.jsonl`;
    const { build, count } = counted();
    const search = (options: Partial<RandomSearchOptions>) =>
      finish(randomSearch(grid, build, { count: 4, journal, train: plain, about: { a: 1 }, ...options }));
    const { rows } = await search({ shard: "0/2", giveUp: { epochs: EPOCHS } });
    for (const { hyperparameters, errors } of rows) assertNear(errors, errorsOf(hyperparameters.learningRate));
    assertEquals([rows.length, count(), (await search({ shard: "0/2", giveUp: { epochs: EPOCHS } })).rows], [
      2,
      2,
      rows,
    ]);
    const stopped = await search({ journal: `${folder}/k.jsonl`, signal: AbortSignal.abort() });
    assertEquals(stopped.rows, []);
  });
});

testOptions<TableOptions>("formatTable", tableOptions, {
  seconds: async () => {
    const result = await searched({});
    for (const seconds of [true, false, undefined]) {
      const [titles, ...lines] = formatTable(result, "csv", seconds === undefined ? {} : { seconds }).split("\r\n");
      const at = titles.split(",").indexOf("seconds");
      assertEquals(at >= 0, seconds === true);
      if (seconds) {
        result.rows.forEach((row, i) => assertEquals(Number(lines[i].split(",")[at]), row.seconds));
      }
    }
  },
});

testOptions<MergeOptions>("mergeJournals", null, {
  into: () =>
    inFolder(async (folder) => {
      const files = ["0", "1"].map((shard) => `${folder}/${shard}.jsonl`);
      const { build, count } = counted();
      for (const [i, journal] of files.entries()) await searched({ journal, shard: `${i}/2` }, build);
      const into = `${folder}/all.jsonl`;
      const merged = mergeJournals(files, { into });
      const { rows } = await searched({ journal: into }, build);
      assertEquals(count(), rates.length);
      assertEquals(
        rows.map(({ errors }) => errors),
        merged.rows.toSorted((a, b) => a.number - b.number).map((row) => row.errors),
      );
      await Deno.remove(into);
      mergeJournals(files);
      assertThrows(() => Deno.statSync(into), Deno.errors.NotFound);
    }),
});
