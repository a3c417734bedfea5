/**
 * The elements of a tensor, on the host, on a device, or on both.
 *
 * @module
 */

import type { Backend, DeviceBuffer } from "./backend.ts";
import { noteLeft, notePlaced, type Placement } from "./debugging/placements.ts";
import { BYTES_PER_ELEMENT, type DType, type HostArray, hostArray } from "./dtype.ts";
import { relievePressure } from "./pressure.ts";

/** Releases device memory when the storage that held it was collected. */
const collector = new FinalizationRegistry<Placement>((placement) => {
  noteLeft(placement);
  placement.backend.release(placement.buffer);
});

/** The elements of one tensor. They never change; only their location does. */
export class Storage {
  #host: HostArray | undefined;
  #placement: Placement | undefined;
  #disposed: string | undefined;
  #awaited = false;
  #views = 0;
  #abandoned = false;

  private constructor(readonly dtype: DType, readonly elements: number) {}

  /** Makes a storage of elements on the host; they are copied to a device when a computation there first needs them. */
  static fromHost(dtype: DType, values: HostArray): Storage {
    const storage = new Storage(dtype, values.length);
    storage.#host = values;
    return storage;
  }

  /** Makes a storage of elements in a buffer, which the storage owns from now on. */
  static fromDevice(dtype: DType, elements: number, placement: Placement): Storage {
    const storage = new Storage(dtype, elements);
    storage.#place(placement);
    return storage;
  }

  /** The elements, if the host has them. Not to be changed. */
  get onHost(): HostArray | undefined {
    return this.#host;
  }

  /** The only device that has the elements; undefined if the host has them, too, or nothing has. */
  get onlyOn(): Backend | undefined {
    return this.#host ? undefined : this.#placement?.backend;
  }

  /** A storage that was disposed. */
  static disposed(dtype: DType, elements: number): Storage {
    const storage = new Storage(dtype, elements);
    storage.dispose();
    return storage;
  }

  /** The number of bytes on a device. */
  get bytes(): number {
    return this.elements * BYTES_PER_ELEMENT;
  }

  /** Returns the buffer that holds the elements on `backend`. They are uploaded if they are only on the host. */
  on(backend: Backend): DeviceBuffer {
    this.check();
    if (this.#placement?.backend === backend) return this.#placement.buffer;
    if (!this.#host) {
      throw new TypeError(
        `Cannot use a tensor of device ${this.#placement?.backend.info.name} on device ${backend.info.name}: read it with \`await tensor.data()\` and make a new one`,
      );
    }
    const buffer = backend.allocate(this.bytes);
    backend.write(buffer, this.#host instanceof Uint8Array ? Uint32Array.from(this.#host) : this.#host);
    if (this.#placement) this.#leave();
    this.#place({ backend, buffer, owner: "tensor()" });
    return buffer;
  }

  /** Copies the elements to separate memory on `backend`. */
  copy(backend: Backend): Storage {
    const source = this.on(backend);
    const target = backend.allocate(this.bytes);
    backend.copy(source, target, this.bytes);
    return Storage.fromDevice(this.dtype, this.elements, { backend, buffer: target, owner: "copy" });
  }

  /** Returns a copy of the elements on the host. */
  async read(): Promise<HostArray> {
    this.check();
    if (this.#host) return this.#host.slice();
    const { backend, buffer } = this.#placement!;
    const bytes = await backend.read(buffer, this.bytes);
    await relievePressure(backend);
    if (this.dtype === "f32") return new Float32Array(bytes);
    if (this.dtype === "i32") return new Int32Array(bytes);
    if (this.dtype === "u32") return new Uint32Array(bytes);
    const flags = hostArray("bool", this.elements);
    flags.set(new Uint32Array(bytes).map((word) => word ? 1 : 0));
    return flags;
  }

  /** Whether work that waits for a device will read the elements. */
  get awaited(): boolean {
    return this.#awaited;
  }

  /**
   * Keeps the elements for work that waits for a device: from now on only the garbage collector releases the memory.
   */
  keep(): void {
    this.#awaited = true;
  }

  /** Releases the memory now. Using the storage afterwards is an error with this `reason`. */
  dispose(reason = "it was disposed"): void {
    if (this.#disposed || this.#awaited) return;
    this.#disposed = reason;
    this.#host = undefined;
    if (this.#placement) this.#leave();
  }

  /** Whether there are views of the elements. */
  get isShown(): boolean {
    return this.#views > 0;
  }

  /** Counts a view, which keeps the elements after {@linkcode abandon}. */
  show(): void {
    this.#views++;
  }

  /** Counts a view less; the last one of an abandoned storage disposes it. */
  endView(): void {
    this.#views--;
    if (this.#abandoned && this.#views === 0) this.dispose();
  }

  /**
   * Disposes the storage, or if there are views, leaves it to them: the last one that is disposed or collected releases
   * the memory. Returns whether it was left to views.
   */
  abandon(): boolean {
    this.#abandoned = this.#views > 0 && !this.#awaited;
    if (!this.#abandoned) this.dispose();
    return this.#abandoned;
  }

  /** Passes ownership of the buffer to a computation that overwrites it. */
  donate(backend: Backend): DeviceBuffer {
    const buffer = this.on(backend);
    noteLeft(this.#placement!);
    collector.unregister(this);
    this.#placement = undefined;
    this.#host = undefined;
    this.#disposed = "it was donated to a compiled function, which used its memory for the result";
    return buffer;
  }

  #place(placement: Placement): void {
    this.#placement = placement;
    notePlaced(placement);
    collector.register(this, placement, this);
  }

  #leave(): void {
    const placement = this.#placement!;
    noteLeft(placement);
    collector.unregister(this);
    this.#placement = undefined;
    placement.backend.release(placement.buffer);
  }

  /** Refuses elements that are gone. */
  check(): void {
    if (this.#disposed) throw new TypeError(`Cannot use this tensor: ${this.#disposed}`);
  }
}
