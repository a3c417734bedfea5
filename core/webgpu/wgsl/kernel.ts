/**
 * A kernel: a WGSL module, the buffers that it binds, and its number of workgroups.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { checksIndices } from "../../nest/index_checks.ts";
import type { Nest, Slot } from "../../nest/nest.ts";
import { checkDeclarations, recordStatement } from "./checked_index.ts";
import { type Emitter, slotName } from "./emitter.ts";
import { mathText } from "./math.ts";
import { storageType } from "./scalar_operations.ts";

/** The numbers of workgroups in x, y and z. */
export type Workgroups = readonly [number, number, number];

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

/** The most workgroups along one dimension. */
const maxWorkgroups = 65535;

/** At least `count` workgroups as a two-dimensional dispatch, with fewer than one row to spare. */
export function spread(count: number): Workgroups {
  const rows = Math.max(1, Math.ceil(count / maxWorkgroups));
  return [Math.ceil(count / rows), rows, 1];
}

/** The number of the workgroup as a `u32` expression, for a dispatch from {@linkcode spread}. */
export function groupNumber([columns, rows]: Workgroups): string {
  return rows === 1 ? "group.x" : `(group.y * ${columns}u + group.x)`;
}

/** The parts of a module around the body of a kernel. */
export interface ModuleOptions {
  /** The number of threads of a workgroup. */
  readonly lanes: number;
  /** Declarations of the module (default: none). */
  readonly globals?: readonly string[];
}

/** A complete WGSL module. */
export function moduleText(nest: Nest, emitter: Emitter, { lanes, globals = [] }: ModuleOptions): string {
  const slots = nest.slots.map(({ dtype, access }, slot) => {
    const mode = access === "read" ? "read" : "read_write";
    const element = emitter.vectors.has(slot) ? `vec4<${storageType[dtype]}>` : storageType[dtype];
    return `@group(0) @binding(${slot}) var<storage, ${mode}> ${slotName(slot)}: array<${element}>;`;
  });
  const counters = nest.counters.map((_, counter) =>
    `@group(1) @binding(${counter}) var<uniform> counter${counter}: i32;`
  );
  const checks = checksIndices(nest);
  return [
    ...slots,
    ...checks ? checkDeclarations(slots.length) : [],
    ...counters,
    ...globals,
    ...mathText(emitter.functions),
    `@compute @workgroup_size(${lanes})`,
    "fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {",
    ...[...emitter.lines, ...checks ? [recordStatement] : []].map((line) => `  ${line}`),
    "}",
    "",
  ].join("\n");
}

/** Makes the nest's loop counters known to the emitter. */
export function bindCounters(nest: Nest, emitter: Emitter): void {
  nest.counters.forEach((counter, number) => emitter.bind(counter, `counter${number}`));
}
