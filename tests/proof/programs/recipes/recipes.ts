/**
 * The table of recipes: one for each primitive. It does not compile while one is missing.
 *
 * @module
 */

import type { Primitive } from "../../../../core/graph/attributes.ts";
import { contraction, indexed, reduction } from "./combining.ts";
import { elementwise } from "./elementwise.ts";
import { pick, source, tuple } from "./loops.ts";
import { movement } from "./movement.ts";
import type { Recipe } from "./recipe.ts";

/** How random programs use each primitive. */
export const recipes: { readonly [P in Primitive]: Recipe } = {
  ...source,
  ...elementwise,
  ...movement,
  ...reduction,
  ...contraction,
  ...indexed,
  ...tuple,
  pick,
};
