/**
 * Recipes of what programs often contain: softmax, pooling, neighbors, loops over rows.
 *
 * @module
 */

import { averagePool2d, maxPool2d } from "../../../../core/functions/pooling.ts";
import { concatenate } from "../../../../core/functions/movement.ts";
import { expm1, log1p } from "../../../../core/functions/near_zero.ts";
import { logSoftmax, logSumExp, softmax } from "../../../../core/functions/reduction.ts";
import { gatherNearest, oneHot } from "../../../../core/functions/selection.ts";
import { sizeOf } from "../../../../core/shape.ts";
import type { Tensor } from "../../../../core/tensor.ts";
import { checkpoint } from "../../../../core/gradients.ts";
import { scan } from "../../../../core/scan.ts";
import type { Draft } from "../draft.ts";
import type { Recipe } from "./recipe.ts";

/** Numbers with at least one axis and one element, and one of the axes. */
interface Along {
  readonly x: Tensor;
  readonly axis: number;
  readonly d: Draft;
}

const along = (idiom: (given: Along) => Tensor | undefined): Recipe => (d) => {
  const x = d.withElements(d.withAxis(d.float()));
  return idiom({ x, axis: d.axis(x.shape), d });
};

const matrix = (x: Tensor): Tensor => x.reshape(x.shape.length === 0 ? [1, 1] : [-1, x.shape.at(-1)!]);

const neighbors = along(({ x, axis }) => {
  const padded = x.pad(x.shape.map((_, i) => i === axis ? [1, 1] : [0, 0]));
  const from = (k: number): Tensor =>
    padded.slice(x.shape.map((_, i) => i === axis ? k : 0), x.shape.map((e, i) => i === axis ? e + k : e));
  return from(0).add(from(2)).mul(0.5);
});

const roll = along(({ x, axis }) => {
  const at = (k: number): number[] => x.shape.map((_, i) => i === axis ? k : 0);
  return concatenate([x.slice(at(1)), x.slice(at(0), x.shape.map((e, i) => i === axis ? Math.min(1, e) : e))], axis);
});

const pooled = along(({ x, d }) => {
  if (sizeOf(x.shape) > 300) return undefined;
  const image = matrix(x).expandDims(0).expandDims(0);
  const window = [
    1 + d.choose.below(Math.min(3, image.shape[2])),
    1 + d.choose.below(Math.min(2, image.shape[3])),
  ] as const;
  return d.choose.once(2) ? maxPool2d(image, { window, strides: [1, 1] }) : averagePool2d(image, { window });
});

const running = along(({ x, d }) => {
  const weight = d.smaller(d.float(), 2).mean();
  const body = (total: Tensor, row: Tensor): [Tensor, Tensor] => [total.mul(weight).add(row).tanh(), total];
  const [last, rows] = scan(body, x.sum({ axis: 0 }), x, { reverse: d.choose.once(2) });
  return d.choose.once(2) ? rows : rows.add(last);
});

const runningTwice = along(({ x, d }) => {
  const inner = (c: Tensor): [Tensor, null] => [c.mul(0.5).sin(), null];
  const length = d.choose.below(4);
  const body = (total: Tensor, row: Tensor): [Tensor, Tensor] => {
    const [next] = scan(inner, total.add(row), null, { length });
    return [next, checkpoint((x: Tensor) => x.tanh().square())(next)];
  };
  return scan(body, x.sum({ axis: 0 }), x)[1];
});

const recomputedRunning = along(({ x, d }) => {
  if (!x.node.traced) return undefined;
  const reverse = d.choose.once(2);
  const body = (total: Tensor, row: Tensor): [Tensor, Tensor] => [total.mul(0.3).add(row.sin()), total.cos()];
  const [last, rows] = checkpoint((x: Tensor) => scan(body, x.sum({ axis: 0 }), x, { reverse }))(x);
  return rows.mul(last);
});

const attention = along(({ x }) => {
  const rows = matrix(x).sin();
  return softmax(rows.matmul(rows.transpose()).mul(0.5)).matmul(rows);
});

const addRows = along(({ x, d }) => {
  const places = x.indexAlong(0).reshape([-1]).slice([0], [4]).mul(d.choose.below(3));
  const rows = x.sum({ axis: 0, keepDims: true }).broadcastTo([places.shape[0], ...x.shape.slice(1)]);
  return x.apply("scatterAdd", [places, rows.mul(0.25)], { axis: 0 });
});

/** A reduction or a product, read at two different indices at once. */
const twoIndices = along(({ x, axis, d }) => {
  const other = d.axis(x.shape);
  const made = d.choose.of([
    () => x,
    () => x.square().sum({ axis, keepDims: true }).mul(x),
    () => x.sum({ axis }).tanh(),
    () => matrix(x).sin().matmul(matrix(x).transpose()),
  ])();
  if (made.shape.length === 0) return undefined;
  const square = made.shape.length === 2 && made.shape[0] === made.shape[1];
  return made.sub(square ? made.transpose() : made.flip(Math.min(other, made.shape.length - 1)).mul(2));
});

/** What programs often contain, by name. */
export const idioms: Readonly<Record<string, Recipe>> = {
  mean: along(({ x, axis }) => x.mean({ axis, keepDims: true })),
  centered: along(({ x, axis }) => x.sub(x.mean({ axis, keepDims: true }))),
  variance: along(({ x, axis }) => x.variance({ axis, keepDims: true })),
  standardized: along(({ x, axis }) =>
    x.sub(x.mean({ axis, keepDims: true })).div(x.variance({ axis, keepDims: true }).add(0.5).sqrt())
  ),
  twoIndices,
  softmax: along(({ x, axis }) => softmax(x, axis)),
  logSoftmax: along(({ x, axis }) => logSoftmax(x, axis)),
  logSumExp: along(({ x, axis }) => logSumExp(x, { axis })),
  linear: along(({ x, d }) => matrix(x).matmul(matrix(d.like(x)).transpose()).add(d.choose.below(2)).tanh()),
  attention,
  nearZero: (d) => d.choose.once(2) ? expm1(d.float().tanh()) : log1p(d.float().tanh().square()),
  chosenByPlace: along(({ x, axis, d }) => x.indexAlong(axis).less(2).where(x, d.like(x))),
  threshold: (d) => {
    const x = d.exact();
    return x.less(0).where(x.mul(2), x.square());
  },
  join: along(({ x, axis }) => sizeOf(x.shape) > 300 ? undefined : concatenate([x, x.mul(2), x.flip()], axis)),
  pickedRows: along(({ x, d }) => {
    const count = 3 + d.choose.below(4);
    return gatherNearest(x, x.indexAlong(0).reshape([-1]).slice([0], [count]).mul(d.choose.below(3)).sub(1));
  }),
  addRows,
  oneHot: (d) => oneHot(d.exact().floor().cast("i32").mod(3).add(2), 5).mul(0.5),
  neighbors,
  roll,
  pooled,
  running,
  runningTwice,
  recomputedRunning,
};
