/**
 * What must be known about a scalar operation: the type of the entries in the table of scalar operations.
 *
 * @module
 */

import type { DType } from "../dtype.ts";

/** The element types of an operation's result and of its first operand. */
export interface ScalarTypes {
  readonly to: DType;
  readonly from: DType;
}

/** The element types that an operation accepts. All operands have the same one. */
export type ElementTypes = "float" | "number" | "integer" | "bool" | "bits" | "any";

/**
 * The operands for which an operation returns its other operand; null if there is none. The sign of a 0 counts if the
 * operands are floats.
 */
export interface Neutral {
  readonly left: number | null;
  readonly right: number | null;
}

/** What gradient rules compute with: the methods of tensors that they use. */
export interface Differentiable<T> {
  readonly dtype: DType;
  neg(): T;
  sign(): T;
  exp(): T;
  log(): T;
  sin(): T;
  cos(): T;
  square(): T;
  trunc(): T;
  add(other: T | number): T;
  sub(other: T | number): T;
  mul(other: T | number): T;
  div(other: T | number): T;
  pow(other: T | number): T;
  less(other: T | number): T;
  equal(other: T | number): T;
  greater(other: T | number): T;
  where(yes: T | number, no: T | number): T;
  zerosLike(): T;
  onesLike(): T;
}

/** Returns the cotangents of the operands from that of the result; null for operands without one. */
export type Gradient = <T extends Differentiable<T>>(
  cotangent: T,
  operands: readonly T[],
  result: T,
) => readonly (T | null)[];

/** One entry of the table. */
export interface ScalarFacts {
  /** The number of operands. */
  readonly arity: 1 | 2 | 3 | 4;
  /** The element types that it accepts. */
  readonly takes: ElementTypes;
  /** The infix operator in printed formulas; null if the name is printed instead. */
  readonly symbol: string | null;
  /** The double-precision value, before it is rounded to the result's type. All devices are compared with it. */
  readonly evaluate: (operands: readonly number[], types: ScalarTypes) => number;
  /** The gradient rule; null for operations without a gradient. */
  readonly gradient: Gradient | null;
  /** The approximate cost of recomputing it, in additions. */
  readonly price: number;
  /** The approximate length of its code, in instructions. */
  readonly length: number;
  /** Whether it counts as a floating-point operation if its result is f32. */
  readonly isFloatingPoint: boolean;
  /** Whether it is always recomputed where it is needed, with everything it depends on, whatever that costs. */
  readonly isComputedAnew: boolean;
  /** Whether it compares its operands, so its result is bool. */
  readonly isComparison: boolean;
  /** Whether it is its own inverse. */
  readonly isInvolution: boolean;
  /** Operands that make it the identity. */
  readonly neutral: Neutral;
}

/** The defaults of all operations. */
export const usualFacts = {
  symbol: null,
  price: 1,
  length: 1,
  isComputedAnew: false,
  isComparison: false,
  isInvolution: false,
  neutral: { left: null, right: null },
} satisfies Partial<ScalarFacts>;

/** A function of one number. */
export const unaryFacts = { ...usualFacts, arity: 1, takes: "float", isFloatingPoint: true } satisfies Partial<
  ScalarFacts
>;

/** Arithmetic on two numbers. */
export const binaryFacts = { ...usualFacts, arity: 2, takes: "number", isFloatingPoint: true } satisfies Partial<
  ScalarFacts
>;

/** A comparison of two values. */
export const comparisonFacts = {
  ...usualFacts,
  ...{ arity: 2, takes: "any", gradient: null, isFloatingPoint: false, isComparison: true },
} satisfies Partial<ScalarFacts>;

/** An operation on the bits of two values. */
export const bitwiseFacts = {
  ...usualFacts,
  ...{ arity: 2, takes: "bits", gradient: null, isFloatingPoint: false },
} satisfies Partial<ScalarFacts>;
