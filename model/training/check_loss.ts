/**
 * Whether a loss of your own returns a result.
 *
 * @module
 */

import { tensorKind } from "../../core/options/kinds.ts";
import { refuseOtherNames } from "../../core/options/other_names.ts";
import { wrongKind } from "../../core/options/read.ts";
import { isPlainRecord, isRecord } from "../files/json.ts";
import type { LossResult } from "./loss.ts";

/**
 * Refuses what a loss of your own may return instead of a result.
 *
 * @param action what is tried, for the message: `train "mlp"`
 * @throws {TypeError} if a part is of another kind.
 * @throws {RangeError} if it has other parts, or figures of the step's own names.
 */
export function checkLoss(action: string, result: unknown): void {
  if (!isRecord(result) || !tensorKind.accepts(result.cost)) {
    throw wrongKind(action, "the loss to return a record such as { cost }, with a tensor [example]", result);
  }
  refuseOtherNames(action, result, {
    what: "what the loss returns",
    names: ["cost", "divisor", "state", "figures"] satisfies (keyof LossResult)[],
  });
  const { divisor, state, figures } = result;
  if (divisor !== undefined && !(tensorKind.accepts(divisor) && divisor.shape.length === 0)) {
    throw wrongKind(action, "divisor of the loss to be a scalar tensor", divisor);
  }
  if (state !== undefined && !isPlainRecord(state)) {
    throw wrongKind(action, "state of the loss to be the state of the layers", state);
  }
  if (figures !== undefined) checkFigures(action, figures);
}

function checkFigures(action: string, figures: unknown): void {
  if (!isPlainRecord(figures) || !Object.values(figures).every(tensorKind.accepts)) {
    throw wrongKind(action, "figures of the loss as a record of tensors", figures);
  }
  const taken = ["loss", "penalty"].find((name) => Object.hasOwn(figures, name));
  if (taken === undefined) return;
  throw new RangeError(`Cannot ${action}: expected figures of other names than ${taken}, which is the step's own`);
}
