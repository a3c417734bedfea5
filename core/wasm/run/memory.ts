/**
 * The shared memory of a backend, and the pool of its pieces.
 *
 * @module
 */

import { type DeviceBuffer, DeviceError } from "../../backend.ts";
import { FIRST_ADDRESS, MAXIMUM_PAGES } from "../encode/shared_memory.ts";

const PAGE_BYTES = 65536;
const ALIGNMENT = 64;
/** Vector loads may read this far past the end of a buffer. */
const PADDING = 64;
/** The memory grows by at least this share of its size, so that it grows rarely. */
const GROWTH = 0.125;

/** A piece of the shared memory. */
export interface WasmBuffer extends DeviceBuffer {
  readonly address: number;
  /** The bytes that it occupies, including those that vector loads may read past its end. */
  readonly reserved: number;
}

/** A free piece of the memory. */
interface FreeBlock {
  address: number;
  bytes: number;
}

/** Allocates pieces of a growing shared memory: the smallest free one that fits. Released neighbors are joined. */
export class MemoryPool {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  readonly #free: FreeBlock[] = [{ address: FIRST_ADDRESS, bytes: PAGE_BYTES - FIRST_ADDRESS }];
  readonly #live = new Map<number, WasmBuffer>();
  #nextId = 1;
  liveBytes = 0;
  growths = 0;

  #words = new Uint32Array(this.memory.buffer);

  /** All of the memory as words. */
  get words(): Uint32Array {
    // Growing replaces the buffer.
    const { buffer } = this.memory;
    return this.#words.buffer === buffer ? this.#words : this.#words = new Uint32Array(buffer);
  }

  /** The number of pieces that are in use. */
  get buffers(): number {
    return this.#live.size;
  }

  get reservedBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** A piece of at least `bytes` bytes whose address is a multiple of 64. */
  allocate(bytes: number): WasmBuffer {
    const reserved = Math.ceil((bytes + PADDING) / ALIGNMENT) * ALIGNMENT;
    let best: FreeBlock | undefined;
    for (const piece of this.#free) {
      if (piece.bytes < reserved || best && piece.bytes >= best.bytes) continue;
      best = piece;
      if (piece.bytes === reserved) break;
    }
    best ??= this.#grow(bytes, reserved);
    const buffer = { id: this.#nextId++, bytes, address: best.address, reserved } satisfies WasmBuffer;
    best.address += reserved;
    best.bytes -= reserved;
    if (best.bytes === 0) this.#free.splice(this.#free.indexOf(best), 1);
    this.#live.set(buffer.id, buffer);
    this.liveBytes += bytes;
    return buffer;
  }

  /** Returns a piece to the pool. */
  release({ id, bytes, address, reserved }: WasmBuffer): void {
    if (!this.#live.delete(id)) throw new DeviceError(`Cannot release buffer ${id}: it is not in use`);
    this.liveBytes -= bytes;
    this.#insert({ address, bytes: reserved });
  }

  /** The buffer as a piece of this pool; it must be in use. */
  own(buffer: DeviceBuffer): WasmBuffer {
    const known = this.#live.get(buffer.id);
    if (known !== buffer) throw new DeviceError(`Cannot use buffer ${buffer.id}: it is not in use on this device`);
    return known;
  }

  #insert(piece: FreeBlock): FreeBlock {
    const at = this.#placeOf(piece.address);
    const [before, after] = [this.#free[at - 1], this.#free[at]];
    if (after && piece.address + piece.bytes === after.address) {
      piece.bytes += after.bytes;
      this.#free.splice(at, 1);
    }
    if (before && before.address + before.bytes === piece.address) {
      before.bytes += piece.bytes;
      return before;
    }
    this.#free.splice(at, 0, piece);
    return piece;
  }

  /** The number of free pieces before an address. */
  #placeOf(address: number): number {
    let [low, high] = [0, this.#free.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#free[middle].address > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Free memory at the end that holds at least `reserved` bytes. */
  #grow(bytes: number, reserved: number): FreeBlock {
    const size = this.reservedBytes;
    const last = this.#free.at(-1);
    const atEnd = last && last.address + last.bytes === size ? last.bytes : 0;
    const needed = Math.ceil((reserved - atEnd) / PAGE_BYTES);
    const room = MAXIMUM_PAGES - size / PAGE_BYTES;
    const wanted = Math.min(room, Math.max(needed, Math.ceil(size / PAGE_BYTES * GROWTH)));
    try {
      if (needed > room) throw new RangeError("Cannot grow the memory past 32-bit addresses");
      this.memory.grow(wanted);
    } catch {
      const free = this.#free.reduce((sum, piece) => Math.max(sum, piece.bytes), 0) + room * PAGE_BYTES;
      throw new DeviceError(
        `Cannot allocate ${bytes} bytes: ${this.liveBytes} bytes are in use, at most ${free} are free in one piece; ` +
          `dispose of tensors, or use smaller batches`,
      );
    }
    this.growths++;
    return this.#insert({ address: size, bytes: this.reservedBytes - size });
  }
}
