/**
 * Contractions whose values pass through workgroup memory. Each value is loaded once per workgroup, however many
 * threads need it.
 *
 * The memory holds vectors of neighboring points. The loop over depth loads the values of the next
 * step before it computes the products of the previous one, so that the products hide the latency of the buffers.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import { countersAt } from "../../nest/row_major.ts";
import { distanceAlong } from "../../nest/strides.ts";
import type { WorkgroupArray } from "./body.ts";
import { inBlocks, type Range } from "./loops.ts";
import { loopsAt, pointOf, stagedSteps, type TileFrame, tilePoints, type TileSide } from "./tile_frame.ts";
import { acrossMemory, alongMemory, groupDepth, memoryOf } from "./tile_memory.ts";
import { addProducts, declareSums, sumBlock, vectorType } from "./tile_sums.ts";

/** A side and the workgroup memory that its values pass through. */
interface Stage {
  readonly frame: TileFrame;
  readonly side: TileSide;
  readonly memory: string;
  /** The name of the thread's number along the side. */
  readonly thread: string;
  /** The thread's number in the workgroup. It is known outside the loop, and so are the places that it loads. */
  readonly lane: Variable;
}

/** Writes the loop over depth in steps of `staged` points. Returns the workgroup memory. */
export function stageTiles(frame: TileFrame): WorkgroupArray[] {
  const { emitter, table, schedule: { staged, groups }, contraction: { depth }, blocks } = frame;
  const points = pointsOf(depth);
  const base = table.variable("base", Math.max(1, points));
  const lane = table.variable("lane", groups * frame.across.threads * frame.along.threads);
  emitter.bind(lane, "i32(lane)");
  const across: Stage = { frame, side: frame.across, memory: acrossMemory, thread: "across_thread", lane };
  const along: Stage = { frame, side: frame.along, memory: alongMemory, thread: "along_thread", lane };
  const width = frame.along.neighbors;
  if (groups > 1) emitter.line(`let share = lane / ${frame.across.threads * frame.along.threads}u;`);
  declareSums(frame, width);
  const steps = stagedSteps(depth, staged);
  const body = ({ from, to }: Range): void =>
    emitter.within(`for (var step = ${from}; step < ${to}; step += ${staged})`, () => {
      emitter.line(`let base = min(step, ${Math.max(0, steps - 2) * staged});`);
      emitter.bind(base, "base");
      const stores = [...fill(across, base), ...fill(along, base)];
      emitter.within("if (step > 0)", () => {
        for (let k = 0; k < groupDepth(frame); k++) {
          addProducts(frame, { across: components(across, k), along: vectors(along, k) }, width);
        }
      });
      emitter.line("workgroupBarrier();");
      stores.forEach((store) => emitter.line(store));
      emitter.line("workgroupBarrier();");
    });
  const lengths = (blocks[0] ?? []).map((length) => length * staged);
  const block = (body: () => void): void => sumBlock(frame, width, body);
  inBlocks(emitter, { from: "0", to: `${steps * staged}` }, { lengths, block, body });
  return memoryOf(frame);
}

/** Writes the loads of a thread's vectors at depth point `k` of its group, and returns their names. */
function vectors({ frame: { emitter, schedule }, side, memory, thread }: Stage, k: number): string[] {
  const group = schedule.groups > 1 ? "[share]" : "";
  return Array.from({ length: side.each / side.neighbors }, (_, turn) => {
    const name = emitter.name("t");
    const place = side.threads === 1 ? `${turn}` : turn === 0 ? thread : `${thread} + ${turn * side.threads}`;
    emitter.line(`let ${name} = ${memory}${group}[${k}][${place}];`);
    return name;
  });
}

/** The same, with one text for each point. */
function components(stage: Stage, k: number): string[] {
  const { neighbors } = stage.side;
  return vectors(stage, k).flatMap((name) =>
    neighbors === 1 ? [name] : Array.from({ length: neighbors }, (_, i) => `${name}.${"xyzw"[i]}`)
  );
}

/**
 * Writes the loads of one side's values of a step. Returns the lines that store them in workgroup memory.
 *
 * Neighboring threads load contiguous values: either neighboring points, of which each thread stores one component of a
 * vector, or neighboring depth points, of which each thread stores a whole vector of points.
 */
function fill(stage: Stage, base: Expression): string[] {
  const { frame: { emitter, table, schedule: { staged, groups }, across, along }, side, lane } = stage;
  const threads = across.threads * along.threads * groups;
  const deep = isDeep(stage.frame, side);
  const columns = deep ? staged : tilePoints(side);
  const elements = tilePoints(side) * staged / (deep ? side.neighbors : 1);
  const stores: string[] = [];
  for (let first = 0; first < elements; first += threads) {
    const number = table.affine([[lane, 1]], first);
    const whole = first + threads <= elements;
    const element = whole ? number : table.apply("min", "i32", [number, table.literal("i32", elements - 1)]);
    const [slow, fast] = [table.quotient(element, columns), table.remainder(element, columns)];
    const store = deep ? fillVector(stage, { base, k: fast }, slow) : fillPoint(stage, { base, k: slow }, fast);
    stores.push(whole ? store : `if (lane < ${elements - first}u) { ${store} }`);
  }
  return stores;
}

/** Depth point number `k` of the step that begins with `base`. */
interface StepDepth {
  readonly base: Expression;
  readonly k: Expression;
}

/** Loads the value at depth point `k` of the step and one position of the tile. */
function fillPoint(stage: Stage, depth: StepDepth, place: Expression): string {
  const { frame: { emitter, table }, side: { neighbors } } = stage;
  const value = loadOne(stage, depth, place);
  const vector = cellOf(stage, depth.k, table.quotient(place, neighbors));
  return neighbors === 1
    ? `${vector} = ${value};`
    : `${vector}[${emitter.value(table.remainder(place, neighbors))}] = ${value};`;
}

/** Loads the values of one vector of the tile at depth point `k` of the step. */
function fillVector(stage: Stage, depth: StepDepth, vector: Expression): string {
  const { frame: { table, reduction: { dtype } }, side: { neighbors } } = stage;
  const values = Array.from(
    { length: neighbors },
    (_, place) => loadOne(stage, depth, table.affine([[vector, neighbors]], place)),
  );
  const value = neighbors === 1 ? values[0] : `${vectorType(dtype, neighbors)}(${values.join(", ")})`;
  return `${cellOf(stage, depth.k, vector)} = ${value};`;
}

/** The place in memory of a vector at depth point `k` of the step. */
function cellOf({ frame, memory }: Stage, k: Expression, vector: Expression): string {
  const { emitter, table, schedule: { groups } } = frame;
  const each = groupDepth(frame);
  const row = emitter.value(table.remainder(k, each));
  const group = groups > 1 ? `[${emitter.value(table.quotient(k, each))}]` : "";
  return `${memory}${group}[${row}][${emitter.value(vector)}]`;
}

function loadOne({ frame, side }: Stage, { base, k }: StepDepth, place: Expression): string {
  const { emitter, table, schedule: { staged }, contraction: { depth }, batch } = frame;
  const depthPoint = table.affine([[base, 1], [k, 1]]);
  const total = pointsOf(depth);
  const whole = total % staged === 0;
  const inside = whole ? depthPoint : table.apply("min", "i32", [depthPoint, table.literal("i32", total - 1)]);
  const replacements = new Map([
    ...batch,
    ...loopsAt(frame, side, pointOf(frame, side, place)),
    ...countersAt(table, depth, inside),
  ]);
  const value = table.substitute(side.factor, replacements);
  const within = table.apply("lt", "bool", [depthPoint, table.literal("i32", total)]);
  const loaded = whole ? value : table.apply("where", value.dtype, [within, value, table.literal(value.dtype, 0)]);
  return emitter.value(loaded);
}

/** True if a side's values are contiguous along depth, so that neighboring threads load neighboring depth points. */
function isDeep({ contraction: { depth } }: TileFrame, { factor, loops }: TileSide): boolean {
  return factor.kind === "load" &&
    distanceAlong(factor.index, depth.at(-1)) < distanceAlong(factor.index, loops.at(-1));
}
