/**
 * Contractions whose values pass through workgroup memory. Each value is loaded once per workgroup, however many
 * threads need it.
 *
 * The memory holds vectors of neighboring points. The loop over depth loads the values of the next step before it
 * computes the products of the previous one, so that the products hide the latency of the buffers.
 *
 * @module
 */

import type { WorkgroupArray } from "./body.ts";
import { inBlocks, type Range } from "./loops.ts";
import { stepDepth } from "./stage_depth.ts";
import { fill, type Stage, widenBuffers } from "./stage_fill.ts";
import { stagedSteps, type TileFrame } from "./tile_frame.ts";
import { acrossMemory, alongMemory, groupDepth, memoryOf } from "./tile_memory.ts";
import { addProducts, declareSums, sumBlock } from "./tile_sums.ts";

/** Writes the loop over depth in steps of `staged` points. Returns the workgroup memory. */
export function stageTiles(frame: TileFrame): WorkgroupArray[] {
  const { emitter, table, schedule: { staged, groups }, contraction, blocks } = frame;
  const threads = frame.across.threads * frame.along.threads;
  const lane = table.variable("lane", groups * threads);
  emitter.bind(lane, "i32(lane)");
  const depth = stepDepth(frame);
  const across: Stage = { frame, side: frame.across, memory: acrossMemory, thread: "across_thread", lane, depth };
  const along: Stage = { frame, side: frame.along, memory: alongMemory, thread: "along_thread", lane, depth };
  widenBuffers([across, along]);
  const width = frame.along.neighbors;
  if (groups > 1) emitter.line(`let share = lane / ${threads}u;`);
  declareSums(frame, width);
  depth.open();
  const body = ({ from, to }: Range): void =>
    emitter.within(`for (var step = ${from}; step < ${to}; step++)`, () => {
      depth.enter();
      const stores = [...fill(across), ...fill(along)];
      emitter.within("if (step > 0)", () => {
        for (let k = 0; k < groupDepth(frame); k++) {
          addProducts(frame, { across: components(across, k), along: vectors(along, k) }, width);
        }
      });
      emitter.line("workgroupBarrier();");
      stores.forEach((store) => emitter.line(store));
      emitter.line("workgroupBarrier();");
      depth.leave();
    });
  const lengths = blocks[0] ?? [];
  const block = (body: () => void): void => sumBlock(frame, width, body);
  inBlocks(emitter, { from: "0", to: `${stagedSteps(contraction.depth, staged)}` }, { lengths, block, body });
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
