/**
 * Threefry-2x32 with 20 rounds on four lanes (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2,
 * 3", 2011); the same bits as `threefry2x32` of `core/nest/scalar_functions.ts`.
 *
 * @module
 */

import type { Local, Scope } from "./scope.ts";

const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]];

function rotate(m: Scope, x: Local, count: number): Local {
  return m.op("v128.or", [m.op("i32x4.shl", [x, m.i32(count)]), m.op("i32x4.shr_u", [x, m.i32(32 - count)])]);
}

/** The exclusive or of the two words for `[key0, key1, counter0, counter1]`. */
export function threefry(m: Scope, [key0, key1, counter0, counter1]: readonly Local[]): Local {
  const add = (a: Local, b: Local): Local => m.op("i32x4.add", [a, b]);
  const xor = (a: Local, b: Local): Local => m.op("v128.xor", [a, b]);
  const key = [key0, key1, xor(xor(key0, key1), m.i32x4(0x1bd11bda))];
  let x0 = add(counter0, key0);
  let x1 = add(counter1, key1);
  for (let group = 0; group < 5; group++) {
    for (const count of rotations[group % 2]) {
      x0 = add(x0, x1);
      x1 = xor(rotate(m, x1, count), x0);
    }
    x0 = add(x0, key[(group + 1) % 3]);
    x1 = add(add(x1, key[(group + 2) % 3]), m.i32x4(group + 1));
  }
  return xor(x0, x1);
}
