import { assertEquals, assertThrows } from "@std/assert";
import { FileFormatError } from "./errors.ts";
import { columnsOf } from "./history_columns.ts";
import { readHistory } from "./saved_history.ts";

const epoch = (number: number, changes: Record<string, number | null> = {}): Record<string, number | null> => ({
  ...{ epoch: number, trainLoss: 0.5, trainError: 20, validationError: null, validationLoss: null },
  ...{ seconds: 1, samplesPerSecond: 100, ...changes },
});

/** The epochs that are read from the columns of these records. */
function read(...records: Record<string, number | null>[]) {
  const { fields, columns } = columnsOf(records);
  return readHistory([...fields], columns, "a.ym").records();
}

Deno.test("the epochs of a file are read as they were written, and none without fields", () => {
  const records = [epoch(1), epoch(2, { validationError: 5, validationLoss: 0.25 })];
  assertEquals<unknown[]>([...read(...records)], records);
  assertEquals([...read()], []);
});

Deno.test("a value that no epoch has is refused in any epoch, with its field and its number", () => {
  const refuse = (message: string, ...records: Record<string, number | null>[]) =>
    assertThrows(() => read(...records), FileFormatError, message);
  refuse("expected a number as trainLoss of epoch 3, got none", epoch(1), epoch(2), epoch(3, { trainLoss: null }));
  refuse("expected a number as seconds of epoch 1, got none", epoch(1, { seconds: null }), epoch(2));
  for (const number of [-1, 1.5, NaN, Infinity]) {
    const message = `expected a whole number of at least 0 as epoch of epoch 2, got ${number}`;
    refuse(message, epoch(1), epoch(number));
  }
  assertEquals([...read(epoch(0))].length, 1);
  const { trainError: _, ...incomplete } = epoch(1);
  refuse("expected the fields epoch, trainLoss, trainError, validationError, validationLoss, seconds,", incomplete);
  refuse("samplesPerSecond of epochs, got epoch, trainLoss,", epoch(1, { other: 1 }));
});

Deno.test("metrics of the training set are numbers, those of the validation set are missing before the first validation", () => {
  const values = { "metrics/training/f1": 0.5, "metrics/validation/f1": null };
  assertEquals([...read(epoch(1, values))].length, 1);
  const swapped = { "metrics/training/f1": null, "metrics/validation/f1": 0.5 };
  assertThrows(() => read(epoch(1, swapped)), FileFormatError, "a number as metrics/training/f1 of epoch 1, got none");
});
