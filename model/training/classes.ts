/**
 * Whether targets are classes.
 *
 * @module
 */

import { valuesOf } from "../../layers/output_values.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import { sameShape } from "../../core/shape.ts";
import type { Network } from "../network.ts";
import { findTarget, type FoundTarget, kindOfRows, otherThanWhole } from "./target_scan.ts";

/** What the targets of a set are. */
export interface TargetClasses {
  /**
   * Whether targets are classes, and the outputs of the network have classes. Shares that do not sum up to 1 are
   * `possible` classes: they are taken as such only if a function or a softmax says so.
   */
  readonly found: "yes" | "possible" | "no";
  /** Whether they are nothing but classes: class numbers in an `Int32Array`, or rows with one 1. */
  readonly certain: boolean;
  /** The first target that is no class, although its shape is that of classes. */
  readonly odd?: FoundTarget | undefined;
}

const none: TargetClasses = { found: "no", certain: false };

/** Reads all targets of a set, and says whether they are classes. */
export function readClasses(set: TargetSet, network: Network): TargetClasses {
  const { outputShape } = network;
  const units = outputShape.at(-1) ?? 1;
  if (units < 2) return none;
  const { dtype, shape } = set.rows.y;
  if (dtype === "i32" && shape.length === 1) return outputShape.length === 2 ? { found: "yes", certain: true } : none;
  const inner = outputShape.slice(1).map((extent, i) => extent ?? shape[i + 1] ?? 0);
  if (sameShape(inner.slice(0, -1), shape.slice(1))) {
    const odd = findTarget(set, otherThanWhole);
    return odd ? { ...none, odd } : { found: "yes", certain: true };
  }
  return sameShape(inner, shape.slice(1)) ? readRows(set, network, units) : none;
}

function readRows(set: TargetSet, network: Network, units: number): TargetClasses {
  const { kind, odd } = kindOfRows(set, units);
  if (kind === "numbers") return { ...none, odd };
  const isFound = kind !== "shares" || valuesOf(network.outputLayer) === "softmax";
  return { found: isFound ? "yes" : "possible", certain: kind === "class" };
}

/** Whether the targets of a set are classes, and the outputs of a network have classes. */
export function classesIn(set: TargetSet, network: Network): TargetClasses["found"] {
  return readClasses(set, network).found;
}
