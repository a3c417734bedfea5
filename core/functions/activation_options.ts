/**
 * The options of activation functions.
 *
 * @module
 */

import { tensorOption } from "../options/kinds.ts";
import { finite } from "../options/numbers.ts";
import type { Declaration } from "../options/option.ts";
import { either } from "../options/values.ts";
import type { Tensor } from "../tensor.ts";

/** Options of activation functions. */
export interface ActivationOptions {
  /** Slope or scale for negative inputs; it can be learned if it is a tensor of a shape that broadcasts. */
  readonly alpha?: number | Tensor;
}

const alpha = [finite(), tensorOption()] as const;

/** Options of `relu`. */
export const reluOptions = {
  alpha: either(alpha, { default: 0, help: "slope for negative inputs" }),
} satisfies Declaration<ActivationOptions>;

/** Options of `elu`. */
export const eluOptions = {
  alpha: either(alpha, { default: 1, help: "scale for negative inputs" }),
} satisfies Declaration<ActivationOptions>;
