/**
 * The rounds of Threefry-2x32 as data, from which the host, WebAssembly and WGSL compute them (Salmon, Moraes, Dror and
 * Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
 *
 * The state starts as counter + key, word by word. A round adds word 1 to word 0, rotates word 1 to the left and
 * combines it with word 0 by exclusive or. After each group of four rounds, words of the key and the group's number are
 * added.
 *
 * @module
 */

/** The third word of the key is the exclusive or of the other two and this. */
export const THREEFRY_PARITY = 0x1bd11bda;

/** Four rounds, and the additions after them. */
export interface ThreefryGroup {
  /** By how many bits word 1 is rotated in each round. */
  readonly rotations: readonly number[];
  /** Which words of the key are added to words 0 and 1. */
  readonly keys: readonly [number, number];
  /** The group's number, which is also added to word 1. */
  readonly number: number;
}

const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]];

/** The groups of rounds, in order. */
export const threefryGroups: readonly ThreefryGroup[] = [1, 2, 3, 4, 5].map((number) => ({
  rotations: rotations[(number - 1) % 2],
  keys: [number % 3, (number + 1) % 3],
  number,
}));
