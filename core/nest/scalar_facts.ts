/**
 * What must be known of a scalar operation: the shape of an entry in the table of scalar operations.
 *
 * @module
 */

import type { DType } from "../dtype.ts";

/** The element types of an operation's result and of its first operand. */
export interface ScalarTypes {
  readonly to: DType;
  readonly from: DType;
}

/** The element types that an operation takes; all operands have the same one. */
export type ElementTypes = "float" | "number" | "integer" | "bool" | "bits" | "any";

/** The numbers that make an operation give back its other operand; null where there is none. */
export interface Neutral {
  readonly left: number | null;
  readonly right: number | null;
}

/** What gradient rules compute with: tensors, of which no more needs to be known here. */
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

/** The cotangents of the operands from that of the result; null for operands without one. */
export type Gradient = <T extends Differentiable<T>>(
  cotangent: T,
  operands: readonly T[],
  result: T,
) => readonly (T | null)[];

/** One entry of the table. */
export interface ScalarFacts {
  /** The number of operands. */
  readonly arity: 1 | 2 | 3 | 4;
  /** The element types of its operands. */
  readonly takes: ElementTypes;
  /** The sign between two operands in printed formulas; null where the name is printed. */
  readonly symbol: string | null;
  /** The value in double precision, which all devices are measured against. It is rounded to the result's type afterwards. */
  readonly evaluate: (operands: readonly number[], types: ScalarTypes) => number;
  /** Null for operations without gradient. */
  readonly gradient: Gradient | null;
  /** The rough price of computing it once more, in additions. */
  readonly price: number;
  /** The length of what is written for it, in instructions. */
  readonly length: number;
  /** Whether it counts as a floating-point operation where its result is f32. */
  readonly isFloatingPoint: boolean;
  /** Whether it is computed anew wherever it is needed, with all that it is made of, however dear that is. */
  readonly isComputedAnew: boolean;
  /** Whether it compares its operands, so that its result is bool. */
  readonly isComparison: boolean;
  /** Whether doing it twice changes nothing. */
  readonly isInvolution: boolean;
  /** Operands that make it do nothing. */
  readonly neutral: Neutral;
}

/** What holds unless an entry says otherwise. */
export const usual = {
  symbol: null,
  price: 1,
  length: 1,
  isComputedAnew: false,
  isComparison: false,
  isInvolution: false,
  neutral: { left: null, right: null },
} satisfies Partial<ScalarFacts>;

/** A function of one number. */
export const unary = { ...usual, arity: 1, takes: "float", isFloatingPoint: true } satisfies Partial<ScalarFacts>;

/** Arithmetic on two numbers. */
export const binary = { ...usual, arity: 2, takes: "number", isFloatingPoint: true } satisfies Partial<ScalarFacts>;

/** A comparison of two values. */
export const comparison = {
  ...usual,
  ...{ arity: 2, takes: "any", gradient: null, isFloatingPoint: false, isComparison: true },
} satisfies Partial<ScalarFacts>;

/** An operation on the bits of two values. */
export const bitwise = {
  ...usual,
  ...{ arity: 2, takes: "bits", gradient: null, isFloatingPoint: false },
} satisfies Partial<ScalarFacts>;
