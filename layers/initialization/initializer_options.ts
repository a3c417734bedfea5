/**
 * The options of initializers.
 *
 * @module
 */

import { finite, positive } from "../../core/options/numbers.ts";
import { custom, type Declaration } from "../../core/options/option.ts";
import { either } from "../../core/options/values.ts";
import { type Activation, activation } from "../get_activation.ts";

/** Options of initializers; each initializer takes those that it declares. */
export interface InitializerOptions {
  /** The value of all elements, for `constant`; default: 0. */
  readonly value?: number;
  /**
   * Half the width of the distribution, or its bounds, for `uniform`; the standard deviation for `normal`. Default:
   * 0.5.
   */
  readonly scale?: number | readonly [number, number];
  /** A factor, or the activation that follows: linear → 1, sigmoid → 4, tanh → 1, relu → √2. Default: 1. */
  readonly gain?: number | Activation;
  /** Numbers of inputs and outputs of one unit; default: those of the shape. */
  readonly fan?: readonly [number, number];
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && Number.isFinite(value[0]) && Number.isFinite(value[1]);
}

/** Options of `constant`. */
export const constantOptions = {
  value: finite({ default: 0, infinite: true, help: "value of all elements" }),
} satisfies Declaration<Pick<InitializerOptions, "value">>;

const bounds = custom<readonly [number, number]>({ expected: "two bounds", accepts: isPair });

/** Options of `uniform`. */
export const uniformOptions = {
  scale: either([finite(), bounds], { default: 0.5, help: "half the width of the distribution, or its bounds" }),
} satisfies Declaration<Pick<InitializerOptions, "scale">>;

/** Options of `normal`. */
export const normalOptions = {
  scale: finite({ default: 0.5, help: "standard deviation" }),
} satisfies Declaration<{ readonly scale?: number }>;

const gain = either([finite(), activation()], {
  default: 1,
  help: "factor, or the activation that follows",
});

const fan = custom<readonly [number, number]>(
  {
    expected: "two numbers above 0, of inputs and outputs",
    accepts: (value): value is readonly [number, number] => isPair(value) && value.every(positive().accepts),
    resembles: isPair,
  },
  { otherwise: "those of the shape", help: "numbers of inputs and outputs of one unit" },
);

/** Options of initializers whose variance depends on inputs and outputs. */
export const glorotOptions = { gain, fan } satisfies Declaration<Pick<InitializerOptions, "gain" | "fan">>;

/** Options of initializers whose variance depends on inputs. */
export const fanOptions = { fan } satisfies Declaration<Pick<InitializerOptions, "fan">>;

/** Options of `orthogonal`. */
export const orthogonalOptions = { gain } satisfies Declaration<Pick<InitializerOptions, "gain">>;

/** The options of all initializers. */
export const initializerOptions = {
  ...constantOptions,
  ...uniformOptions,
  ...glorotOptions,
} satisfies Declaration<InitializerOptions>;
