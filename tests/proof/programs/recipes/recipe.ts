/**
 * Recipes: how a random program uses a primitive.
 *
 * @module
 */

import type { Tensor } from "../../../../core/tensor.ts";
import type { Draft } from "../draft.ts";

/** Makes tensors out of those of a draft; none if nothing fits. */
export type Recipe = (draft: Draft) => Tensor | readonly Tensor[] | undefined;
