/**
 * Masks of rectified values, taken from the results.
 *
 * The gradient of a rectifier is zero where its operand is not positive, which is where its result is not. If the result
 * is in memory because a product reads it, and nothing else needs the operand, a mask of the result saves writing and
 * keeping the operand.
 *
 * @module
 */

import { isNode, type Node, topological } from "../node.ts";
import { isElementwise, isKind, makeNode, movementBase } from "../ops.ts";
import { withInputs } from "../rewrite.ts";
import { valueOf } from "./constants.ts";
import { replaceNodes } from "./replace.ts";

/** Whether a node is `where(x ≤ 0, 0, x)`. */
function isRectified(node: Node): boolean {
  if (!isNode(node, "where")) return false;
  const [mask, zero, x] = node.inputs;
  return isNode(mask, "le") && mask.inputs[0] === x && valueOf(mask.inputs[1]) === 0 && valueOf(zero) === 0;
}

/** The users of each node. */
function usersOf(order: readonly Node[]): Map<Node, Node[]> {
  const users = new Map<Node, Node[]>(order.map((node) => [node, []]));
  for (const node of order) {
    for (const input of new Set(node.inputs)) users.get(input)!.push(node);
  }
  return users;
}

/** The nodes that products read, apart from movements. */
function readByProducts(order: readonly Node[]): Set<Node> {
  const found = new Set<Node>();
  for (const node of order) {
    if (isKind(node, "contraction")) node.inputs.forEach((input) => found.add(movementBase(input)));
  }
  return found;
}

/** Whether each element of a node is computed from one element of a product that nothing else needs. */
function followsProduct(node: Node, users: ReadonlyMap<Node, readonly Node[]>): boolean {
  let current = node;
  while (!isKind(current, "contraction")) {
    if (!isElementwise(current) && !isNode(current, "reshape") && !isNode(current, "permute")) return false;
    const large = current.inputs.filter((input) => valueOf(input) === undefined && !isNode(input, "expand"));
    if (large.length !== 1 || users.get(large[0])!.length > 1) return false;
    [current] = large;
  }
  return true;
}

/** Returns `roots` with masks of results instead of operands; undefined if there are none. */
export function withRectifiedMasks(roots: readonly Node[]): Node[] | undefined {
  const order = topological(roots);
  const rectified = order.filter(isRectified);
  if (rectified.length === 0) return undefined;
  const [users, read] = [usersOf(order), readByProducts(order)];
  const results = new Map<Node, Node>();
  for (const result of rectified) {
    const [mask, , x] = result.inputs;
    const isUsedOnlyHere = !roots.includes(x) && users.get(x)!.length === 2;
    const isMaskElsewhere = users.get(mask)!.length > 1;
    if (read.has(result) && isUsedOnlyHere && isMaskElsewhere && followsProduct(x, users)) results.set(mask, result);
  }
  if (results.size === 0) return undefined;
  const masks = new Map([...results].map(([mask, result]) => [mask, makeNode("le", [result, mask.inputs[1]], {})]));
  const changed = [...results].flatMap(([mask, result]) => users.get(mask)!.filter((user) => user !== result));
  const replaced = changed.map((user) => {
    const inputs = user.inputs.map((input) => masks.get(input) ?? input);
    return [user, withInputs(user, inputs)] as const;
  });
  return replaceNodes(roots, new Map(replaced));
}
