/**
 * Options whose values are tensors. In a file of its own, since `tensor.ts` may read options itself.
 *
 * @module
 */

import { Tensor } from "../tensor.ts";
import { type Declared, kindOf, optionOf, type OptionSpec } from "./option.ts";

/** A tensor. Its values are none of a configuration: it is written as its shape. */
export function tensor<S extends OptionSpec<Tensor>>(spec?: S): Declared<Tensor, S> {
  const kind = kindOf({
    expected: "a tensor",
    accepts: (value): value is Tensor => value instanceof Tensor,
    toJson: (value) => ({ given: value.shape }),
  });
  return optionOf(kind, spec);
}
