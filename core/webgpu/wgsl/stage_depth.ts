/**
 * The depth points of the steps in which a tile's values pass through workgroup memory.
 *
 * If the depth has several loops, such as the channels and the window of a convolution, and a step has a whole number
 * of their innermost points, the counters of the outer loops are kept from step to step, and those of the inner ones
 * are the same in each step. Otherwise they are computed from the number of the point, by divisions.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import { countersAt } from "../../nest/row_major.ts";
import { wholeSteps } from "../schedule/steps.ts";
import { stagedSteps, type TileFrame } from "./tile_frame.ts";

/** The depth points of the current step. */
export interface StepDepth {
  /** Writes what the loop over steps needs before it. */
  readonly open: () => void;
  /** Writes what each iteration needs. Its number is `step`. */
  readonly enter: () => void;
  /** Writes the end of each iteration. */
  readonly leave: () => void;
  /** The counters at point `k` of the step, which is one of `width` neighbors; past the end those of the last ones. */
  readonly countersAt: (k: Expression, width: number) => Map<Variable, Expression>;
  /** The condition that point `k` of the step is not past the end; undefined if none is. */
  readonly insideAt: (k: Expression) => Expression | undefined;
}

/** The depth points of the steps of a tile. */
export function stepDepth(frame: TileFrame): StepDepth {
  const { contraction: { depth }, schedule: { staged } } = frame;
  const whole = wholeSteps(depth, staged);
  return whole && depth.length > 1 ? countedSteps(frame, whole) : dividedSteps(frame);
}

/** Steps whose points are counted by one number. */
function dividedSteps({ emitter, table, contraction: { depth }, schedule: { staged } }: TileFrame): StepDepth {
  const total = pointsOf(depth);
  const steps = Math.max(1, stagedSteps(depth, staged) - 1);
  const turn = table.variable("turn", steps);
  const whole = total % staged === 0;
  const pointAt = (k: Expression): Expression => table.affine([[turn, staged], [k, 1]]);
  return {
    open: () => {},
    enter: () => {
      // The iteration after the last step, in which nothing is multiplied, loads its values again.
      emitter.line(`let turn = min(step, ${steps - 1});`);
      emitter.bind(turn, "turn");
    },
    leave: () => {},
    countersAt: (k, width) => {
      const point = pointAt(k);
      if (whole) return countersAt(table, depth, point);
      const ends = table.literal("i32", Math.ceil(total / width) - 1);
      const group = table.apply("min", "i32", [table.quotient(point, width), ends]);
      return countersAt(table, depth, table.affine([[group, width], [table.remainder(point, width), 1]]));
    },
    insideAt: (k) => whole ? undefined : table.apply("lt", "bool", [pointAt(k), table.literal("i32", total)]),
  };
}

/**
 * Steps of which each has the points of all inner loops, `each` times. The iteration after the last step, in which
 * nothing is multiplied, starts again at the first one.
 */
function countedSteps(
  { emitter, table, contraction: { depth } }: TileFrame,
  { cut, each }: { readonly cut: number; readonly each: number },
): StepDepth {
  const inner = depth.slice(cut + 1);
  const turns = depth.slice(0, cut + 1).map(({ extent }, loop) => loop === cut ? extent / each : extent);
  const counted = [...turns.keys()].filter((loop) => turns[loop] > 1);
  const now = turns.map((count) => table.variable("turn", count));
  const counter = (loop: number): string => `turn_${loop}`;
  const advance = (loops: readonly number[]): void => {
    const loop = loops.at(-1);
    if (loop === undefined) return;
    emitter.line(`${counter(loop)}++;`);
    emitter.within(`if (${counter(loop)} == ${turns[loop]})`, () => {
      emitter.line(`${counter(loop)} = 0;`);
      advance(loops.slice(0, -1));
    });
  };
  return {
    open: () => counted.forEach((loop) => emitter.line(`var ${counter(loop)} = 0;`)),
    enter: () => counted.forEach((loop) => emitter.bind(now[loop], counter(loop))),
    leave: () => advance(counted),
    countersAt: (k) => {
      const turn = (loop: number): Expression => turns[loop] > 1 ? now[loop] : table.literal("i32", 0);
      const [number, point] = [table.quotient(k, pointsOf(inner)), table.remainder(k, pointsOf(inner))];
      const counters = countersAt(table, inner, point);
      for (let loop = 0; loop < cut; loop++) counters.set(depth[loop], turn(loop));
      return counters.set(depth[cut], table.affine([[turn(cut), each], [number, 1]]));
    },
    insideAt: () => undefined,
  };
}
