/**
 * The attributes of each primitive. The keys of these interfaces are the names of all primitives, grouped by kind. A
 * table typed by them does not compile while a row is missing.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import type { NumberedCheck } from "../nest/numbered_checks.ts";
import type { ScalarOp } from "../scalar/operations.ts";
import type { Shape } from "../shape.ts";
import type { Storage } from "../storage.ts";
import type { Graph, ValueType } from "./node.ts";

/** No attributes. */
export type None = Readonly<Record<string, never>>;

/** A low and a high value for each axis. */
export type Pairs = readonly (readonly [number, number])[];

/** The geometry of windows over the last axes of a tensor. */
export interface WindowAttributes {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/** The geometry of a convolution over the spatial axes. */
export interface ConvAttributes {
  readonly strides: readonly number[];
  /** May be negative; the input is then cropped. */
  readonly padding: Pairs;
  readonly dilations: readonly number[];
  /** The distance between the input's elements, with zeros between them. */
  readonly inputDilations: readonly number[];
}

/**
 * A loop over the leading axis of some inputs. The scan's inputs are the carries, then the stacked inputs, then the
 * constants; the body's parameters are the same with the leading axis taken off the stacked ones. The body's results are
 * the new carries, then the outputs to be stacked. The scan's results are the last carries and the stacked outputs.
 */
export interface ScanAttributes {
  readonly body: Graph;
  readonly length: number;
  readonly carries: number;
  readonly stacked: number;
  /** Runs from the last position of the leading axis to the first. */
  readonly reverse: boolean;
  /**
   * The attributes of a scan whose results are the first results of this one. Over the same inputs that scan need not
   * run.
   */
  readonly extends?: ScanAttributes;
}

/** Primitives without inputs. */
export interface SourceAttributes {
  parameter: ValueType & { readonly index: number };
  constant: ValueType & { readonly value: number };
  iota: ValueType & { readonly axis: number };
  data: ValueType & { readonly storage: Storage };
}

/** Elementwise primitives, one for each scalar operation. */
export type ScalarAttributes =
  & { [P in "cast" | "bitcast"]: { readonly dtype: DType } }
  & { [P in Exclude<ScalarOp, "cast" | "bitcast">]: None };

/** Primitives that rearrange elements. */
export interface MovementAttributes {
  reshape: { readonly shape: Shape };
  permute: { readonly axes: readonly number[] };
  expand: { readonly shape: Shape };
  slice: { readonly start: readonly number[]; readonly stop: readonly number[]; readonly step: readonly number[] };
  pad: { readonly padding: Pairs; readonly value: number };
  flip: { readonly axes: readonly number[] };
  concat: { readonly axis: number };
  window: WindowAttributes;
  stop: None;
  barrier: None;
  clipGradient: { readonly limit: number };
  checked: NumberedCheck;
}

/** Primitives that combine elements. */
export interface ReductionAttributes {
  sum: {
    readonly axes: readonly number[];
    /** Whether a gradient rule made the sum, so that it may follow from others. What is added is the same. */
    readonly ofCotangents?: true;
  };
  prod: { readonly axes: readonly number[] };
  maxOf: { readonly axes: readonly number[] };
  minOf: { readonly axes: readonly number[] };
  argmax: { readonly axes: readonly number[] };
  argmin: { readonly axes: readonly number[] };
  unwindow: WindowAttributes & { readonly shape: Shape };
}

/** Products, whose loops may be tiled. */
export interface ContractionAttributes {
  dot: None;
  conv: ConvAttributes;
}

/** Reads and writes at computed indices. */
export interface IndexedAttributes {
  gather: { readonly axis: number };
  scatterAdd: { readonly axis: number };
}

/** Primitives with a sub-graph and several results. */
export interface TupleAttributes {
  scan: ScanAttributes;
  checkpoint: { readonly body: Graph };
}

/** The attributes of each primitive. */
export interface Attributes
  extends
    SourceAttributes,
    ScalarAttributes,
    MovementAttributes,
    ReductionAttributes,
    ContractionAttributes,
    IndexedAttributes,
    TupleAttributes {
  /** One result of a primitive with several results. */
  pick: { readonly index: number };
}

/** The name of a primitive. */
export type Primitive = keyof Attributes;

/** The names of the primitives of each kind. The compiler treats all primitives of one kind in the same way. */
export interface PrimitivesByKind {
  /** Has no inputs. */
  source: keyof SourceAttributes;
  /** Computes each element from the inputs' elements at the same place. */
  elementwise: ScalarOp;
  /** Rearranges elements. */
  movement: keyof MovementAttributes;
  /** Combines elements. */
  reduction: keyof ReductionAttributes;
  /** Multiplies; its loops may be tiled. */
  contraction: keyof ContractionAttributes;
  /** Reads or writes at computed indices. */
  indexed: keyof IndexedAttributes;
  /** Selects one of several results. */
  pick: "pick";
  /** Has a sub-graph and several results. */
  tuple: keyof TupleAttributes;
}

/** The kind of a primitive. */
export type PrimitiveKind = keyof PrimitivesByKind;
