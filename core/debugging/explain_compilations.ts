/**
 * Why a function was compiled again.
 *
 * @module
 */

import { compilationsOf } from "../jit.ts";
import { type ArgumentForm, differences, type FormDifference, readForm } from "./argument_forms.ts";

/** The most differences that are listed; after a change of the whole structure there may be hundreds. */
const MOST_LISTED = 3;

/** A compilation with its form. */
interface Compiled {
  readonly device: string;
  readonly form: ArgumentForm;
}

/**
 * Says why a compiled function was compiled each time, in order: which part of the arguments has another shape, element
 * type or constant than in the most similar earlier version. The texts are made by this call; a function only keeps the
 * last 100 forms for which it was compiled.
 *
 * @throws {TypeError} if `fn` was not made by `jit`.
 *
 * @example
 * ```ts
 * import { explainCompilations, jit, ones, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const scale = jit((x: Tensor, { by }: { by: number }) => x.mul(by));
 * scale(ones([3]), { by: 2 });
 * scale(ones([5]), { by: 2 });
 * scale(ones([5]), { by: 4 });
 * assertEquals(explainCompilations(scale), [
 *   "1: the first call",
 *   "2: argument 0 is f32[5], not f32[3]",
 *   "3: argument 1.by is 4, not 2; a number that changes should be passed as a tensor",
 * ]);
 * ```
 */
export function explainCompilations<A extends unknown[], R>(fn: (...args: A) => R): string[] {
  const known: Compiled[] = [];
  return compilationsOf(fn).map(({ number, device, signature }) => {
    const now = { device, form: readForm(signature) };
    const reason = number === 1 ? "the first call" : reasonFor(now, known);
    known.push(now);
    return `${number}: ${reason}`;
  });
}

function reasonFor(now: Compiled, known: readonly Compiled[]): string {
  const nearest = nearestOf(now, known);
  if (!nearest) return "the versions before are not remembered";
  const { device, found } = nearest;
  const reasons = found.slice(0, MOST_LISTED).map(showDifference);
  if (found.length > MOST_LISTED) reasons.push(`${found.length - MOST_LISTED} other parts differ`);
  if (device !== now.device) reasons.unshift(`the device is ${now.device}, not ${device}`);
  if (reasons.length === 0) return "the version for such arguments had been freed";
  const advice = found.some(isNumber) ? "; a number that changes should be passed as a tensor" : "";
  return reasons.join(", ") + advice;
}

/** The known version with the fewest differences; of several, the latest. */
function nearestOf({ device, form }: Compiled, known: readonly Compiled[]) {
  const all = known.map((one) => {
    const found = differences(one.form, form);
    return { device: one.device, found, distance: found.length + (one.device === device ? 0 : 1) };
  });
  return all.toReversed().toSorted((a, b) => a.distance - b.distance).at(0);
}

function showDifference({ path, before, now }: FormDifference): string {
  return `argument ${path} is ${now}, not ${before}`;
}

function isNumber({ before, now }: FormDifference): boolean {
  return [before, now].every((text) => text !== "" && !text.startsWith('"') && !Number.isNaN(Number(text)));
}
