/**
 * Joins the sums of groups of threads that shared the depth of a tile.
 *
 * The sums pass through the workgroup memory of the side along, which is no longer needed then. Half of the groups add
 * those of the other half to their own, until only the first group is left. So the order of the sums is always the
 * same.
 *
 * @module
 */

import type { Expression } from "../../nest/expression.ts";
import { alongMemory, heldRows, heldVectors } from "./tile_memory.ts";
import type { TileFrame } from "./tile_frame.ts";
import { sumNames } from "./tile_sums.ts";

/** Writes the code after which the sums of the first group's threads are those of all groups. */
export function joinGroups(frame: TileFrame): void {
  const { emitter, schedule: { groups }, across, along } = frame;
  const threads = across.threads * along.threads;
  const names = sumNames(frame);
  for (let half = groups / 2; half >= 1; half /= 2) {
    const fit = Math.floor(groups * heldRows(frame) * heldVectors(along) / (half * threads));
    for (let first = 0; first < names.length; first += fit) {
      const passed = names.slice(first, first + fit);
      const own = half * threads;
      emitter.within(groups > 2 * half ? `if (lane / ${own}u == 1u)` : `if (lane >= ${own}u)`, () => {
        passed.forEach((name, i) => emitter.line(`${cellOf(frame, own, { from: -own, number: i })} = ${name};`));
      });
      emitter.line("workgroupBarrier();");
      emitter.within(`if (lane < ${own}u)`, () => {
        passed.forEach((name, i) => emitter.line(`${name} += ${cellOf(frame, own, { from: 0, number: i })};`));
      });
      emitter.line("workgroupBarrier();");
    }
  }
}

/** The place of a passed sum: its number, and that of the thread `from` threads away among the `own` that pass some. */
function cellOf(
  frame: TileFrame,
  own: number,
  { from, number }: { readonly from: number; readonly number: number },
): string {
  const { emitter, table, along } = frame;
  const thread = table.variable("passing", own);
  emitter.bind(thread, from === 0 ? "i32(lane)" : `(i32(lane) - ${-from})`);
  const place = table.affine([[thread, 1]], number * own);
  const columns = heldVectors(along);
  const rows = heldRows(frame);
  const [row, column] = [table.quotient(place, columns), table.remainder(place, columns)];
  const text = (one: Expression): string => emitter.value(one);
  return `${alongMemory}[${text(table.quotient(row, rows))}][${text(table.remainder(row, rows))}][${text(column)}]`;
}
