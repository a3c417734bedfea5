/**
 * Steps over the depth of a contraction whose points have the same place in the inner loops in each step.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";

/** How steps cut the loops over depth. */
export interface WholeSteps {
  /** The loop that is cut; a step has all points of those inside it. */
  readonly cut: number;
  /** The points of this loop that a step has, a divisor of its extent. */
  readonly each: number;
}

/** How steps of `points` points cut the loops, if all steps are alike. */
export function wholeSteps(depth: readonly Variable[], points: number): WholeSteps | undefined {
  for (let cut = depth.length - 1; cut >= 0; cut--) {
    const inner = pointsOf(depth.slice(cut + 1));
    const each = points / inner;
    const { extent } = depth[cut];
    if (Number.isInteger(each) && each > 0 && each <= extent && extent % each === 0) return { cut, each };
  }
  return undefined;
}
