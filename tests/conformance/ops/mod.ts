/**
 * The table of all operators.
 *
 * @module
 */

import type { Operators } from "../operator.ts";
import { activations } from "./activations.ts";
import { arithmetic } from "./arithmetic.ts";
import { convolutions } from "./convolution.ts";
import { creations } from "./creation.ts";
import { indexing } from "./indexing.ts";
import { losses } from "./losses.ts";
import { movements } from "./movement.ts";
import { normalizations } from "./normalization.ts";
import { pooling } from "./pooling.ts";
import { products } from "./products.ts";
import { recurrences } from "./recurrence.ts";
import { reductions } from "./reductions.ts";
import { softmaxes } from "./softmax.ts";
import { training } from "./training.ts";
import { trigonometry } from "./trigonometry.ts";

/** Operators by name. */
export const operators: Operators = {
  ...arithmetic,
  ...trigonometry,
  ...activations,
  ...reductions,
  ...products,
  ...convolutions,
  ...pooling,
  ...softmaxes,
  ...normalizations,
  ...recurrences,
  ...training,
  ...losses,
  ...movements,
  ...indexing,
  ...creations,
};
