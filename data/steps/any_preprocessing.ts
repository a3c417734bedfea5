/**
 * The preprocessing of a model: of tables, of pictures, or a scaling of samples.
 *
 * @module
 */

import { finite } from "../../core/options/numbers.ts";
import { custom } from "../../core/options/option.ts";
import { readUntyped } from "../../core/options/read.ts";
import { showValue } from "../../core/options/show.ts";
import { list, oneOf } from "../../core/options/values.ts";
import type { ImagePreprocessing, ImagePreprocessingConfiguration } from "../images/image_preprocessing.ts";
import { isOfImages, isOfTables } from "../recognized.ts";
import {
  InputScaling,
  type InputScalingConfiguration,
  type Scaling,
  type ScalingConfiguration,
  scalingOf,
} from "../scaling.ts";
import { isPlainRecord } from "../table/column_types.ts";
import { readerOf } from "./readers.ts";
import type { TablePreprocessing, TablePreprocessingConfiguration } from "./table_preprocessing.ts";

/** What makes the inputs of a network out of tables, of pictures, or of samples. */
export type FittedPreprocessing = TablePreprocessing | ImagePreprocessing | Scaling | InputScaling;

/** The scaling of samples, if a preprocessing is one. */
export function scalingIn(preprocessing: FittedPreprocessing | undefined): Scaling | InputScaling | undefined {
  return isOfTables(preprocessing) || isOfImages(preprocessing) ? undefined : preprocessing;
}

/** A preprocessing as plain data. */
export type PreprocessingConfiguration =
  | TablePreprocessingConfiguration
  | ImagePreprocessingConfiguration
  | ScalingConfiguration
  | InputScalingConfiguration;

/** A preprocessing, as a part of a model. */
export const preprocessingKind = custom<FittedPreprocessing>({
  expected: "a preprocessing, such as that of data",
  accepts: (value): value is FittedPreprocessing =>
    isOfTables(value) || isOfImages(value) || value instanceof InputScaling ||
    typeof value === "object" && value !== null && "apply" in value && "revert" in value && "configuration" in value,
});

const statistics = list(finite(), { required: true, items: "numbers" });

const scalings = custom<Readonly<Record<string, Readonly<Record<string, unknown>>>>>({
  expected: "a record of scalings by the names of inputs",
  accepts: (value): value is Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
    isPlainRecord(value) && Object.values(value).every(isPlainRecord),
}, { required: true });

const declarations = {
  normalize: { kind: oneOf(["normalize"], { required: true }), min: statistics, max: statistics },
  standardize: { kind: oneOf(["standardize"], { required: true }), mean: statistics, std: statistics },
  inputs: { kind: oneOf(["inputs"], { required: true }), inputs: scalings },
};

/**
 * The preprocessing of plain data, all of which is checked.
 *
 * @throws {TypeError} if something in it is missing, or of another kind.
 * @throws {RangeError} if there is no such step, or a value is out of bounds.
 */
export function anyPreprocessing(given: Readonly<Record<string, unknown>>): FittedPreprocessing {
  if (given.kind !== "inputs") return readScaling(given) ?? readerOf(given.kind)(given);
  const { inputs } = readUntyped("read a scaling", declarations.inputs, given);
  return new InputScaling(Object.fromEntries(
    Object.entries(inputs).map(([name, one]) => {
      const scaling = readScaling(one);
      if (scaling) return [name, scaling];
      throw new TypeError(
        `Cannot read a scaling: expected the kind of input ${showValue(name)} to be normalize or standardize, got ` +
          showValue(one.kind),
      );
    }),
  ));
}

/** The scaling of one input; `undefined` if the plain data are no scaling. */
function readScaling(given: Readonly<Record<string, unknown>>): Scaling | undefined {
  const { kind } = given;
  if (kind === "normalize") return checked(readUntyped("read a scaling", declarations.normalize, given));
  if (kind === "standardize") return checked(readUntyped("read a scaling", declarations.standardize, given));
  return undefined;
}

function checked(configuration: ScalingConfiguration): Scaling {
  const [first, second] = configuration.kind === "normalize"
    ? [configuration.min, configuration.max]
    : [configuration.mean, configuration.std];
  if (first.length === second.length) return scalingOf(configuration);
  throw new TypeError(
    `Cannot read a scaling: expected as many numbers of each kind, got ${first.length} and ${second.length}`,
  );
}
