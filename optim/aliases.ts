/**
 * Short names of objectives, and objectives and metrics by name.
 *
 * @module
 */

import { binaryAccuracy, binaryError, categoricalAccuracy, categoricalError } from "./metrics.ts";
import {
  binaryCrossentropyError,
  binaryHingeError,
  categoricalCrossentropyError,
  categoricalHingeError,
  huberError,
  kullbackLeiblerDivergence,
  meanAbsoluteError,
  meanSquaredError,
  type Objective,
  rootMeanSquaredError,
} from "./objectives.ts";

/** {@linkcode meanSquaredError} */
export const mse: Objective = meanSquaredError;
/** {@linkcode rootMeanSquaredError} */
export const rmse: Objective = rootMeanSquaredError;
/** {@linkcode meanAbsoluteError} */
export const mae: Objective = meanAbsoluteError;
/** {@linkcode binaryHingeError} */
export const bhe: Objective = binaryHingeError;
/** {@linkcode categoricalHingeError} */
export const che: Objective = categoricalHingeError;
/** {@linkcode binaryCrossentropyError} */
export const bce: Objective = binaryCrossentropyError;
/** {@linkcode categoricalCrossentropyError} */
export const cce: Objective = categoricalCrossentropyError;
/** {@linkcode kullbackLeiblerDivergence} */
export const kld: Objective = kullbackLeiblerDivergence;

/** The objectives by name. */
export const objectives: Readonly<Record<string, Objective>> = {
  meanSquaredError,
  rootMeanSquaredError,
  meanAbsoluteError,
  binaryHingeError,
  categoricalHingeError,
  binaryCrossentropyError,
  categoricalCrossentropyError,
  kullbackLeiblerDivergence,
  huberError,
};

/** The metrics by name. */
export const metrics: Readonly<Record<string, Objective>> = {
  binaryAccuracy,
  binaryError,
  categoricalAccuracy,
  categoricalError,
};
