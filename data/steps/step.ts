/**
 * Steps of a preprocessing: each is fitted to a column of the training set, and applied to those of other tables.
 *
 * @module
 */

import type { AnyDeclaration, OptionValues } from "../../core/options/option.ts";
import type { Stage } from "./features.ts";

/** A step. What it fits is plain data, from which it is applied in other programs, too. */
export interface Step<D extends AnyDeclaration, F extends AnyDeclaration> {
  /** The options, declared. */
  readonly options: D;
  /** What is fitted, declared, to check what a file contains. */
  readonly fitted: F;
  /** Fits the step to a column of the training set. */
  fit(stage: Stage, options: OptionValues<D>): OptionValues<F>;
  /** Applies it to a column of any table. */
  apply(stage: Stage, fitted: OptionValues<F>): Stage;
  /** Reverts it for the numbers of one feature; missing if that is not possible. */
  revert?(values: Float64Array, fitted: OptionValues<F>, feature: number): Float64Array;
}

/** A step whose types are not known. */
export interface AnyStep {
  readonly options: AnyDeclaration;
  readonly fitted: AnyDeclaration;
  /** Fits the step with options that were read by `options`. */
  fit(stage: Stage, options: object): object;
  /** Applies it with what was read by `fitted`. */
  apply(stage: Stage, fitted: object): Stage;
  readonly revert?: ((values: Float64Array, fitted: object, feature: number) => Float64Array) | undefined;
}

/** A step without the types of its options. */
export function step<D extends AnyDeclaration, F extends AnyDeclaration>(typed: Step<D, F>): AnyStep {
  const { revert } = typed;
  return {
    options: typed.options,
    fitted: typed.fitted,
    fit: (stage, options) => typed.fit(stage, options as OptionValues<D>),
    apply: (stage, fitted) => typed.apply(stage, fitted as OptionValues<F>),
    ...revert &&
      {
        revert: (values: Float64Array, fitted: object, feature: number) =>
          revert(values, fitted as OptionValues<F>, feature),
      },
  };
}
