/**
 * Constants as nodes.
 *
 * @module
 */

import { type DType, roundTo } from "./dtype.ts";
import { checkDtype, elementKind } from "./options/kinds.ts";
import { checkArguments } from "./options/read.ts";
import type { Shape } from "./shape.ts";
import type { Node } from "./graph/node.ts";
import { makeNode } from "./graph/ops.ts";

/**
 * A node of this shape whose elements are all one number.
 *
 * @throws {RangeError} for a number that the element type cannot hold.
 */
export function constantNode(shape: Shape, value: number, dtype: DType): Node {
  checkDtype("make a tensor of one number", dtype);
  checkArguments("make a tensor of one number", { value }, elementKind(dtype));
  return makeNode("constant", [], { shape, dtype, value: roundTo(dtype, value) });
}
