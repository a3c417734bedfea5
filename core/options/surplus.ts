/**
 * Surplus arguments, such as a second record of options, which JavaScript ignores.
 *
 * @module
 */

import { showValue } from "./show.ts";

/**
 * Refuses more arguments than a function takes. Those that `Array.map` adds to the item are accepted, and so is
 * `undefined`.
 *
 * @param name the name of the function
 * @param given its `arguments`
 * @param most the number of arguments that it takes
 * @throws {TypeError} with the first one that is too much.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { refuseSurplus } from "./surplus.ts";
 *
 * function scale(_options: object): void {
 *   refuseSurplus("scale", arguments, 1);
 * }
 * [{ by: 1 }, { by: 2 }].map(scale);
 * assertThrows(() => Reflect.apply(scale, undefined, [{}, { by: 2 }]), TypeError, "Cannot call scale: expected at most 1");
 * ```
 */
export function refuseSurplus(name: string, given: ArrayLike<unknown>, most: number): void {
  if (given.length > most) checkSurplus(name, Array.from(given), most);
}

function checkSurplus(name: string, given: readonly unknown[], most: number): void {
  const first = given.slice(most).find((one) => one !== undefined);
  if (first === undefined || most === 1 && isFromMap(given)) return;
  const arguments_ = most === 1 ? "1 argument" : `${most} arguments`;
  throw new TypeError(
    `Cannot call ${name}: expected at most ${arguments_}, got ${given.length}, the last of which is ${
      showValue(given.at(-1))
    }; pass all options in one record`,
  );
}

/** Whether arguments are an item of a list, its index, and the list. */
function isFromMap([item, index, list]: readonly unknown[]): boolean {
  return Array.isArray(list) && typeof index === "number" && list[index] === item;
}
