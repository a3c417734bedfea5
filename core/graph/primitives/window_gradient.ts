/**
 * The transpose of `window`.
 *
 * @module
 */

import { roundTo } from "../../dtype.ts";
import { sameShape, showShape, sizeOf } from "../../shape.ts";
import { eachIndex, positionOf } from "../reference.ts";
import type { ReductionRule } from "../rule.ts";
import { inferWindow, isDisjoint, windowSource } from "./window_geometry.ts";

/** Each element is the sum of its copies in the windows. */
export const unwindow: ReductionRule<"unwindow"> = {
  kind: "reduction",
  reduction: "sum",
  ofNothing: 0,
  axesOf: () => null,
  onlyMoves: ({ attributes }) => isDisjoint(attributes),
  infer: ([x], attributes) => {
    const expected = inferWindow(attributes.shape, attributes);
    if (!sameShape(expected, x.shape)) {
      throw new TypeError(
        `Cannot put windows ${showShape(x.shape)} together to ${showShape(attributes.shape)}: expected windows ${
          showShape(expected)
        }`,
      );
    }
    return { shape: attributes.shape, dtype: x.dtype };
  },
  vjp: (g, _, { attributes: { size, strides, dilations } }) => [g.apply("window", [], { size, strides, dilations })],
  evaluate: ([x], attributes, { dtype }) => {
    const out = new Float64Array(sizeOf(attributes.shape));
    eachIndex(x.shape, (index, position) => {
      const place = positionOf(attributes.shape, windowSource(attributes.shape.length, index, attributes));
      out[place] = roundTo(dtype, out[place] + x.values[position]);
    });
    return out;
  },
};
