/**
 * Options whose values are tensors. In a separate file, since `tensor.ts` may read options itself.
 *
 * @module
 */

import { Tensor } from "../tensor.ts";
import { type Declared, makeKind, optionOf, type OptionSpec } from "./option.ts";

/** A tensor. A configuration holds only its shape, not its values. */
export function tensorOption<S extends OptionSpec<Tensor>>(spec?: S): Declared<Tensor, S> {
  const kind = makeKind({
    expected: "a tensor",
    accepts: (value): value is Tensor => value instanceof Tensor,
    toJson: (value) => ({ given: value.shape }),
  });
  return optionOf(kind, spec);
}
