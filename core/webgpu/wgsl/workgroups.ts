/**
 * The workgroups of a dispatch, and their numbers.
 *
 * @module
 */

/** The numbers of workgroups in x, y and z. */
export type Workgroups = readonly [number, number, number];

/** The most workgroups along one dimension. */
const maxWorkgroups = 65535;

/** At least `count` workgroups as a two-dimensional dispatch, with fewer than one row to spare. */
export function spread(count: number): Workgroups {
  const rows = Math.max(1, Math.ceil(count / maxWorkgroups));
  return [Math.ceil(count / rows), rows, 1];
}

/** The number of the workgroup as a `u32` expression, for a dispatch from {@linkcode spread}. */
export function groupNumber([columns, rows]: Workgroups): string {
  return rows === 1 ? "group.x" : `(group.y * ${columns}u + group.x)`;
}
