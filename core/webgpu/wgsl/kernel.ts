/**
 * A kernel: a WGSL module, the buffers that it binds, and its number of workgroups.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import type { Slot } from "../../nest/nest.ts";
import { counterName, type KernelBody, type WorkgroupArray } from "./body.ts";
import { checkDeclarations, recordStatement } from "./checked_index.ts";
import { slotName } from "./emitter.ts";
import { mathText } from "./math.ts";
import { storageType } from "./scalar_operations.ts";
import { spread, type Workgroups } from "./workgroups.ts";

/** A compute kernel, ready to be compiled. */
export interface WgslKernel {
  /** The nest's name. */
  readonly name: string;
  /** A description of the schedule. */
  readonly schedule: string;
  readonly code: string;
  /** The nest's buffers, in the order of the bindings of group 0. */
  readonly slots: readonly Slot[];
  /** Whether the record of indices outside of their tables is bound after them. */
  readonly checksIndices: boolean;
  /** The loop counters, in the order of the bindings of group 1. */
  readonly counters: readonly Variable[];
  readonly workgroups: Workgroups;
}

/** The kernel of a body. */
export function kernelOf(body: KernelBody): WgslKernel {
  const { name, schedule, slots, checksIndices, counters, groups } = body;
  return { name, schedule, code: moduleText(body), slots, checksIndices, counters, workgroups: spread(groups) };
}

/** A complete WGSL module. */
function moduleText({ slots, vectors, counters, checksIndices, memory, functions, lanes, lines }: KernelBody): string {
  const statements = checksIndices ? [...lines, recordStatement] : lines;
  return [
    ...slots.map((slot, number) => slotDeclaration(slot, { number, isVector: vectors.has(number) })),
    ...checksIndices ? checkDeclarations(slots.length) : [],
    ...counters.map((_, number) => `@group(1) @binding(${number}) var<uniform> ${counterName(number)}: i32;`),
    ...memory.map(arrayDeclaration),
    ...mathText(functions),
    `@compute @workgroup_size(${lanes})`,
    "fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {",
    ...statements.map((line) => `  ${line}`),
    "}",
    "",
  ].join("\n");
}

interface SlotPlace {
  readonly number: number;
  readonly isVector: boolean;
}

function slotDeclaration({ dtype, access }: Slot, { number, isVector }: SlotPlace): string {
  const mode = access === "read" ? "read" : "read_write";
  const element = isVector ? `vec4<${storageType[dtype]}>` : storageType[dtype];
  return `@group(0) @binding(${number}) var<storage, ${mode}> ${slotName(number)}: array<${element}>;`;
}

function arrayDeclaration({ name, element, lengths }: WorkgroupArray): string {
  const type = lengths.reduceRight((inner, length) => `array<${inner}, ${length}>`, element);
  return `var<workgroup> ${name}: ${type};`;
}
