/**
 * What the parts of a persistent kernel have in common.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import type { Slot } from "../../nest/nest.ts";
import type { Uses } from "../../nest/since_barrier.ts";
import type { PersistentSchedule } from "../schedule/schedule.ts";
import { counterName } from "../wgsl/body.ts";
import { Emitter } from "../wgsl/emitter.ts";
import type { MathFunction } from "../wgsl/math.ts";
import type { SlicedLoop } from "./slices.ts";

/** A persistent kernel while it is written. */
export interface SliceFrame {
  readonly loop: SlicedLoop;
  readonly schedule: PersistentSchedule;
  /** The buffers of the kernel. */
  readonly slots: readonly Slot[];
  /** The number of the workgroup, which has the rows from `slice · schedule.rows` on. */
  readonly slice: Variable;
  /** Counters of the loops around the kernel. */
  readonly counters: readonly Variable[];
}

/** A part of a turn, which no barrier divides. */
export interface SlicePart {
  readonly lines: readonly string[];
  readonly functions: ReadonlySet<MathFunction>;
  /** The slots that it reads, and those that it writes. */
  readonly uses: Uses;
  /** How it uses the workgroup memory that holds a product's factors of the rows. */
  readonly memory?: "reads" | "writes";
}

/** The name of the array of vectors of factors in workgroup memory. */
export const factorsName = "factors";

/**
 * The name of the value with which sums of products begin. It is 0, but not a constant: drivers would replace
 * `0 + a · b` by `a · b`, which may be −0.
 */
export const zeroName = "zero";

/** The number of workgroups. */
export const sliceCount = ({ loop, schedule }: Pick<SliceFrame, "loop" | "schedule">): number =>
  Math.ceil(loop.rows / schedule.rows);

/** Whether all workgroups have the same number of rows. */
export const isWhole = ({ loop, schedule }: SliceFrame): boolean => loop.rows % schedule.rows === 0;

/** The number of a workgroup's rows as text. */
export const rowsText = (frame: SliceFrame): string => isWhole(frame) ? `${frame.schedule.rows}` : "rows";

/** The number of the loop's row that is row number `place` of the workgroup. */
export function rowAt({ loop: { table }, schedule, slice }: SliceFrame, place: Expression): Expression {
  return table.affine([[slice, schedule.rows], [place, 1]]);
}

/** The same; for a row after the last one, that of the last one. */
export function limitedRow(frame: SliceFrame, place: Expression): Expression {
  const { table, rows } = frame.loop;
  const row = rowAt(frame, place);
  return isWhole(frame) ? row : table.apply("min", "i32", [row, table.literal("i32", rows - 1)]);
}

/** An emitter for a part, which knows the counters and the number of the workgroup. */
export function openEmitter({ loop: { table, counter }, slots, slice, counters }: SliceFrame): Emitter {
  const emitter = new Emitter(slots, new Set(), table);
  emitter.bind(counter, "turn");
  emitter.bind(slice, "slice");
  counters.forEach((one, number) => emitter.bind(one, counterName(number)));
  return emitter;
}
