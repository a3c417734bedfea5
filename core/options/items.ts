/**
 * Items of lists.
 *
 * @module
 */

/** Whether a value is a list whose items all pass a test. Holes count as `undefined`, which `every` would pass over. */
export function isListOf(value: unknown, test: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.findIndex((item) => !test(item)) < 0;
}
