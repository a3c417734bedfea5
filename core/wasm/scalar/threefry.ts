/**
 * Threefry-2x32 with 20 rounds on four lanes, with the same bits as `threefry2x32` in `core/scalar/double_precision.ts`.
 *
 * @module
 */

import { THREEFRY_PARITY, threefryGroups } from "../../scalar/threefry.ts";
import type { CodeScope, Local } from "./code_scope.ts";

function rotate(m: CodeScope, x: Local, count: number): Local {
  return m.op("v128.or", [m.op("i32x4.shl", [x, m.i32(count)]), m.op("i32x4.shr_u", [x, m.i32(32 - count)])]);
}

/** The exclusive or of the two words for `[key0, key1, counter0, counter1]`. */
export function writeThreefry(m: CodeScope, [key0, key1, counter0, counter1]: readonly Local[]): Local {
  const add = (a: Local, b: Local): Local => m.op("i32x4.add", [a, b]);
  const xor = (a: Local, b: Local): Local => m.op("v128.xor", [a, b]);
  const key = [key0, key1, xor(xor(key0, key1), m.i32x4(THREEFRY_PARITY))];
  let x0 = add(counter0, key0);
  let x1 = add(counter1, key1);
  for (const { rotations, keys, number } of threefryGroups) {
    for (const count of rotations) {
      x0 = add(x0, x1);
      x1 = xor(rotate(m, x1, count), x0);
    }
    x0 = add(x0, key[keys[0]]);
    x1 = add(add(x1, key[keys[1]]), m.i32x4(number));
  }
  return xor(x0, x1);
}
