/**
 * The product of all other elements, for each element: the gradient of a product.
 *
 * @module
 */

import { sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/**
 * The product of all other elements along `axes`, in the shape of `x`. It is computed by multiplications alone, because
 * the whole product divided by an element is wrong if one of them is 0, infinite or NaN, or if the product overflows.
 */
export function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const order = [...x.shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
  const last = x.transpose(order); // [kept axes, axes]
  const kept = order.length - axes.length;
  const element = sizeOf(last.shape.slice(kept));
  const others = alongLast(last.reshape([...last.shape.slice(0, kept), element])); // [kept axes, element]
  return others.reshape(last.shape).transpose(order.map((_, axis) => order.indexOf(axis)));
}

/** Products of more pairs are kept in memory: a kernel that computed all of them for each element would be too long. */
const MOST_TOGETHER = 16;

/** Elements are multiplied in pairs. The others of an element are its neighbor and the others of the pair. */
function alongLast(x: Tensor): Tensor {
  const [rows, count] = [x.shape.slice(0, -1), x.shape.at(-1)!];
  if (count < 2) return x.onesLike();
  const even = count % 2 === 0 ? x : x.pad([...rows.map((): [number, number] => [0, 0]), [0, 1]], 1);
  const pairs = even.reshape([...rows, Math.ceil(count / 2), 2]);
  const [first, second] = [0, 1].map((which) => elementOf(pairs, which));
  const products = count > MOST_TOGETHER ? pairs.prod({ axis: -1 }) : first.mul(second); // [rows, pair]
  const otherPairs = alongLast(products).expandDims(-1); // [rows, pair, 1]
  const others = pairs.flip(-1).mul(otherPairs).reshape(even.shape);
  return even === x ? others : others.slice(x.shape.map(() => 0), x.shape);
}

/** The first or second element of each pair. */
function elementOf(pairs: Tensor, which: number): Tensor {
  const shape = pairs.shape.slice(0, -1);
  return pairs.slice([...shape.map(() => 0), which], [...shape, which + 1]).reshape(shape);
}
