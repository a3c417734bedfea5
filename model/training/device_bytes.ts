/**
 * How much device memory examples may use.
 *
 * @module
 */

import type { NamedData } from "../../data/data.ts";
import type { NamedTensorSet } from "../../data/tensor_set.ts";

/** The bytes that each set may use. */
export interface DeviceShares {
  readonly training: number;
  readonly validation: number;
  readonly test: number;
}

/** How much of `deviceBytes` each set of the data may use. */
export function sharesOf({ training, validation, test }: NamedData, deviceBytes: number): DeviceShares {
  const wanted = [training, validation, test].map((set) => set ? deviceBytesOf(set) : 0);
  const [ofTraining, ofValidation, ofTest] = fairShares(wanted, deviceBytes);
  return { training: ofTraining, validation: ofValidation, test: ofTest };
}

/** The bytes of a whole set on a device. */
export function deviceBytesOf(set: NamedTensorSet): number {
  return set.length * bytesOfExample(set);
}

/** The bytes of an example on a device, including its entry in the order. */
export function bytesOfExample({ exampleBytes }: NamedTensorSet): number {
  return exampleBytes + Int32Array.BYTES_PER_ELEMENT;
}

/** Shares of a budget, max-min fair: small requests are met, and the others share the rest evenly. */
export function fairShares(wanted: readonly number[], budget: number): number[] {
  const shares = [...wanted];
  let left = budget;
  const bySize = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  bySize.forEach((i, done) => {
    shares[i] = Math.min(wanted[i], Math.floor(left / (wanted.length - done)));
    left -= shares[i];
  });
  return shares;
}
