/**
 * Whether targets are classes.
 *
 * @module
 */

import { featuresOf } from "../../data/samples.ts";
import { rowArray } from "../../data/rows.ts";
import type { TensorSet } from "../../data/tensor_set.ts";
import { sameShape } from "../../core/shape.ts";
import type { Network } from "../network.ts";

/** Examples whose targets are read to find out. */
const FEW = 256;

/** How far the sum of probabilities may be from 1. */
const TOLERANCE = 1e-3;

/**
 * Whether the targets of a set are classes, and the outputs of a network have classes. Shares that do not sum up to 1 are
 * `possible` classes: they are taken as such only if a function or a softmax says so.
 */
export function classesIn(set: TensorSet, network: Network): "yes" | "possible" | "no" {
  const { outputShape, hasLogits } = network;
  const units = outputShape.at(-1) ?? 1;
  if (units < 2) return "no";
  const { dtype, shape } = set.rows.y;
  if (dtype === "i32" && shape.length === 1) return outputShape.length === 2 ? "yes" : "no";
  const inner = outputShape.slice(1).map((extent, i) => extent ?? shape[i + 1] ?? 0);
  const values = firstTargets(set);
  if (sameShape(inner.slice(0, -1), shape.slice(1))) return values.every(Number.isInteger) ? "yes" : "no";
  if (!sameShape(inner, shape.slice(1))) return "no";
  const kinds = new Set(rowsOf(values, units).map(kindOf));
  if (kinds.has("numbers")) return "no";
  return kinds.has("shares") && !hasLogits ? "possible" : "yes";
}

/** The targets of the first examples, one after the other. */
export function firstTargets({ rows: { y }, length }: TensorSet): number[] {
  const count = Math.min(FEW, length);
  const values = rowArray(y, count);
  y.copy(Int32Array.from({ length: count }, (_, i) => i), values);
  return [...values.subarray(0, count * featuresOf(y.shape))];
}

function rowsOf(values: readonly number[], width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
}

/** A row of probabilities or of −1 and one 1 names a class; other shares are not negative. */
function kindOf(row: readonly number[]): "class" | "shares" | "numbers" {
  const sum = row.reduce((a, b) => a + b, 0);
  if (row.every((one) => Math.abs(one) === 1) && sum === 2 - row.length) return "class";
  if (row.some((one) => one < 0)) return "numbers";
  return Math.abs(sum - 1) <= TOLERANCE ? "class" : "shares";
}
