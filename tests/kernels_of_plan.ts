/**
 * Counts the kernels of a plan.
 *
 * @module
 */

/** The kernels of a plan that `explain` shows, before those that do not wait for each other become one. */
export function kernelsOf(plan: string): number {
  const lines = plan.split("\n");
  const end = lines.findIndex((line) => /^\d+ dispatches/.test(line));
  return lines.slice(lines.findIndex((line) => line.startsWith("kernel ")) + 1, end)
    .filter((line) => !/^ *repeat /.test(line)).length;
}
