/**
 * Primitives without inputs.
 *
 * @module
 */

import type { Attributes, Primitive, ValueType } from "../node.ts";
import { generate } from "../reference.ts";
import type { Rule } from "../rule.ts";

function source<P extends "parameter" | "constant" | "iota" | "data">(
  evaluate: (attributes: Attributes[P]) => Float64Array,
): Rule<P> {
  return {
    kind: "source",
    infer: (_, { shape, dtype }: ValueType) => ({ shape, dtype }),
    vjp: () => [],
    evaluate: (_, attributes) => evaluate(attributes),
  };
}

const given = (name: Primitive) => (): Float64Array => {
  throw new Error(`The value of a ${name} is given to the reference, not computed by it`);
};

/** `parameter`: an argument; `constant`: one number everywhere; `iota`: the index along an axis; `data`: a known tensor. */
export const sources = {
  parameter: source<"parameter">(given("parameter")),
  constant: source<"constant">(({ shape, value }) => generate(shape, () => value)),
  iota: source<"iota">(({ shape, axis }) => generate(shape, (index) => index[axis])),
  data: source<"data">(given("data")),
};
