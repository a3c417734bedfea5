/**
 * Masks: rules and transforms that concern some of the parameters.
 *
 * @module
 */

import { nearestName } from "../core/nearest.ts";
import { functionKind, textKind } from "../core/options/kinds.ts";
import { checkArguments, wrongKind } from "../core/options/read.ts";
import { showValue } from "../core/options/show.ts";
import { flattenTree, leavesOf, pathsOf } from "../core/tree.ts";
import { describeMask, describePart } from "./description.ts";
import { configurationOf, isRule, isTransform } from "./rule_kinds.ts";
import type { UpdateRule } from "./update_rule.ts";
import type { PartConfiguration, UpdateTransform } from "./update_transform.ts";

/** Whether a parameter is selected, by its path: the name of its layer, a slash, and its own name, `Dense 1/W`. */
export interface Mask {
  (path: string): boolean;
  /** The patterns that it was made of, for messages and for files. */
  readonly patterns?: readonly string[];
}

/** The pattern as a regular expression; `*` stands for any text. */
function expressionOf(pattern: string): RegExp {
  const literal = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "s");
}

/**
 * The mask of the parameters whose layer has one of these names, or whose path is one of these paths. `*` stands for any
 * text: `"Dense*"` selects all parameters of all layers whose names start so, and `"*" + "/b"` all biases.
 *
 * @example
 * ```ts
 * import { parametersOf } from "@yadll/yadll/optim";
 * import { assertEquals } from "@std/assert";
 *
 * const mask = parametersOf("Dense*", "Output/b");
 * assertEquals(["Dense 1/W", "Output/W", "Output/b"].map(mask), [true, false, true]);
 * ```
 */
export function parametersOf(...patterns: readonly string[]): Mask {
  patterns.forEach((pattern, i) => checkArguments("select parameters", { [`pattern ${i}`]: pattern }, textKind));
  const expressions = patterns.map((pattern) => ({ isPath: pattern.includes("/"), test: expressionOf(pattern) }));
  const mask = (path: string): boolean => {
    const [layer] = path.split("/", 1);
    return expressions.some(({ isPath, test }) => test.test(isPath ? path : layer));
  };
  return Object.assign(mask, { patterns });
}

/**
 * Whether a mask selects a parameter.
 *
 * @throws {TypeError} if it returns something other than a boolean, such as a match or a promise.
 */
export function selects(mask: Mask, path: string): boolean {
  const selected: unknown = mask(path);
  if (typeof selected === "boolean") return selected;
  throw new TypeError(
    `Cannot select parameters: expected the mask to return true or false for ${path}, got ${showValue(selected)}`,
  );
}

/**
 * The tensors of a tree that a mask selects.
 *
 * @throws {RangeError} if it selects none, so that a misspelled name does not go unnoticed.
 */
export function selection(mask: Mask, tree: unknown): boolean[] {
  const paths = pathsOf(tree);
  const selected = paths.map((path) => selects(mask, path));
  const unused = mask.patterns?.find((pattern) => !paths.some(parametersOf(pattern)));
  if (unused === undefined && selected.includes(true)) return selected;
  const layers = [...new Set(paths.map((path) => path.split("/", 1)[0]))];
  const near = unused && nearestName(unused, unused.includes("/") ? paths : layers);
  throw new RangeError(
    `Cannot select parameters${unused === undefined ? "" : ` by ${JSON.stringify(unused)}`}: expected some of ${
      paths.join(", ") || "no parameters"
    }, got none${near ? `; did you mean ${JSON.stringify(near)}?` : ""}`,
  );
}

/** A tree of the same form that has null for the tensors that are not selected. */
export function pick<T>(tree: T, selected: readonly boolean[]): T {
  const { leaves, rebuild } = flattenTree(tree);
  return rebuild(leaves.map((leaf, i) => selected[i] ? leaf : null)) as T;
}

/** A tree whose selected tensors are replaced by those of another, which holds only these. */
export function merge<T>(tree: T, part: unknown, selected: readonly boolean[]): T {
  const { leaves, rebuild } = flattenTree(tree);
  const replacements = leavesOf(part);
  let next = 0;
  return rebuild(leaves.map((leaf, i) => selected[i] ? replacements[next++] : leaf)) as T;
}

/**
 * A rule, or a transform, that concerns only the parameters that a mask selects. The other parameters are left as they
 * are, and the rule keeps no state for them.
 *
 * @throws {RangeError} at `init`, if the mask selects no parameter.
 *
 * @example
 * ```ts
 * import { masked, parametersOf, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { body: { W: tensor([1]) }, head: { W: tensor([1]) } };
 * const rule = masked(parametersOf("head"), sgd({ learningRate: 1 }));
 * const { params: after } = rule.update(params, rule.init(params), params);
 * assertEquals([await after.body.W.item(), await after.head.W.item()], [1, 0]);
 * ```
 */
export function masked(mask: Mask, part: UpdateRule): UpdateRule;
/**
 * A transform that concerns only the parameters that a mask selects.
 *
 * @throws {RangeError} at `init`, if the mask selects no parameter.
 *
 * @example
 * ```ts
 * import { chain, masked, parametersOf, sgd, weightDecay } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { head: { W: tensor([8]), b: tensor([8]) } };
 * const rule = chain(sgd({ learningRate: 0.5 }), masked(parametersOf("*" + "/W"), weightDecay(0.25)));
 * const nothing = { head: { W: tensor([0]), b: tensor([0]) } };
 * const { params: after } = rule.update(nothing, rule.init(params), params);
 * assertEquals([await after.head.W.item(), await after.head.b.item()], [7, 8]);
 * ```
 */
export function masked(mask: Mask, part: UpdateTransform): UpdateTransform;
export function masked(mask: Mask, part: UpdateRule | UpdateTransform): UpdateRule | UpdateTransform {
  checkArguments("mask", { mask }, functionKind);
  if (isRule(part)) return maskedRule(mask, part);
  if (isTransform(part)) return maskedTransform(mask, part);
  throw wrongKind("mask", "an update rule or a transform", part);
}

/** What files contain of a masked part, if the mask and the part are plain data. */
function maskedConfiguration({ patterns }: Mask, part: UpdateRule | UpdateTransform): PartConfiguration | undefined {
  const configuration = configurationOf(part);
  return patterns && configuration && ["masked", { patterns, part: configuration }];
}

function maskedDescription(mask: Mask, part: UpdateRule | UpdateTransform): PartConfiguration {
  return ["masked", { mask: describeMask(mask), part: describePart(part) }];
}

function maskedRule(mask: Mask, rule: UpdateRule): UpdateRule {
  const { withLearningRate, averaged, changes } = rule;
  return {
    name: `masked ${rule.name}`,
    configuration: maskedConfiguration(mask, rule),
    description: maskedDescription(mask, rule),
    learningRate: rule.learningRate,
    withLearningRate: withLearningRate && ((rate) => maskedRule(mask, withLearningRate(rate))),
    accumulates: rule.accumulates,
    firstUpdate: rule.firstUpdate,
    changes: (path) => selects(mask, path) && (changes?.(path) ?? true),
    init: (params) => rule.init(pick(params, selection(mask, params))),
    update: (gradients, state, params) => {
      const selected = selection(mask, params);
      const after = rule.update(pick(gradients, selected), state, pick(params, selected));
      return { params: merge(params, after.params, selected), state: after.state };
    },
    averaged: averaged && ((state, params) => {
      const selected = selection(mask, params);
      return merge(params, averaged(state, pick(params, selected)), selected);
    }),
  };
}

function maskedTransform(mask: Mask, transform: UpdateTransform): UpdateTransform {
  const { averaged } = transform;
  return {
    name: `masked ${transform.name}`,
    configuration: maskedConfiguration(mask, transform),
    description: maskedDescription(mask, transform),
    init: (params) => transform.init(pick(params, selection(mask, params))),
    apply: ({ gradients, params }, state, { before, ...context }) => {
      const selected = selection(mask, params);
      const part = { gradients: pick(gradients, selected), params: pick(params, selected) };
      const after = transform.apply(part, state, { ...context, before: pick(before, selected) });
      return {
        gradients: merge(gradients, after.gradients, selected),
        params: merge(params, after.params, selected),
        state: after.state,
      };
    },
    averaged: averaged && ((state, params) => {
      const selected = selection(mask, params);
      return merge(params, averaged(state, pick(params, selected)), selected);
    }),
  };
}
