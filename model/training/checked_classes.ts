/**
 * Targets whose classes are weighed in a step of which only the device knows the numbers: it checks that they are classes,
 * and the next read reports those that are not.
 *
 * @module
 */

import { checkedIndices } from "../../core/functions/checked_indices.ts";
import type { Tensor } from "../../core/tensor.ts";
import { unitsIn } from "./unit_count.ts";

/**
 * The class of each row, i32, as `checkWeighedClasses` takes them: rows of one 1 and otherwise 0, or otherwise -1. Rows
 * with the weight 0 are not checked.
 *
 * @param named the greatest element of each row
 */
export function checkedRows(rows: Tensor, named: Tensor, weights: Tensor): Tensor {
  const classes = unitsIn(rows.shape);
  const sum = rows.sum({ axis: -1 });
  const oneHot = rows.equal(0).or(rows.equal(1)).cast("f32").min({ axis: -1 }).equal(1).and(sum.equal(1));
  const signs = rows.abs().equal(1).cast("f32").min({ axis: -1 }).equal(1).and(sum.equal(2 - classes));
  const index = isUncounted(sum, weights).where(0, oneHot.or(signs).where(named, classes));
  return checkedIndices(index, {
    size: classes,
    action: "weigh a row of targets that names several classes, or none, as class",
    table: "the network",
    entries: "classes",
  });
}

/** The class of each answer, i32: 1 for 1, and 0 for 0 and -1. Answers with the weight 0 are not checked. */
export function checkedAnswers(answers: Tensor, weights: Tensor): Tensor {
  const isNo = answers.equal(0).or(answers.equal(-1)).or(isUncounted(answers, weights));
  return checkedIndices(answers.equal(1).where(1, isNo.where(0, 2)), {
    size: 2,
    action: "weigh a target other than 0 and 1, or -1 and 1, as class",
    table: "an answer",
    entries: "classes",
  });
}

/** Whether entries have the weight 0: as bool of their shape. */
function isUncounted(entries: Tensor, weights: Tensor): Tensor {
  const ones = entries.shape.slice(weights.shape.length).map(() => 1);
  return weights.equal(0).reshape([...weights.shape, ...ones]).broadcastTo(entries.shape);
}
