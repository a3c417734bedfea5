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

/** Short for {@linkcode meanSquaredError}. */
export const mse: Objective = meanSquaredError;
/** Short for {@linkcode rootMeanSquaredError}. */
export const rmse: Objective = rootMeanSquaredError;
/** Short for {@linkcode meanAbsoluteError}. */
export const mae: Objective = meanAbsoluteError;
/** Short for {@linkcode binaryHingeError}. */
export const bhe: Objective = binaryHingeError;
/** Short for {@linkcode categoricalHingeError}. */
export const che: Objective = categoricalHingeError;
/** Short for {@linkcode binaryCrossentropyError}. */
export const bce: Objective = binaryCrossentropyError;
/** Short for {@linkcode categoricalCrossentropyError}. */
export const cce: Objective = categoricalCrossentropyError;
/** Short for {@linkcode kullbackLeiblerDivergence}. */
export const kld: Objective = kullbackLeiblerDivergence;
