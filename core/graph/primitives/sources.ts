/**
 * Primitives without inputs.
 *
 * @module
 */

import type { Attributes, SourceAttributes } from "../attributes.ts";
import { generate } from "../reference.ts";
import type { SourceRule } from "../rule.ts";

type Source = keyof SourceAttributes;

function source<P extends Source>(
  facts: { readonly liesInMemory: boolean },
  evaluate: (attributes: Attributes[P]) => Float64Array,
): SourceRule<P> {
  return {
    kind: "source",
    ...facts,
    infer: (_, { shape, dtype }) => ({ shape, dtype }),
    vjp: null,
    evaluate: (_, attributes) => evaluate(attributes),
  };
}

function given<P extends Source>(name: P): SourceRule<P> {
  return source({ liesInMemory: true }, () => {
    throw new Error(`Cannot compute the value of a ${name}: the caller of the reference must pass it`);
  });
}

/** One entry for each source. */
export const sources: { readonly [P in Source]: SourceRule<P> } = {
  /** An argument. */
  parameter: given("parameter"),
  /** All elements have one value. */
  constant: source({ liesInMemory: false }, ({ shape, value }) => generate(shape, () => value)),
  /** The index along an axis. */
  iota: source({ liesInMemory: false }, ({ shape, axis }) => generate(shape, (index) => index[axis])),
  /** A known tensor. */
  data: given("data"),
};
