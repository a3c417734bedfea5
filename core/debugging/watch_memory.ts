/**
 * Device memory by owner.
 *
 * @module
 */

import { currentBackend } from "../device.ts";
import { beginWatch, endWatch } from "./placements.ts";

/** The memory of tensors with the same owner. */
export interface OwnedMemory {
  /** The name of the compiled function or operation whose results they are; `tensor()` for those that the host made. */
  readonly owner: string;
  /** The bytes of their elements. Devices may round them up. */
  readonly bytes: number;
  /** The number of buffers. */
  readonly buffers: number;
}

/** Records device memory until it is disposed. */
export interface MemoryWatch extends Disposable {
  /** The memory of the chosen device that tensors hold now, by owner, largest first, if they took it during the watch. */
  byOwner(): OwnedMemory[];
  /** Ends the watch. */
  [Symbol.dispose](): void;
}

/**
 * Records which tensors take device memory from now on, to find out what `deviceStatistics().liveBytes` consists of.
 * Nothing is recorded outside of a watch, so normal runs cost nothing. Temporaries of a program do not count after its
 * run. Tensors that nothing refers to any more hold their memory until they are collected.
 *
 * @example
 * ```ts
 * import { jit, tensor, type Tensor, watchMemory } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * using watch = watchMemory();
 * const double = jit((x: Tensor) => x.mul(2), { name: "double" });
 * const [x, y] = [tensor([1, 2, 3]), double(tensor([4, 5]))];
 * const z = double(x);
 * const memory = watch.byOwner();
 * assertEquals(memory, [{ owner: "double", bytes: 20, buffers: 2 }, { owner: "tensor()", bytes: 20, buffers: 2 }]);
 * z.dispose();
 * assertEquals(watch.byOwner()[1], { owner: "double", bytes: 8, buffers: 1 });
 * assertEquals(y.shape, [2]);
 * ```
 */
export function watchMemory(): MemoryWatch {
  const placements = beginWatch();
  return {
    byOwner: () => {
      const backend = currentBackend();
      const owned = new Map<string, OwnedMemory>();
      for (const { owner, buffer, backend: holder } of placements) {
        if (holder !== backend) continue;
        const { bytes, buffers } = owned.get(owner) ?? { bytes: 0, buffers: 0 };
        owned.set(owner, { owner, bytes: bytes + buffer.bytes, buffers: buffers + 1 });
      }
      return [...owned.values()].sort((a, b) => b.bytes - a.bytes || (a.owner < b.owner ? -1 : 1));
    },
    [Symbol.dispose]: () => endWatch(placements),
  };
}
