import { assertEquals, assertThrows } from "@std/assert";
import { parseTable } from "../../data/mod.ts";
import { historyCsv } from "./history_csv.ts";
import type { EpochRecord } from "./report.ts";

const first: EpochRecord = {
  ...{ epoch: 1, trainLoss: 0.1 + 0.2, trainError: 30, validationError: null, validationLoss: null },
  ...{ seconds: 1e-7, samplesPerSecond: 1e21 },
};
const second: EpochRecord = { ...first, epoch: 2, validationError: 12.5, validationLoss: 0.75 };

Deno.test("the epochs of a report are rows, in which every number is exact", () => {
  const [head, one, two, end] = historyCsv({ history: [first, second] }).split("\r\n");
  assertEquals(head, "epoch,trainLoss,trainError,validationError,validationLoss,seconds,samplesPerSecond");
  assertEquals(one, "1,0.30000000000000004,30,,,1e-7,1e+21");
  assertEquals([two, end], ["2,0.30000000000000004,30,12.5,0.75,1e-7,1e+21", ""]);
  const table = parseTable(historyCsv({ history: [first, second] }));
  assertEquals(table.columns.map(String), head.split(","));
});

Deno.test("metrics and the scale of the learning rate have columns if an epoch has them", () => {
  const metrics = { training: { f1: 0.5, 'a "name", quoted': 1 }, validation: null };
  const used = [{ ...first, learningRateScale: 1, metrics }, { ...second, learningRateScale: 0.1, metrics }];
  const last = { ...used[1], metrics: { ...metrics, validation: { f1: 0.75, 'a "name", quoted': NaN } } };
  const [head, one, two] = historyCsv({ history: [used[0], last] }).split("\r\n");
  assertEquals(
    head.slice(head.indexOf("learningRateScale")),
    'learningRateScale,training/f1,"training/a ""name"", quoted",validation/f1,"validation/a ""name"", quoted"',
  );
  assertEquals(one.split(",").slice(-5), ["1", "0.5", "1", "", ""]);
  assertEquals(two.split(",").slice(-5), ["0.1", "0.5", "1", "0.75", ""]);
});

Deno.test("a training without epochs has only a head, and what is no report is refused", () => {
  assertEquals(historyCsv({ history: [] }).split("\r\n").length, 2);
  for (const wrong of [undefined, {}, { history: [1] }, { history: [{}] }]) {
    assertThrows(
      () => historyCsv(wrong as never),
      TypeError,
      "Cannot write epochs as CSV: expected a report with its history",
    );
  }
});
