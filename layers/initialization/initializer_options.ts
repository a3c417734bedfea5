/**
 * The options of initializers.
 *
 * @module
 */

import { finite, positive } from "../../core/options/numbers.ts";
import { custom, type Declaration } from "../../core/options/option.ts";
import { either } from "../../core/options/values.ts";
import { type Activation, activation } from "../get_activation.ts";

/** Options of initializers; each takes those it knows. */
export interface InitializerOptions {
  /** The value of `constant`; default: 0. */
  readonly value?: number;
  /** Half the width of `uniform`, or its bounds; the standard deviation of `normal`. Default: 0.5. */
  readonly scale?: number | readonly [number, number];
  /** A factor, or the activation that the values are for: sigmoid → 4, tanh → 1, relu → √2. Default: 1. */
  readonly gain?: number | Activation;
  /** Numbers of inputs and outputs of one unit; default: those of the shape. */
  readonly fan?: readonly [number, number];
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

/** Options of `constant`. */
export const constantOptions = {
  value: finite({ default: 0, infinite: true, help: "the value everywhere" }),
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
  help: "a factor, or the activation that the values are for",
});

const fan = custom<readonly [number, number]>(
  {
    expected: "numbers of inputs and outputs above 0",
    accepts: (value): value is readonly [number, number] => isPair(value) && value.every(positive().accepts),
    resembles: isPair,
  },
  { otherwise: "those of the shape", help: "inputs and outputs of one unit" },
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
