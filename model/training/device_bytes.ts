/**
 * How much device memory examples may take.
 *
 * @module
 */

import type { Data } from "../../data/data.ts";
import type { TensorSet } from "../../data/tensor_set.ts";

/**
 * Bytes of a device that examples may take where nothing else is said: half of what the 32-bit addresses of WebAssembly
 * reach. The other half is left to the weights, the state of the update rule and what a step holds meanwhile. A graphics
 * card does not tell how much memory it has.
 */
const DEVICE_BYTES = 2 * 2 ** 30;

/** The bytes that each set may take. */
export interface DeviceShares {
  readonly training: number;
  readonly validation: number;
  readonly test: number;
}

/**
 * What each set of the data may take of `deviceBytes`.
 *
 * @throws {RangeError} if that is no number of at least 1.
 */
export function sharesOf({ training, validation, test }: Data, deviceBytes: number = DEVICE_BYTES): DeviceShares {
  if (!(deviceBytes >= 1)) {
    throw new RangeError(`Cannot train with deviceBytes ${deviceBytes}: expected a number of bytes of at least 1`);
  }
  const wanted = [training, validation, test].map((set) => set ? deviceBytesOf(set) : 0);
  const [ofTraining, ofValidation, ofTest] = fairShares(wanted, deviceBytes);
  return { training: ofTraining, validation: ofValidation, test: ofTest };
}

/** The bytes of a whole set on a device. */
export function deviceBytesOf(set: TensorSet): number {
  return set.length * bytesOfExample(set);
}

/** The bytes of an example on a device, and of its place in the order. */
export function bytesOfExample({ exampleBytes }: TensorSet): number {
  return exampleBytes + Int32Array.BYTES_PER_ELEMENT;
}

/** Shares of a budget, max-min fair: who wants little gets it, the others share the rest evenly. */
export function fairShares(wanted: readonly number[], budget: number): number[] {
  const shares = wanted.map(() => 0);
  let left = budget;
  const bySize = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  bySize.forEach((i, done) => {
    shares[i] = Math.min(wanted[i], Math.floor(left / (wanted.length - done)));
    left -= shares[i];
  });
  return shares;
}
