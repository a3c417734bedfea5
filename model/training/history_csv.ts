/**
 * The epochs of a training as CSV.
 *
 * @module
 */

import { isListOf } from "../../core/options/items.ts";
import { custom } from "../../core/options/option.ts";
import { checkArgument } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { csvLines } from "../csv_lines.ts";
import { isRecord } from "../files/json.ts";
import { epochFields, flatEpoch, isUsedField } from "./history.ts";
import type { Report } from "./report.ts";

const historyKind = custom<Pick<Report, "history">>({
  expected: "a report with its history",
  accepts: (value): value is Pick<Report, "history"> =>
    isRecord(value) && isListOf(value.history, (one) => isRecord(one) && typeof one.epoch === "number"),
});

/**
 * The epochs of a report as a CSV file (RFC 4180), for spreadsheets and other programs. The columns are the fields of the
 * epochs; metrics are named `training/f1` and `validation/f1`. Numbers are exact, and cells without a number are empty.
 *
 * @throws {TypeError} if the report has no history.
 *
 * @example
 * ```ts
 * import { historyCsv } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const epoch = { validationError: 12.5, validationLoss: null, seconds: 0.5, samplesPerSecond: 80 };
 * const history = [{ epoch: 1, trainLoss: 0.75, trainError: NaN, ...epoch }];
 * assertEquals(historyCsv({ history }).split("\r\n"), [
 *   "epoch,trainLoss,trainError,validationError,validationLoss,seconds,samplesPerSecond",
 *   "1,0.75,,12.5,,0.5,80",
 *   "",
 * ]);
 * ```
 */
export function historyCsv(report: Pick<Report, "history">): string {
  refuseSurplus("historyCsv", arguments, 1);
  checkArgument("write epochs as CSV", report, historyKind);
  const epochs = report.history.map(flatEpoch);
  const used = [...new Set(epochs.flatMap((epoch) => Object.keys(epoch).filter(isUsedField)))];
  const fields = [...epochFields, ...used];
  return csvLines([
    fields.map((field) => field.replace(/^metrics\//, "")),
    ...epochs.map((epoch) => fields.map((field) => cellOf(epoch[field]))),
  ]);
}

function cellOf(value: unknown): string {
  return typeof value === "number" && !Number.isNaN(value) ? String(value) : "";
}
