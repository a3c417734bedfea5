import { assert, assertEquals, assertThrows } from "@std/assert";
import { FileFormatError } from "./errors.ts";
import { checkedColumns, columnsOf, readCell } from "./history_columns.ts";
import type { Json } from "./json.ts";
import type { TensorEntries } from "./safetensors.ts";
import { readSavedModel, writeSavedModel } from "./model_file.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { History } from "../training/history.ts";
import { beginProgress, noSeconds } from "../training/progress.ts";

const configuration = {
  network: {
    name: "one",
    layers: [{ kind: "InputLayer", name: "input", incoming: [], configuration: { shape: [null, 2] } }],
  },
};
const choices = { seed: 1, unsupervisedTraining: false, earlyStop: true, shuffle: true, restoreBest: true };

/** The records of columns. */
function recordsOf(fields: Json, columns: TensorEntries, file: string): Record<string, number | null>[] {
  const read = checkedColumns(fields, columns, file);
  return Array.from(
    { length: (read[0]?.[1].length ?? 0) / 2 },
    (_, i) =>
      Object.fromEntries(read.flatMap(([field, words]) => {
        const value = readCell(words, i);
        return value === undefined ? [] : [[field, value] as const];
      })),
  );
}

Deno.test("records of numbers and null keep all bits, their fields and their order", () => {
  const odd = [0, -0, 5e-324, -Infinity, Infinity, NaN, 1 / 3, 2 ** 53, null];
  const history = odd.map((value, i) => ({ epoch: i, value, ...(i % 2 === 0 && { even: value }) }));
  const { fields, columns } = columnsOf(history);
  assertEquals(fields, ["epoch", "value", "even"]);
  const read = recordsOf([...fields], columns, "a.ym");
  assertEquals(read, history);
  assertEquals(Object.keys(read[0]), fields);
  assert(read.every(({ value }, i) => Object.is(value, odd[i])));
  assertEquals(recordsOf([], columnsOf([]).columns, "a.ym"), []);
});

Deno.test("columns that do not fit each other are refused, and so are texts", () => {
  const { fields, columns } = columnsOf([{ epoch: 1, loss: 2 }]);
  assertThrows(() => recordsOf([...fields, "error"], columns, "a.ym"), FileFormatError, "the fields of the history");
  const longer = columnsOf([{ loss: 1 }, { loss: 2 }]).columns;
  assertThrows(() => recordsOf([...fields], { ...columns, ...longer }, "a.ym"), FileFormatError, "u32[1, 2] as loss");
  assertThrows(() => columnsOf([{ epoch: "1" }]), TypeError, "Cannot write epoch of an epoch");
});

Deno.test("a training of a million epochs is saved and read again", async () => {
  await inFolder(async (folder) => {
    const history = Array.from({ length: 1_000_000 }, (_, i) => ({
      ...{ epoch: i + 1, trainLoss: 1 / (i + 1), trainError: 50 / (i + 1) },
      ...{ validationError: i < 3 ? null : 1 / i, validationLoss: i < 3 ? null : 2 / i },
      ...{ seconds: 0.001, samplesPerSecond: Infinity },
    }));
    const training = {
      ...{ choices, dataHash: "ab", pretraining: null },
      progress: { ...beginProgress(10), history: History.of(history), seconds: noSeconds },
    };
    const tensors = { kept: { params: {}, state: {} } };
    await writeSavedModel(`${folder}/a.ym`, { configuration, training, report: null, tensors });
    assert(Deno.statSync(`${folder}/a.ym`).size < 60_000_000);
    const read = readSavedModel(`${folder}/a.ym`).training?.progress?.history.records() ?? [];
    assertEquals(read.length, history.length);
    for (const i of [0, 3, 500_000, 999_999]) assertEquals(read[i], history[i]);
  });
});
