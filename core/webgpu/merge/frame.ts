/**
 * The declarations of a kernel of several bodies: buffers, loop counters and workgroup memory that they share.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import type { Slot } from "../../nest/nest.ts";
import { counterName, type KernelBody, type WorkgroupArray } from "../wgsl/body.ts";
import { slotName } from "../wgsl/emitter.ts";
import { elementType, type KernelFrame } from "../wgsl/kernel.ts";

/** A body, and the program's buffer of each of its slots. */
export interface Member {
  readonly body: KernelBody;
  readonly buffers: readonly number[];
}

/** The names of a body in the kernel, by its own names. */
export type Renamed = ReadonlyMap<string, string>;

/** What several bodies have in common. */
export interface SharedFrame extends KernelFrame {
  /** The program's buffer of each slot. */
  readonly buffers: readonly number[];
  /** The names of each body. */
  readonly names: readonly Renamed[];
}

/**
 * Joins the declarations of bodies with as many lanes each. A buffer that several bodies read with the same type is
 * bound once. A workgroup runs one body, so arrays in workgroup memory take turns.
 *
 * @throws {Error} if a body writes a buffer that another one uses.
 */
export function shareFrame(members: readonly Member[]): SharedFrame {
  const slots = new SharedSlots();
  const counters: Variable[] = [];
  const memory = new SharedMemory();
  const names = members.map((member): Renamed => {
    const { body } = member;
    body.counters.forEach((counter) => counters.includes(counter) || counters.push(counter));
    return new Map([
      ...slots.add(member),
      ...body.counters.map((counter, i) => [counterName(i), counterName(counters.indexOf(counter))] as const),
      ...memory.add(body.memory),
    ]);
  });
  const checksIndices = members.some(({ body }) => body.checksIndices);
  const { lanes } = members[0].body;
  return { ...slots.shared, counters, memory: memory.arrays, checksIndices, lanes, names };
}

/** A slot of several bodies. */
interface SharedSlot {
  readonly slot: Slot;
  readonly buffer: number;
  readonly isVector: boolean;
}

class SharedSlots {
  readonly #slots: SharedSlot[] = [];

  /** Adds the slots of a body, and returns their names by the body's own ones. */
  add({ body, buffers }: Member): (readonly [string, string])[] {
    return body.slots.map((slot, number) => {
      const one = { slot, buffer: buffers[number], isVector: body.vectors.has(number) };
      return [slotName(number), slotName(this.#place(one))] as const;
    });
  }

  get shared(): Pick<SharedFrame, "slots" | "vectors" | "buffers"> {
    return {
      slots: this.#slots.map(({ slot }) => slot),
      vectors: new Set(this.#slots.flatMap(({ isVector }, number) => isVector ? [number] : [])),
      buffers: this.#slots.map(({ buffer }) => buffer),
    };
  }

  #place(one: SharedSlot): number {
    const isSame = ({ slot, isVector }: SharedSlot): boolean =>
      elementType(slot, isVector) === elementType(one.slot, one.isVector);
    for (const [number, known] of this.#slots.entries()) {
      if (known.buffer !== one.buffer) continue;
      const bothRead = known.slot.access === "read" && one.slot.access === "read";
      if (!bothRead) throw new Error(`Cannot merge kernels: one writes buffer ${one.buffer}, which another one uses`);
      if (!isSame(known)) continue;
      const elements = Math.max(known.slot.elements, one.slot.elements);
      this.#slots[number] = { ...known, slot: { ...known.slot, elements } };
      return number;
    }
    return this.#slots.push(one) - 1;
  }
}

class SharedMemory {
  readonly arrays: WorkgroupArray[] = [];

  /** Adds the arrays of a body, and returns their names by the body's own ones. */
  add(arrays: readonly WorkgroupArray[]): (readonly [string, string])[] {
    const taken = new Set<number>();
    return arrays.map((array) => {
      const place = this.#place(array, taken);
      taken.add(place);
      return [array.name, this.arrays[place].name] as const;
    });
  }

  #place({ name, element, lengths }: WorkgroupArray, taken: ReadonlySet<number>): number {
    const isAlike = (other: WorkgroupArray): boolean =>
      other.element === element && other.lengths.length === lengths.length;
    const place = this.arrays.findIndex((other, i) => !taken.has(i) && isAlike(other));
    if (place >= 0) {
      const known = this.arrays[place];
      this.arrays[place] = { ...known, lengths: known.lengths.map((length, i) => Math.max(length, lengths[i])) };
      return place;
    }
    const isNew = !this.arrays.some((other) => other.name === name);
    return this.arrays.push({ name: isNew ? name : `${name}_${this.arrays.length}`, element, lengths }) - 1;
  }
}

const elementBytes = (type: string): number => type.startsWith("vec4") ? 16 : type.startsWith("vec2") ? 8 : 4;

/** Devices count workgroup memory in pieces of this many bytes. */
const piece = 16;

/** The bytes of arrays in workgroup memory, as devices count them. */
export function memoryBytes(arrays: readonly WorkgroupArray[]): number {
  return arrays.reduce((sum, { element, lengths }) => {
    const bytes = lengths.reduce((product, length) => product * length, elementBytes(element));
    return sum + Math.ceil(bytes / piece) * piece;
  }, 0);
}
