/**
 * A kernel: a WGSL module, the buffers that it binds, and its number of workgroups.
 *
 * A kernel has one body, or several. Each workgroup runs one of them, chosen by the workgroup's number.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import type { Slot } from "../../nest/nest.ts";
import { counterName, groupText, type KernelBody, type WorkgroupArray } from "./body.ts";
import { checkDeclarations, recordStatement } from "./checked_index.ts";
import { slotName } from "./emitter.ts";
import { mathText } from "./math.ts";
import { storageType } from "./scalar_operations.ts";
import { spread, type Workgroups } from "./workgroups.ts";

/** A compute kernel, ready to be compiled. */
export interface WgslKernel {
  /** The names of the nests. */
  readonly name: string;
  /** A description of the schedules. */
  readonly schedule: string;
  readonly code: string;
  /** Its buffers, in the order of the bindings of group 0. */
  readonly slots: readonly Slot[];
  /** Whether the record of indices outside of their tables is bound after them. */
  readonly checksIndices: boolean;
  /** The loop counters, in the order of the bindings of group 1. */
  readonly counters: readonly Variable[];
  readonly workgroups: Workgroups;
}

/** The declarations that the bodies of a kernel have in common. They have as many lanes as each of the bodies. */
export type KernelFrame = Pick<KernelBody, "slots" | "vectors" | "checksIndices" | "counters" | "lanes" | "memory">;

/** The kernel of a body. */
export function kernelOf(body: KernelBody): WgslKernel {
  return kernelOfAll(body, [body]);
}

/** The kernel of bodies whose lines use the names that `frame` declares. Workgroups begin with those of the first. */
export function kernelOfAll(frame: KernelFrame, bodies: readonly KernelBody[]): WgslKernel {
  const { slots, checksIndices, counters } = frame;
  const isAlone = bodies.length === 1;
  const schedule = bodies.map((body) => isAlone ? body.schedule : `${body.schedule} (${body.groups} workgroups)`);
  const groups = bodies.reduce((sum, body) => sum + body.groups, 0);
  const statements = isAlone ? statementsOf(bodies[0]) : branches(bodies, groups);
  return {
    name: bodies.map(({ name }) => name).join(" | "),
    schedule: schedule.join(" | "),
    code: moduleText(frame, bodies, statements),
    slots,
    checksIndices,
    counters,
    workgroups: spread(groups),
  };
}

function statementsOf({ lines, checksIndices }: KernelBody): readonly string[] {
  return checksIndices ? [...lines, recordStatement] : lines;
}

/** The bodies as branches on the number of the workgroup. Each knows it as `group`, counted from its first one. */
function branches(bodies: readonly KernelBody[], groups: number): string[] {
  let first = 0;
  const texts = bodies.flatMap((body, i) => {
    const number = first === 0 ? "overall" : `overall - ${first}u`;
    first += body.groups;
    return [
      `${i === 0 ? "" : "} else "}if (overall < ${first}u) {`,
      `  let group = vec3<u32>(${number}, 0u, 0u);`,
      ...statementsOf(body).map((line) => `  ${line}`),
    ];
  });
  return [`let overall = ${groupText(groups)};`, ...texts, "}"];
}

/** A complete WGSL module. */
function moduleText(frame: KernelFrame, bodies: readonly KernelBody[], statements: readonly string[]): string {
  const { slots, vectors, counters, checksIndices, memory, lanes } = frame;
  return [
    ...slots.map((slot, number) => slotDeclaration(slot, { number, isVector: vectors.has(number) })),
    ...checksIndices ? checkDeclarations(slots.length) : [],
    ...counters.map((_, number) => `@group(1) @binding(${number}) var<uniform> ${counterName(number)}: i32;`),
    ...memory.map(arrayDeclaration),
    ...mathText(new Set(bodies.flatMap(({ functions }) => [...functions]))),
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

/** The type of the elements of a slot's array. */
export function elementType({ dtype }: Pick<Slot, "dtype">, isVector: boolean): string {
  return isVector ? `vec4<${storageType[dtype]}>` : storageType[dtype];
}

function slotDeclaration(slot: Slot, { number, isVector }: SlotPlace): string {
  const mode = slot.access === "read" ? "read" : "read_write";
  const element = elementType(slot, isVector);
  return `@group(0) @binding(${number}) var<storage, ${mode}> ${slotName(number)}: array<${element}>;`;
}

function arrayDeclaration({ name, element, lengths }: WorkgroupArray): string {
  const type = lengths.reduceRight((inner, length) => `array<${inner}, ${length}>`, element);
  return `var<workgroup> ${name}: ${type};`;
}
