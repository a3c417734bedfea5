/**
 * The shape rules of movements.
 *
 * @module
 */

import { checkShape, sameShape, type Shape, showShape, sizeOf } from "../../shape.ts";
import type { Attributes } from "../attributes.ts";
import { type Node, showType, type ValueType } from "../node.ts";

export function inferReshape(shape: Shape, { shape: wanted }: Attributes["reshape"]): Shape {
  checkShape(wanted, "reshape to");
  if (sizeOf(wanted) !== sizeOf(shape)) {
    throw new TypeError(
      `Cannot reshape ${showShape(shape)} to ${showShape(wanted)}: expected ${sizeOf(shape)} elements, got ${
        sizeOf(wanted)
      }`,
    );
  }
  return wanted;
}

export function inferPermute(shape: Shape, { axes }: Attributes["permute"]): Shape {
  if (
    axes.length !== shape.length || new Set(axes).size !== axes.length || axes.some((axis) => shape[axis] === undefined)
  ) {
    throw new RangeError(
      `Cannot transpose ${showShape(shape)} by axes ${showShape(axes)}: each axis must be named once`,
    );
  }
  return axes.map((axis) => shape[axis]);
}

export function inferExpand(shape: Shape, { shape: wanted }: Attributes["expand"]): Shape {
  if (shape.length !== wanted.length || shape.some((extent, axis) => extent !== wanted[axis] && extent !== 1)) {
    throw new TypeError(`Cannot broadcast ${showShape(shape)} to ${showShape(wanted)}: extents must be equal or 1`);
  }
  return checkShape(wanted, "broadcast to");
}

export function inferSlice(shape: Shape, { start, stop, step }: Attributes["slice"]): Shape {
  return shape.map((extent, axis) => {
    const [from, to, by] = [start[axis], stop[axis], step[axis]];
    if (!(from >= 0 && to <= extent && from <= to && by >= 1)) {
      throw new RangeError(
        `Cannot slice ${showShape(shape)} from ${showShape(start)} to ${showShape(stop)} by ${
          showShape(step)
        }: axis ${axis} has extent ${extent}`,
      );
    }
    return Math.ceil((to - from) / by);
  });
}

export function inferPad(shape: Shape, { padding }: Attributes["pad"]): Shape {
  if (padding.length !== shape.length || padding.some(([low, high]) => low < 0 || high < 0)) {
    throw new RangeError(
      `Cannot pad ${showShape(shape)} by ${JSON.stringify(padding)}: expected a pair of at least [0, 0] for each axis`,
    );
  }
  return checkShape(shape.map((extent, axis) => extent + padding[axis][0] + padding[axis][1]), "pad to");
}

export function inferConcat(inputs: readonly Node[], { axis }: Attributes["concat"]): ValueType {
  const [first] = inputs;
  for (const { shape, dtype } of inputs) {
    if (dtype !== first.dtype || !sameShape(shape.toSpliced(axis, 1), first.shape.toSpliced(axis, 1))) {
      throw new TypeError(
        `Cannot concatenate ${
          inputs.map(showType).join(" and ")
        } along axis ${axis}: other extents and element types must be equal`,
      );
    }
  }
  const extent = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
  return { shape: checkShape(first.shape.with(axis, extent), "concatenate to"), dtype: first.dtype };
}
