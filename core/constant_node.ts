/**
 * Constants as nodes.
 *
 * @module
 */

import { type DType, roundTo } from "./dtype.ts";
import { checkDtype, numberKind } from "./options/kinds.ts";
import { checkArguments } from "./options/read.ts";
import type { Shape } from "./shape.ts";
import type { Node } from "./graph/node.ts";
import { makeNode } from "./graph/ops.ts";

/** A node of this shape whose elements are all one number. */
export function constantNode(shape: Shape, value: number, dtype: DType): Node {
  checkArguments("make a tensor of one number", { value }, numberKind);
  checkDtype("make a tensor of one number", dtype);
  return makeNode("constant", [], { shape, dtype, value: roundTo(dtype, value) });
}
