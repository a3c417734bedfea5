/**
 * Contractions whose values pass through workgroup memory: each is loaded once for a workgroup, whatever number of
 * threads needs it.
 *
 * @module
 */

import type { Expression } from "../compile/expression.ts";
import { pointsOf } from "../compile/nest.ts";
import { valueType } from "./wgsl_scalar.ts";
import { addProducts, declareSums, loopsAt, pointOf, type Side, type TileFrame, tilePoints } from "./tile_frame.ts";

/** Writes the loop over depth in steps of `staged` points. Gives the declarations of the workgroup memory. */
export function stageTiles(frame: TileFrame): string[] {
  const { emitter, rewriter, across, along, schedule: { staged }, contraction: { depth } } = frame;
  const points = pointsOf(depth);
  const base = rewriter.table.variable("base", Math.max(1, points));
  declareSums(frame);
  emitter.within(`for (var base = 0; base < ${points}; base += ${staged})`, () => {
    emitter.bind(base, "base");
    fill(frame, "tile_across", across, base);
    fill(frame, "tile_along", along, base);
    emitter.line("workgroupBarrier();");
    emitter.within(`for (var k = 0; k < ${staged}; k++)`, () => {
      const texts = (memory: string, side: Side, thread: string): string[] =>
        Array.from({ length: side.each }, (_, turn) => {
          const name = emitter.name("t");
          const place = side.threads === 1 ? `${turn}` : `${turn * side.threads} + ${thread}`;
          emitter.line(`let ${name} = ${memory}[k * ${rowLength(side)} + ${place}];`);
          return name;
        });
      addProducts(
        frame,
        texts("tile_across", across, "across_thread"),
        texts("tile_along", along, "along_thread"),
      );
    });
    emitter.line("workgroupBarrier();");
  });
  const declare = (name: string, side: Side): string =>
    `var<workgroup> ${name}: array<${valueType[frame.reduction.dtype]}, ${staged * rowLength(side)}>;`;
  return [declare("tile_across", across), declare("tile_along", along)];
}

/** One more than the points of a tile, so that threads that walk down a column meet different banks of the memory. */
const rowLength = (side: Side): number => tilePoints(side) + 1;

/** Writes how the workgroup loads one side's values of `staged` depth points. */
function fill(frame: TileFrame, memory: string, side: Side, base: Expression): void {
  const { emitter, rewriter: { table }, schedule: { staged }, across, along } = frame;
  const threads = across.threads * along.threads;
  const elements = tilePoints(side) * staged;
  const lane = table.variable("lane", threads);
  emitter.bind(lane, "i32(lane)");
  for (let first = 0; first < elements; first += threads) {
    const element = table.affine([[lane, 1]], first);
    const write = (): void => fillOne(frame, memory, side, base, element);
    if (first + threads <= elements) write();
    else emitter.within(`if (lane < ${elements - first}u)`, write);
  }
}

function fillOne(frame: TileFrame, memory: string, side: Side, base: Expression, element: Expression): void {
  const { emitter, rewriter, schedule: { staged }, contraction: { depth }, batch } = frame;
  const { table } = rewriter;
  const deep = isDeep(frame, side);
  const size = deep ? staged : tilePoints(side);
  const [slow, fast] = [table.quotient(element, size), table.remainder(element, size)];
  const [k, place] = deep ? [fast, slow] : [slow, fast];
  const depthPoint = table.affine([[base, 1], [k, 1]]);
  const total = pointsOf(depth);
  const whole = total % staged === 0;
  const inside = whole ? depthPoint : table.apply("min", "i32", [depthPoint, table.literal("i32", total - 1)]);
  const replacements = new Map([
    ...batch,
    ...loopsAt(frame, side, pointOf(frame, side, place)),
    ...rewriter.unflatten(depth, inside),
  ]);
  const value = rewriter.expression(side.factor, replacements);
  const within = table.apply("lt", "bool", [depthPoint, table.literal("i32", total)]);
  const stored = whole ? value : table.apply("where", value.dtype, [within, value, table.literal(value.dtype, 0)]);
  const at = table.affine([[k, rowLength(side)], [place, 1]]);
  emitter.line(`${memory}[${emitter.value(at)}] = ${emitter.value(stored)};`);
}

/** True where a side's values are contiguous along depth: then neighbouring threads load neighbouring depth points. */
function isDeep({ contraction: { depth } }: TileFrame, { factor, loops }: Side): boolean {
  const innermost = depth.at(-1);
  if (factor.kind !== "load" || !innermost) return false;
  const stride = (variable: Expression | undefined): number => {
    if (factor.index === variable) return 1;
    if (factor.index.kind !== "affine") return Infinity;
    return Math.abs(factor.index.terms.find(([term]) => term === variable)?.[1] ?? Infinity);
  };
  return stride(innermost) < stride(loops.at(-1));
}
