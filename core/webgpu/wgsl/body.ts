/**
 * The body of a kernel: what its workgroups do, before it has a module around it.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { checksIndices } from "../../nest/index_checks.ts";
import type { Nest, Slot } from "../../nest/nest.ts";
import type { Emitter } from "./emitter.ts";
import type { MathFunction } from "./math.ts";
import { groupNumber, spread } from "./workgroups.ts";

/** An array in the memory of a workgroup. */
export interface WorkgroupArray {
  readonly name: string;
  /** The WGSL type of an element. */
  readonly element: string;
  /** Its lengths, outermost first. */
  readonly lengths: readonly number[];
}

/** What the workgroups of a kernel do. */
export interface KernelBody {
  /** The nest's name. */
  readonly name: string;
  /** A description of the schedule. */
  readonly schedule: string;
  /** The nest's buffers. The lines call them by their `slotName`. */
  readonly slots: readonly Slot[];
  /** The slots that are arrays of vectors. */
  readonly vectors: ReadonlySet<number>;
  /** Whether the lines check indices. */
  readonly checksIndices: boolean;
  /** The loop counters. The lines call them by their `counterName`. */
  readonly counters: readonly Variable[];
  /** The number of threads of a workgroup. */
  readonly lanes: number;
  /** The number of workgroups. */
  readonly groups: number;
  readonly memory: readonly WorkgroupArray[];
  /** The functions of `math.ts` that the lines call. */
  readonly functions: ReadonlySet<MathFunction>;
  /** The statements. They know the number of the workgroup by `groupText`, and that of the thread as `lane`. */
  readonly lines: readonly string[];
}

/** The name of a loop counter in generated code. */
export const counterName = (counter: number): string => `counter${counter}`;

/** The number of the workgroup, for a body with this many of them. */
export const groupText = (groups: number): string => groupNumber(spread(groups));

/** Makes the nest's loop counters known to the emitter. */
export function bindCounters(nest: Nest, emitter: Emitter): void {
  nest.counters.forEach((counter, number) => emitter.bind(counter, counterName(number)));
}

/** The parts of a body that neither the nest nor the emitter knows. */
export type BodyOptions = Pick<KernelBody, "schedule" | "lanes" | "groups"> & Partial<Pick<KernelBody, "memory">>;

/** The body of the nest's kernel, whose lines the emitter has. */
export function bodyOf(nest: Nest, emitter: Emitter, { memory = [], ...options }: BodyOptions): KernelBody {
  return {
    name: nest.name,
    slots: nest.slots,
    vectors: emitter.vectors,
    checksIndices: checksIndices(nest),
    counters: nest.counters,
    memory,
    functions: emitter.functions,
    lines: emitter.lines,
    ...options,
  };
}
