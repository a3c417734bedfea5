/**
 * Memory that is returned before the engine collects garbage.
 *
 * @module
 */

/**
 * Returns the memory of bytes at once, which cannot be read afterwards. The engine would do it at one of its next
 * collections, when a training has taken its memory already. Engines that cannot transfer memory keep it until then.
 */
export function freeBytes({ buffer }: Uint8Array<ArrayBuffer>): void {
  if ("transfer" in buffer) buffer.transfer(0);
}
