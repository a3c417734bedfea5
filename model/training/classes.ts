/**
 * Whether targets are classes.
 *
 * @module
 */

import type { TargetSet } from "../../data/tensor_set.ts";
import { sameShape } from "../../core/shape.ts";
import type { Network } from "../network.ts";
import { kindOfRows } from "./row_kinds.ts";
import { findTarget, type FoundTarget, otherThanWhole } from "./target_scan.ts";
import { unitsIn } from "./unit_count.ts";

/** What the targets of a set are. */
export interface TargetClasses {
  /**
   * Whether targets are classes, and the outputs of the network have classes. Rows of shares that do not sum to 1 are
   * `possible` classes: they may name several, or none, and are taken as one class only if the objective says so.
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
  const units = unitsIn(outputShape);
  if (units < 2) return none;
  const { dtype, shape } = set.rows.y;
  const inner = outputShape.slice(1).map((extent, i) => extent ?? shape[i + 1]);
  if (sameShape(inner.slice(0, -1), shape.slice(1))) {
    // Targets of whole numbers need not be read.
    const odd = dtype === "i32" ? undefined : findTarget(set, otherThanWhole);
    return odd ? { ...none, odd } : { found: "yes", certain: true };
  }
  return sameShape(inner, shape.slice(1)) ? readRows(set, units) : none;
}

function readRows(set: TargetSet, units: number): TargetClasses {
  const { kind, odd } = kindOfRows(set, units);
  if (kind === "numbers") return { ...none, odd };
  return { found: kind === "shares" ? "possible" : "yes", certain: kind === "class" };
}

/** Whether the targets of a set are classes, and the outputs of a network have classes. */
export function classesIn(set: TargetSet, network: Network): TargetClasses["found"] {
  return readClasses(set, network).found;
}
