/**
 * Loops, as recurrent layers have them, and functions that are computed again for their gradients.
 *
 * @module
 */

import { matmul } from "../../core/functions/matmul.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkpoint } from "../../core/gradients.ts";
import { scan } from "../../core/scan.ts";
import type { Computation } from "../oracle.ts";
import { calls, donating, f32, type Idiom } from "./calls.ts";

const lstm = (x: Tensor, w: Tensor, u: Tensor, b: Tensor): Tensor[] => {
  const units = u.shape[0];
  const zero = x.zerosLike().slice([0], [1]).sum({ axis: [0, 2] }).expandDims(1).broadcastTo([x.shape[1], units]);
  const part = (gates: Tensor, i: number): Tensor => gates.slice([0, i * units], [gates.shape[0], (i + 1) * units]);
  const [[h, c], hs] = scan(
    ([h, c]: Tensor[], input: Tensor): [Tensor[], Tensor] => {
      const gates = matmul(input, w).add(matmul(h, u)).add(b);
      const next = part(gates, 0).sigmoid().mul(c).add(part(gates, 1).sigmoid().mul(part(gates, 2).tanh()));
      const out = part(gates, 3).sigmoid().mul(next.tanh());
      return [[out, next], out];
    },
    [zero, zero],
    x,
  );
  return [h, c, hs];
};

/** The loops by name. */
export const loops: Readonly<Record<string, Idiom>> = {
  "loops": calls(
    (x) => {
      const [last, all] = scan(
        (c: Tensor, one: Tensor): [Tensor, Tensor] => [c.add(one).tanh(), c],
        x.sum({ axis: 0 }),
        x,
      );
      return [last, all];
    },
    [f32(1, 5)],
    [f32(28, 50)],
    [f32(7, 4096)],
  ),
  "sums over the iterations of loops": calls(
    (x, w, b) => {
      const start = x.sum({ axis: 0 });
      const step = (c: Tensor, one: Tensor): [Tensor, Tensor] => {
        const next = matmul(c, w).add(matmul(one.tanh().mul(c), w)).sub(b.mul(c)).add(b.reshape([1, -1])).tanh();
        return [next, next.mul(b.sum())];
      };
      return scan(step, start, x);
    },
    [f32(7, 3, 5), f32(5, 5), f32(5)],
    [f32(1, 2, 4), f32(4, 4), f32(4)],
  ),
  "sums of recomputed values over the iterations of loops": calls(
    (x, w, b) => {
      const cell = checkpoint((c: Tensor, one: Tensor, w: Tensor, b: Tensor) =>
        matmul(c, w).sub(b).add(matmul(one, w.transpose())).mul(b.reshape([1, -1])).tanh()
      );
      return scan(
        (c: Tensor, one: Tensor): [Tensor, Tensor] => [cell(c, one, w, b), c.sub(b.flip())],
        x.sum({ axis: 0 }),
        x,
      );
    },
    [f32(7, 3, 5), f32(5, 5), f32(5)],
    [f32(2, 1, 4), f32(4, 4), f32(4)],
  ),
  "results that are read again": donating(
    (x, y) => {
      const powers = x.exp();
      return [powers, x.div(powers.sum({ axis: 1, keepDims: true })), y.sub(y.max({ axis: 1, keepDims: true }))];
    },
    f32(9, 33),
    f32(9, 33),
  ),
  "loops from the end, and loops in loops": calls(
    (x, w) => {
      const inner = (c: Tensor, row: Tensor): [Tensor, null] => [c.mul(w).add(row).sigmoid(), null];
      const outer = (c: Tensor, rows: Tensor): [Tensor, Tensor] => {
        const [last] = scan(inner, c, rows, { reverse: true });
        return [last, last.sub(c)];
      };
      return scan(outer, x.sum({ axis: [0, 1] }), x, { reverse: true });
    },
    [f32(3, 4, 5), f32(5)],
  ),
  "recurrent layers": calls(
    lstm as Computation,
    [f32(28, 50, 28), f32(28, 400), f32(100, 400), f32(400)],
    [f32(3, 2, 5), f32(5, 12), f32(3, 12), f32(12)],
  ),
  "checkpoints": calls(
    (x, w) => checkpoint((a: Tensor, b: Tensor) => matmul(a, b).tanh().exp().mul(a))(x, w),
    [f32(64, 64), f32(64, 64)],
  ),
};
