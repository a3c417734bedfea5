/**
 * The preprocessing of a model: of tables, of pictures, or a scaling of samples.
 *
 * @module
 */

import { finite } from "../../core/options/numbers.ts";
import { custom } from "../../core/options/option.ts";
import { readUntyped } from "../../core/options/read.ts";
import { list, oneOf } from "../../core/options/values.ts";
import {
  ImagePreprocessing,
  type ImagePreprocessingConfiguration,
  imagePreprocessingOf,
} from "../images/image_preprocessing.ts";
import { type Scaling, type ScalingConfiguration, scalingOf } from "../scaling.ts";
import { readPreprocessing } from "./configuration.ts";
import { TablePreprocessing, type TablePreprocessingConfiguration } from "./table_preprocessing.ts";

/** What makes the inputs of a network out of tables, of pictures, or of samples. */
export type FittedPreprocessing = TablePreprocessing | ImagePreprocessing | Scaling;

/** The scaling of samples, if a preprocessing is one. */
export function scalingIn(preprocessing: FittedPreprocessing | undefined): Scaling | undefined {
  return preprocessing instanceof TablePreprocessing || preprocessing instanceof ImagePreprocessing
    ? undefined
    : preprocessing;
}

/** A preprocessing as plain data. */
export type PreprocessingConfiguration =
  | TablePreprocessingConfiguration
  | ImagePreprocessingConfiguration
  | ScalingConfiguration;

/** A preprocessing, as a part of a model. */
export const preprocessingKind = custom<FittedPreprocessing>({
  expected: "a preprocessing, such as that of data",
  accepts: (value): value is FittedPreprocessing =>
    value instanceof TablePreprocessing || value instanceof ImagePreprocessing ||
    typeof value === "object" && value !== null && "apply" in value && "revert" in value && "configuration" in value,
});

const statistics = list(finite(), { required: true, items: "numbers" });

const declarations = {
  normalize: { kind: oneOf(["normalize"], { required: true }), min: statistics, max: statistics },
  standardize: { kind: oneOf(["standardize"], { required: true }), mean: statistics, std: statistics },
};

/**
 * The preprocessing of plain data, all of which is checked.
 *
 * @throws {TypeError} if something in it is missing, or of another kind.
 * @throws {RangeError} if there is no such step, or a value is out of bounds.
 */
export function anyPreprocessing(given: Readonly<Record<string, unknown>>): FittedPreprocessing {
  const { kind } = given;
  if (kind === "normalize") return checked(readUntyped("read a scaling", declarations.normalize, given));
  if (kind === "standardize") return checked(readUntyped("read a scaling", declarations.standardize, given));
  if (kind === "images") return imagePreprocessingOf(given);
  return readPreprocessing(given);
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
