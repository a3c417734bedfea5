/**
 * Short names of objectives.
 *
 * @module
 */

import {
  binaryCrossentropyError,
  binaryHingeError,
  categoricalCrossentropyError,
  categoricalHingeError,
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
