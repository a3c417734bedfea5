/**
 * Reads and writes at computed indices.
 *
 * @module
 */

import { roundTo } from "../../dtype.ts";
import { noCheck } from "../../nest/numbered_checks.ts";
import { sameShape, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { IndexedAttributes } from "../attributes.ts";
import { type Node, showType } from "../node.ts";
import { at, eachIndex, generate, positionOf } from "../reference.ts";
import type { IndexedRule } from "../rule.ts";

function checkIndices(indices: Node, what: string): void {
  if (indices.dtype !== "i32") throw new TypeError(`Cannot ${what} by indices ${showType(indices)}: expected i32`);
}

/** Indices whose check is dropped if the forward pass checks them: a gradient need not check them again. */
const unchecked = (indices: Tensor): Tensor => indices.apply("checked", [], noCheck);

const clamp = (index: number, extent: number): number => Math.min(Math.max(index, 0), extent - 1);

/** Elements of `x` at `indices` along an axis; indices outside of it refer to its first or last element. */
const gather: IndexedRule<"gather"> = {
  kind: "indexed",
  access: "read",
  price: 4,
  infer: ([x, indices], { axis }) => {
    checkIndices(indices, `gather from ${showType(x)}`);
    if (x.shape[axis] === 0 && sizeOf(indices.shape) > 0) {
      throw new RangeError(`Cannot gather from ${showType(x)} along axis ${axis}: it has no elements`);
    }
    return { shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype };
  },
  vjp: (g, [x, indices], { attributes: { axis } }) => [
    x.zerosLike().apply("scatterAdd", [unchecked(indices), g], { axis }),
    null,
  ],
  evaluate: ([x, indices], { axis }, { shape }) => {
    const end = axis + indices.shape.length;
    return generate(shape, (index) => {
      const chosen = clamp(at(indices, index.slice(axis, end)), x.shape[axis]);
      return at(x, [...index.slice(0, axis), chosen, ...index.slice(end)]);
    });
  },
};

/** `base` with `updates` added at `indices` along an axis; the transpose of `gather`. */
const scatterAdd: IndexedRule<"scatterAdd"> = {
  kind: "indexed",
  access: "write",
  price: 0,
  infer: ([base, indices, updates], { axis }) => {
    checkIndices(indices, `scatter into ${showType(base)}`);
    const expected = [...base.shape.slice(0, axis), ...indices.shape, ...base.shape.slice(axis + 1)];
    if (!sameShape(updates.shape, expected) || updates.dtype !== base.dtype || base.dtype === "bool") {
      throw new TypeError(
        `Cannot scatter ${showType(updates)} into ${showType(base)} along axis ${axis}: expected updates ${base.dtype}${
          showShape(expected)
        }`,
      );
    }
    return { shape: base.shape, dtype: base.dtype };
  },
  vjp: (g, [base, indices, updates], { attributes: { axis } }) => {
    // There is nothing to gather from a table without elements, to which no update was added.
    const isEmpty = base.shape[axis] === 0;
    return [g, null, isEmpty ? updates.zerosLike() : g.apply("gather", [unchecked(indices)], { axis })];
  },
  evaluate: ([base, indices, updates], { axis }, { dtype }) => {
    const out = base.values.slice();
    const end = axis + indices.shape.length;
    if (base.shape[axis] === 0) return out;
    eachIndex(updates.shape, (index, position) => {
      const chosen = clamp(at(indices, index.slice(axis, end)), base.shape[axis]);
      const place = positionOf(base.shape, [...index.slice(0, axis), chosen, ...index.slice(end)]);
      out[place] = roundTo(dtype, out[place] + updates.values[position]);
    });
    return out;
  },
};

/** One entry for each indexed read or write. */
export const indexed: { readonly [P in keyof IndexedAttributes]: IndexedRule<P> } = { gather, scatterAdd };
