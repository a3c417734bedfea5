/**
 * The kernel of all turns of a loop. Each workgroup computes its rows, and waits for its own threads only.
 *
 * @module
 */

import type { Slot } from "../../nest/nest.ts";
import { SinceBarrier } from "../../nest/since_barrier.ts";
import type { PersistentSchedule } from "../schedule/schedule.ts";
import { vectorWidth } from "../schedule/vectors.ts";
import { Emitter } from "../wgsl/emitter.ts";
import { groupText, type KernelBody, type WorkgroupArray } from "../wgsl/body.ts";
import { factorsName, isWhole, sliceCount, type SliceFrame, type SlicePart, zeroName } from "./frame.ts";
import { renderPoints } from "./points.ts";
import { renderProduct, type SliceProduct, vectorsPerRow } from "./product.ts";
import type { SlicedLoop, SlicedNest } from "./slices.ts";

/** A nest of a persistent kernel. */
export type PersistentNest =
  | { readonly kind: "product"; readonly product: SliceProduct }
  /** Inner loops of at most `unroll` points are unrolled. */
  | { readonly kind: "points"; readonly sliced: SlicedNest; readonly unroll: number };

/** What a persistent kernel computes. */
export interface PersistentLoop {
  readonly loop: SlicedLoop;
  readonly slots: readonly Slot[];
  readonly starts: readonly PersistentNest[];
  readonly nests: readonly PersistentNest[];
}

/** Writes the kernel of a loop. */
export function renderPersistent(
  { loop, slots, starts, nests }: PersistentLoop,
  schedule: PersistentSchedule,
): KernelBody {
  const { table, counter, rows } = loop;
  const outside = new Set([...loop.starts, ...loop.nests].flatMap(({ nest }) => nest.counters));
  outside.delete(counter);
  const counters = [...outside];
  const groups = sliceCount({ loop, schedule });
  const frame: SliceFrame = { loop, schedule, slots, slice: table.variable("slice", groups), counters };
  const emitter = new Emitter(slots, new Set(), table);
  emitter.line(`let slice = i32(${groupText(groups)});`);
  if (!isWhole(frame)) emitter.line(`let rows = min(${schedule.rows}, ${rows} - slice * ${schedule.rows});`);
  if (nests.some(({ kind }) => kind === "product")) emitter.line(`let ${zeroName} = f32(min(slice, 0));`);
  writeNests(frame, { nests: starts, isFollowed: true }, emitter);
  emitter.within(
    `for (var turn = 0; turn < ${counter.extent}; turn++)`,
    () => writeNests(frame, { nests, isFollowed: counter.extent > 1 }, emitter),
  );
  return {
    name: [...starts, ...nests].map(nameOf).join(", "),
    schedule: `persistent, ${counter.extent} turns, ${schedule.rows} of ${rows} rows for ${schedule.lanes} lanes`,
    slots,
    vectors: emitter.vectors,
    checksIndices: false,
    counters,
    lanes: schedule.lanes,
    groups,
    memory: memoryOf(nests, schedule),
    functions: emitter.functions,
    lines: emitter.lines,
  };
}

/** Nests, and whether there are others that run after them. */
interface NestGroup {
  readonly nests: readonly PersistentNest[];
  readonly isFollowed: boolean;
}

/** Writes nests, with barriers where one uses what others have written, or writes what they have used. */
function writeNests(frame: SliceFrame, { nests, isFollowed }: NestGroup, emitter: Emitter): void {
  const barriers = new Barriers();
  for (const nest of nests) {
    emitter.line(`// ${nameOf(nest)}`);
    for (const part of partsOf(frame, nest)) {
      barriers.before(part).forEach((line) => emitter.line(line));
      emitter.within("", () => part.lines.forEach((line) => emitter.line(line)));
      part.functions.forEach((name) => emitter.use(name));
    }
  }
  if (isFollowed) barriers.atEnd().forEach((line) => emitter.line(line));
}

const nameOf = (nest: PersistentNest): string => (nest.kind === "product" ? nest.product : nest.sliced).nest.name;

function partsOf(frame: SliceFrame, nest: PersistentNest): SlicePart[] {
  return nest.kind === "product" ? renderProduct(frame, nest.product) : [renderPoints(frame, nest.sliced, nest.unroll)];
}

/** The workgroup memory for the factors of products, which all of them share. */
function memoryOf(nests: readonly PersistentNest[], { rows }: PersistentSchedule): WorkgroupArray[] {
  const vectors = Math.max(0, ...nests.map((nest) => nest.kind === "product" ? rows * vectorsPerRow(nest.product) : 0));
  return vectors === 0 ? [] : [{ name: factorsName, element: `vec${vectorWidth}<f32>`, lengths: [vectors] }];
}

/** Finds the barriers between the parts of a turn. */
class Barriers {
  readonly #since = new SinceBarrier();
  /** How workgroup memory was used since the last barrier for it. */
  #memory: SlicePart["memory"];

  /** The barriers before a part, which uses what earlier ones have written, or writes what they have used. */
  before({ uses, memory }: SlicePart): string[] {
    const waitsForMemory = memory !== undefined && this.#memory !== undefined &&
      (memory === "writes" || this.#memory === "writes");
    const lines = this.#barriers(this.#since.waits(uses), waitsForMemory);
    this.#since.add(uses);
    this.#memory = memory === "writes" ? memory : this.#memory ?? memory;
    return lines;
  }

  /** The barriers before nests that follow. */
  atEnd(): string[] {
    return this.#barriers(this.#since.hasWritten, this.#memory !== undefined);
  }

  #barriers(waits: boolean, waitsForMemory: boolean): string[] {
    if (waits) this.#since.clear();
    if (waitsForMemory) this.#memory = undefined;
    return [...waits ? ["storageBarrier();"] : [], ...waitsForMemory ? ["workgroupBarrier();"] : []];
  }
}
