/**
 * A nest of a persistent kernel whose points are distributed over the threads of the workgroup.
 *
 * @module
 */

import { loadsIn, type Variable } from "../../nest/expression.ts";
import { expressionsOf, pointsOf } from "../../nest/nest.ts";
import { mapPhase } from "../../nest/rewrite.ts";
import { countersAt } from "../../nest/row_major.ts";
import { renderPhase } from "../wgsl/map.ts";
import { openEmitter, rowAt, rowsText, type SliceFrame, type SlicePart } from "./frame.ts";
import type { SlicedNest } from "./slices.ts";

/** The loops of a nest within a row. */
export const loopsInRow = ({ nest, row }: SlicedNest): Variable[] => nest.outer.filter((loop) => loop !== row);

/** Writes the points of the workgroup's rows. Inner loops of at most `unroll` points are unrolled. */
export function renderPoints(frame: SliceFrame, sliced: SlicedNest, unroll: number): SlicePart {
  const { loop: { table }, schedule } = frame;
  const { nest, row } = sliced;
  const loops = loopsInRow(sliced);
  const width = pointsOf(loops);
  const emitter = openEmitter(frame);
  const point = table.variable("point", schedule.rows * width);
  const [place, within] = schedule.rows === 1
    ? [table.literal("i32", 0), point]
    : [table.quotient(point, width), table.remainder(point, width)];
  const replacements = countersAt(table, loops, within).set(row, rowAt(frame, place));
  const expression = table.substitution(replacements);
  const end = width === 1 ? rowsText(frame) : `${rowsText(frame)} * ${width}`;
  const name = emitter.name("point");
  emitter.within(`for (var ${name} = i32(lane); ${name} < ${end}; ${name} += ${schedule.lanes})`, () => {
    emitter.bind(point, name);
    for (const phase of nest.phases) renderPhase(emitter, [mapPhase(phase, { expression })], unroll);
  });
  return {
    lines: emitter.lines,
    functions: emitter.functions,
    uses: {
      read: loadsIn(expressionsOf(nest)).map(({ slot }) => slot),
      written: nest.phases.flatMap(({ stores }) => stores.map(({ slot }) => slot)),
    },
  };
}
