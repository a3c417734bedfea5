/**
 * Predictions as decisions: classes, or yes and no.
 *
 * @module
 */

import { showShape } from "../../core/shape.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { firstGreatest } from "../first_greatest.ts";
import { alike, areClasses, checkedClasses, isClass } from "../targets.ts";
import type { Shaped } from "./metric.ts";

/** The threshold of decisions about probabilities. */
export const HALF = 0.5;

/** Predictions and targets of questions or of classes, in a known form. */
export interface DecisionForm {
  /** Whether each column is a question of its own, decided by a threshold; otherwise the columns are classes. */
  readonly questions: boolean;
  /** The number of columns. */
  readonly columns: number;
  /** All axes but that of the columns. */
  readonly rows: Shape;
}

/** Decisions and targets, bool of [row…, column]. */
export interface Decisions {
  /** What was predicted; without any in rows that contain NaN. */
  readonly predicted: Tensor;
  /** What is true. */
  readonly actual: Tensor;
}

/**
 * The form of predictions and targets. A single column, or a threshold, means questions; otherwise columns are classes.
 *
 * @throws {TypeError} if the shapes do not match.
 */
export function decisionForm(
  name: string,
  { prediction, target }: { readonly prediction: Shaped; readonly target: Shaped },
  threshold: number | undefined,
): DecisionForm {
  const [p, t] = [prediction.shape, target.shape];
  const questions = threshold !== undefined || p.length === 1 || p.at(-1) === 1;
  const [rows, columns] = p.length === 1 ? [p, 1] : [p.slice(0, -1), p.at(-1) ?? 1];
  const fits = sameExtents(p, t) || (!questions || columns === 1) && sameExtents(rows, t) ||
    p.length === 1 && sameExtents([...p, 1], t);
  if (fits && p.length > 0) return { questions, columns, rows };
  throw new TypeError(
    `Cannot compute ${name} of predictions ${showShape(p)} and targets ${showShape(t)}: expected ` +
      (questions || p.length < 2
        ? "targets of the shape of the predictions"
        : `class numbers of ${showShape(rows)}, or rows of ${showShape(p)}`),
  );
}

function sameExtents(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, i) => extent === b[i] || i === 0);
}

/** The decisions about a batch. */
export function decide(
  name: string,
  { prediction, target }: { readonly prediction: Tensor; readonly target: Tensor },
  threshold: number | undefined,
): Decisions & DecisionForm {
  const form = decisionForm(name, { prediction, target }, threshold);
  if (form.questions) {
    const [p, t] = alike(name, prediction, target);
    return { ...form, predicted: p.greaterEqual(threshold ?? HALF), actual: t.greaterEqual(HALF) };
  }
  const chosen = firstGreatest(prediction, { ofNaN: form.columns });
  return { ...form, predicted: isClass(prediction, chosen), actual: isTrue(prediction, target) };
}

/** Which class of each row is the true one, as bool of the shape of the predictions. */
export function isTrue(prediction: Tensor, target: Tensor): Tensor {
  if (areClasses(prediction, target)) return isClass(prediction, checkedClasses(prediction, target));
  return isClass(prediction, firstGreatest(target, { ofNaN: prediction.shape.at(-1) ?? 1 }));
}
