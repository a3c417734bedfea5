import { assert, assertEquals } from "@std/assert";
import { countOperations } from "../../tests/count_operations.ts";
import { History, metricSetOf } from "./history.ts";
import { afterEpoch, beginProgress, type Progress } from "./progress.ts";
import type { EpochRecord } from "./report.ts";

function recordOf(epoch: number, trainLoss = 1 / epoch): EpochRecord {
  const validation = epoch % 3 === 0 ? 7 / epoch : null;
  return {
    ...{ epoch, trainLoss, trainError: NaN, validationError: validation, validationLoss: validation },
    ...{ seconds: -0, samplesPerSecond: Infinity },
  };
}

const records = (length: number) => Array.from({ length }, (_, i) => recordOf(i + 1));

Deno.test("a history has the records that were added to it, with all bits", () => {
  const grown = records(100).reduce((history, one) => history.with(one), History.of([]));
  assertEquals([grown.length, grown.records()], [100, records(100)]);
  assert(Object.is(grown.records()[4].seconds, -0));
  assertEquals(History.of(records(100)).columns(), grown.columns());
  assertEquals(History.ofColumns(grown.columns()).with(recordOf(101)).records(), records(101));
  assertEquals(History.of([]).records(), []);
});

Deno.test("an epoch has the metrics of its sets, and null for a set without any", () => {
  const trained = { ...recordOf(1), metrics: { training: { f1: 0.5, "kind/f1": 0.25 }, validation: null } };
  const validated = {
    ...recordOf(2),
    metrics: { training: { f1: 0.5, "kind/f1": 1 }, validation: { f1: 0, "kind/f1": 2 } },
  };
  assertEquals(History.of([trained, validated]).records(), [trained, validated]);
  assertEquals(["metrics/training/f1", "metrics/validation/kind/f1"].map(metricSetOf), ["training", "validation"]);
  for (const field of ["metrics/training", "metrics/test/f1", "epoch"]) assertEquals(metricSetOf(field), undefined);
});

Deno.test("histories with the same beginning do not change each other", () => {
  const start = History.of(records(20));
  const [one, other] = [start.with(recordOf(21, 0.5)), start.with(recordOf(21, 0.25))];
  const longer = one.with(recordOf(22));
  const seen = [start, one, other, longer].map((history) =>
    history.records().map(({ trainLoss }) => trainLoss).slice(20)
  );
  assertEquals(seen, [[], [0.5], [0.25], [0.5, 1 / 22]]);
});

Deno.test("what an epoch copies does not grow with their number", () => {
  let progress: Progress = beginProgress(1);
  const copiesOf = (epochs: number): number =>
    countOperations(() => {
      for (let i = 0; i < epochs; i++) {
        progress = afterEpoch({ ...progress, batch: 1 }, recordOf(progress.epoch), 1);
      }
    });
  const copies = Array.from({ length: 10 }, () => copiesOf(100_000));
  assertEquals(progress.history.length, 1_000_000);
  // Columns that are full are copied to others of twice their length, so a word is copied about once and made twice.
  const words = 14 * 1_000_000;
  assert(copies.reduce((sum, one) => sum + one) < 6 * words, copies.join());
  // They were full the last time after 2¹⁹ epochs. From then on, no epoch copies any other one.
  for (const late of copies.slice(6)) assert(late < 10 * 100_000, copies.join());
});
