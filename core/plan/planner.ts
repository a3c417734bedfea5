/**
 * Lays out the buffers of a program, and binds its nests to them.
 *
 * @module
 */

import { BYTES_PER_ELEMENT, type DType } from "../dtype.ts";
import type { FusedNestStep, FusedStep } from "../fuse/build_nests.ts";
import type { Fusion } from "../fuse/fused_graph.ts";
import { isNode, type Node, type ValueType } from "../graph/node.ts";
import type { Variable } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { type NestBody, pointsOf } from "../nest/nest.ts";
import type { NestStep, ProgramStep } from "../nest/program.ts";
import { sizeOf } from "../shape.ts";
import type { Storage } from "../storage.ts";
import { bindNest } from "./bind.ts";
import { overwrites } from "./in_place.ts";
import type { Place } from "./place.ts";
import { planScan } from "./plan_scan.ts";

/** The purpose of a program's buffer. */
export type Role = "parameter" | "captured" | "result" | "temporary";

/** A buffer before temporaries share memory. */
export interface PlannedBuffer {
  readonly role: Role;
  readonly dtype: DType;
  readonly bytes: number;
}

/** Chooses the memory of a donated argument for a result that a step computes, if one fits. */
export type TakeOver = (number: number, step: FusedNestStep) => Place | undefined;

/** The context of some steps. */
export interface Whereabouts {
  /** Counters of the loops around them. */
  readonly counters?: readonly Variable[];
  readonly takeOver?: TakeOver;
}

/** The places of all values of a program. */
export class Planner {
  readonly buffers: PlannedBuffer[] = [];
  /** Places of the tensors that the graph holds as constants. */
  readonly captured = new Map<Storage, Place>();
  readonly table: ExpressionTable;
  readonly #values: readonly (Node | ValueType)[];
  readonly #places = new Map<number, Place>();

  constructor({ table, numbers }: Fusion) {
    this.table = table;
    this.#values = numbers.values;
  }

  /** Returns a new buffer for some copies of a tensor. */
  buffer(role: Role, { shape, dtype }: ValueType, copies = 1): Place {
    const elements = sizeOf(shape) * copies;
    const buffer = this.buffers.push({ role, dtype, bytes: elements * BYTES_PER_ELEMENT }) - 1;
    return { buffer, dtype, elements, offset: this.table.literal("i32", 0) };
  }

  /** Sets the place of a value. */
  put(number: number, place: Place): void {
    this.#places.set(number, place);
  }

  /** Returns the place of a value: the one that was set, or that of a captured tensor. */
  placeOf = (number: number): Place => {
    const known = this.#places.get(number);
    if (known) return known;
    const value = this.#values[number];
    if (!("op" in value) || !isNode(value, "data")) {
      throw new Error(`Cannot find value ${number} in memory: no place was planned for it`);
    }
    const { storage } = value.attributes;
    let place = this.captured.get(storage);
    if (!place) this.captured.set(storage, place = this.buffer("captured", value));
    return place;
  };

  /** Binds a nest to memory, within loops of these counters. */
  bind(nest: NestBody, counters: readonly Variable[]): NestStep {
    return { kind: "nest", ...bindNest(nest, { table: this.table, counters, placeOf: this.placeOf }) };
  }

  /** Returns the steps of a program. */
  steps(steps: readonly FusedStep[], where: Whereabouts = {}): ProgramStep[] {
    const { counters = [] } = where;
    return steps.flatMap((step) => step.kind === "loop" ? planScan(this, step, counters) : this.#nest(step, where));
  }

  #nest(step: FusedNestStep, { counters = [], takeOver }: Whereabouts): ProgramStep[] {
    const taken: number[] = [];
    for (const number of step.writes) {
      if (this.#places.has(number)) continue;
      const donated = takeOver?.(number, step);
      if (donated) taken.push(number);
      this.put(number, donated ?? this.buffer("temporary", this.#values[number]));
    }
    let bound = this.bind(step.nest, counters);
    for (const number of taken) {
      if (overwrites(bound.nest, bound.buffers.indexOf(this.placeOf(number).buffer))) continue;
      // The argument is read elsewhere too, so the result gets its own memory.
      this.put(number, this.buffer("temporary", this.#values[number]));
      bound = this.bind(step.nest, counters);
    }
    return pointsOf(bound.nest.outer) === 0 ? [] : [bound];
  }
}
