/**
 * Items of lists.
 *
 * @module
 */

/** Whether a value is a list whose items all pass a test. Holes count as `undefined`, which `every` would pass over. */
export function isListOf(value: unknown, test: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.findIndex((item) => !test(item)) < 0;
}

/** Whether a list lacks items, as `new Array(2)` and `[1, , 2]` do: `forEach` and `reduce` would pass over them. */
export function hasHoles(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) if (!(i in list)) return true;
  return false;
}
