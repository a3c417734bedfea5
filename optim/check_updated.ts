/**
 * Whether update rules and transforms return what a training needs. Forms are known while a step is traced, so compiled
 * code has no checks.
 *
 * @module
 */

import { wrongKind } from "../core/options/read.ts";
import { sameShape, showShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { flattenTree, pathsOf } from "../core/tree.ts";
import type { UpdateRule, UpdateState } from "./update_rule.ts";

/** What a rule is applied to. */
export interface RuleInput<P> {
  readonly gradients: P;
  readonly state: UpdateState;
  readonly params: P;
}

/** The result of a rule. */
export interface Updated<P> {
  readonly params: P;
  readonly state: UpdateState;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor);
}

function isCount(value: unknown): value is Tensor {
  return value instanceof Tensor && value.shape.length === 0 && (value.dtype === "i32" || value.dtype === "u32");
}

function isState(value: unknown): value is UpdateState {
  return isRecord(value) && isCount(value.step);
}

const STATE = "{ step, … }, in which step is the number of steps done, an i32 scalar";

/**
 * The state of a rule before the first step.
 *
 * @param action what is tried, for the message: `train "mlp"`
 * @throws {TypeError} if it has no number of steps.
 */
export function beginRule(action: string, rule: UpdateRule, params: unknown): UpdateState {
  const state: unknown = rule.init(params);
  if (isState(state)) return state;
  throw wrongKind(action, `init of the update rule ${rule.name} to return a state ${STATE}`, state);
}

/**
 * Parameters and state after a step of a rule.
 *
 * @param action what is tried, for the message: `train "mlp"`
 * @throws {TypeError} if the parameters have another form, or the state does not count the steps, by which each step
 * finds its batch.
 */
export function applyRule<P>(action: string, rule: UpdateRule, { gradients, state, params }: RuleInput<P>): Updated<P> {
  const updated: unknown = rule.update(gradients, state, params);
  const title = `update of the update rule ${rule.name}`;
  if (!isRecord(updated) || !isState(updated.state)) {
    throw wrongKind(action, `${title} to return { params, state } with a state ${STATE}`, updated);
  }
  checkForm(action, `${title} to return params`, { params: updated.params, expected: params });
  if (updated.state.step !== state.step) return { params: updated.params as P, state: updated.state };
  throw new TypeError(
    `Cannot ${action}: expected ${title} to count the steps, such as by step: state.step.add(1), got the same number again`,
  );
}

/**
 * Throws unless a part of a chain returns its state, and gradients and parameters of their form.
 *
 * @param action what is tried, for the message: `update by chain(signs, sgd)`
 */
export function checkStage(
  action: string,
  changed: unknown,
  { name, expected }: { readonly name: string; readonly expected: unknown },
): void {
  if (!isRecord(changed) || !Object.hasOwn(changed, "state")) {
    throw wrongKind(action, `${name} to return a record such as { gradients, params, state }`, changed);
  }
  for (const field of ["gradients", "params"]) {
    if (!Object.hasOwn(changed, field)) continue;
    checkForm(action, `${name} to return ${field}`, { params: changed[field], expected });
  }
}

/** Throws unless parameters have the form that they had before. */
function checkForm(
  action: string,
  what: string,
  { params, expected }: { readonly params: unknown; readonly expected: unknown },
): void {
  const [wanted, got] = [flattenTree(expected), flattenTree(params)];
  if (wanted.structure !== got.structure) {
    throw wrongKind(action, `${what} of the form of the parameters, ${showForm(expected)}`, params);
  }
  const odd = wanted.leaves.findIndex((leaf, i) =>
    !sameShape(leaf.shape, got.leaves[i].shape) || leaf.dtype !== got.leaves[i].dtype
  );
  if (odd < 0) return;
  const show = ({ dtype, shape }: Tensor): string => `${dtype}${showShape(shape)}`;
  const path = pathsOf(expected)[odd];
  throw new TypeError(
    `Cannot ${action}: expected ${what}${path === "" ? "" : ` with ${path} of`} ${show(wanted.leaves[odd])}, got ${
      show(got.leaves[odd])
    }`,
  );
}

function showForm(tree: unknown): string {
  const paths = pathsOf(tree);
  return paths.length > 4 ? `${paths.slice(0, 4).join(", ")}, …` : paths.join(", ") || "a tensor";
}
