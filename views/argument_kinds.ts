/**
 * Kinds of the positional arguments of pictures and reports.
 *
 * @module
 */

import { isListOf } from "../core/options/items.ts";
import { numberKind, tensorKind, textKind } from "../core/options/kinds.ts";
import { describedRecord, record } from "../core/options/nested.ts";
import { count } from "../core/options/numbers.ts";
import { custom, type Option } from "../core/options/option.ts";
import { flag, list } from "../core/options/values.ts";
import type { NamedData } from "../data/data.ts";
import { isPlainRecord } from "../model/files/json.ts";
import { Model } from "../model/model.ts";
import { Network } from "../model/network.ts";
import type { Report, Stop } from "../model/training/report.ts";
import type { LearningRateRange } from "../model/training/rate_range.ts";
import type { Confusion } from "./confusion_counts.ts";
import type { ImageGroup } from "./image_grid.ts";
import type { CurveReport } from "./learning_curves.ts";

type Fields = Readonly<Record<string, unknown>>;

const texts = ["model", "network", "data", "dataHash", "updates", "stop", "errorUnit"];
const numbers = ["parameters", "seed", "epochs", "iterations", "batches", "samplesPerSecond"];
const numbersOrNull = ["validationError", "bestIteration", "testError"];
const records = ["hyperparameters", "device", "versions", "seconds"];

const stops: readonly string[] = ["epochs", "patience", "aborted", "overfit"] satisfies readonly Stop[];
const shown = ["batches", "validationError", "validationLoss", "bestIteration"];

function hasCurves(report: Fields): boolean {
  const { history, errorUnit, model } = report;
  return typeof errorUnit === "string" && isListOf(history, isPlainRecord) &&
    ["undefined", "string"].includes(typeof model) &&
    shown.every((name) => ["undefined", "number"].includes(typeof (report[name] ?? undefined)));
}

/** The report of a training. */
export const reportKind: Option<Report> = custom<Report>({
  expected: "the report of a training",
  accepts: (value): value is Report =>
    isPlainRecord(value) && hasCurves(value) &&
    texts.every((name) => typeof value[name] === "string") &&
    numbers.every((name) => typeof value[name] === "number") &&
    numbersOrNull.every((name) => value[name] === null || typeof value[name] === "number") &&
    records.every((name) => isPlainRecord(value[name])) &&
    isPlainRecord(value.device) && typeof value.device.name === "string" &&
    stops.includes(String(value.stop)),
});

/** The parts of a report that curves show. */
export const curvesKind: Option<CurveReport> = custom<CurveReport>({
  expected: "a report with its history and the unit of its errors",
  accepts: (value): value is CurveReport => isPlainRecord(value) && hasCurves(value),
});

/** The result of a learning-rate range test. */
export const rateRangeKind: Option<LearningRateRange> = custom<LearningRateRange>({
  expected: "the result of learningRateRange",
  accepts: (value): value is LearningRateRange =>
    isPlainRecord(value) && ["suggestion", "lowest"].every((name) => isNumberOrNull(value[name])) &&
    isListOf(
      value.points,
      (point) =>
        isPlainRecord(point) && ["rate", "loss", "smoothed"].every((name) => typeof point[name] === "number") &&
        Number(point.rate) > 0,
    ),
});

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === "number";
}

/** Reports by name. */
export const runsKind: Option<Readonly<Record<string, CurveReport>>> = custom<Readonly<Record<string, CurveReport>>>({
  expected: "a record of reports",
  accepts: (value): value is Readonly<Record<string, CurveReport>> =>
    isPlainRecord(value) && Object.values(value).every(curvesKind.accepts),
});

const anyNumber = custom(numberKind);

/** The counts of a confusion matrix. */
export const confusionKind: Option<Confusion> = {
  ...describedRecord<Confusion>("the counts of confusions, such as those of countConfusion", {
    counts: list(list(anyNumber), { required: true }),
    total: { ...anyNumber, required: true },
    wrong: { ...anyNumber, required: true },
  }),
  required: false,
};

/** A network. */
export const networkKind: Option<Network> = custom<Network>({
  expected: "a network",
  accepts: (value): value is Network => value instanceof Network,
});

/** A model. */
export const modelKind: Option<Model<NamedData>> = custom<Model<NamedData>>({
  expected: "a model",
  accepts: (value): value is Model<NamedData> => value instanceof Model,
});

/** A set of examples on a device. */
export const setKind: Option<object> = custom<object>({
  expected: "a set with the tensors x and y",
  accepts: (value): value is object => typeof value === "object" && value !== null && "x" in value && "y" in value,
});

/** Class numbers in a list or an array of numbers. */
export const classesKind: Option<ArrayLike<number>> = custom<ArrayLike<number>>({
  expected: "a list of class numbers",
  accepts: (value): value is ArrayLike<number> =>
    isListOf(value, (one) => typeof one === "number") || ArrayBuffer.isView(value) && "length" in value,
});

/** A number of classes. */
export const classCountKind = count({ least: 0, most: 2 ** 16 });

/** Groups of images. */
export const groupsKind: Option<readonly ImageGroup[]> = list(
  record<ImageGroup>({
    images: custom<ImageGroup["images"]>({
      expected: "a tensor, or a list of the pixels of each image",
      accepts: (value): value is ImageGroup["images"] => isRows(value) || tensorKind.accepts(value),
    }, { required: true }),
    label: textKind,
    stretch: flag(),
  }),
  { items: "groups of images, each { images }" },
);

function isRows(value: unknown): value is readonly ArrayLike<number>[] {
  return isListOf(value, classesKind.accepts);
}
