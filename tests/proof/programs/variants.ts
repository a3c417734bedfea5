/**
 * Devices as no machine of the tests has them: the code that is written for them, on the machine that there is.
 *
 * @module
 */

import type { Backend } from "../../../core/backend.ts";
import type { DType } from "../../../core/dtype.ts";
import type { Plan } from "../../../core/plan/plan.ts";
import { openWasm } from "../../../core/wasm/backend.ts";
import { openWebgpu } from "../../../core/webgpu/backend.ts";
import { mergeRules } from "../../../core/webgpu/merge/rules.ts";
import { schedulerFor } from "../../../core/webgpu/schedule/choose.ts";
import type { Scheduler } from "../../../core/webgpu/schedule/schedule.ts";
import { heldBy, planOf } from "../../oracle.ts";
import { Fault, type Kind } from "./check.ts";
import { deviationOf, type Expected } from "./expected.ts";
import type { Program } from "./program.ts";

/** A backend with a name. */
export interface Variant {
  readonly name: string;
  readonly backend: Backend;
}

/** Opens WebAssembly with one thread and without machine code, and WebGPU with the schedules of hardware, or with others. */
export async function openVariants(kinds: readonly Kind[], scheduler = schedulerFor("hardware")): Promise<Variant[]> {
  const open: { readonly [K in Kind]: () => Promise<Backend> | Backend } = {
    wasm: () => openWasm({ threads: 1, native: false }),
    webgpu: () => openWebgpu({ allowSoftware: true, scheduler, merging: mergeRules.hardware }),
  };
  const names: { readonly [K in Kind]: string } = {
    wasm: "WebAssembly without machine code",
    webgpu: "schedules of hardware",
  };
  return await Promise.all(kinds.map(async (kind) => ({ name: names[kind], backend: await open[kind]() })));
}

/** Threads and points of each thread, along and across a tile: some that only large products have, and odd ones. */
const tiles = [
  [8, 4, 8, 4],
  [16, 4, 5, 4],
  [8, 8, 3, 2],
  [32, 2, 3, 4],
  [16, 1, 6, 8],
  [8, 3, 10, 1],
] as const;

/** The threads of a workgroup that every device allows. */
const MOST_THREADS = 256;

/** The schedules of hardware, with tiles that take turns: all of them give the same results. */
export function tilesInTurn(): Scheduler {
  const usual = schedulerFor("hardware");
  let turn = 0;
  return {
    parts: usual.parts,
    schedule: (nest) => {
      const schedule = usual.schedule(nest);
      if (schedule.kind !== "tile") return schedule;
      const [alongThreads, alongEach, acrossThreads, acrossEach] = tiles[turn++ % tiles.length];
      const most = 2 ** Math.floor(Math.log2(MOST_THREADS / (alongThreads * acrossThreads)));
      const groups = Math.min(schedule.groups, most);
      const staged = groups > 1 ? 4 * groups : 16;
      return { ...schedule, alongThreads, alongEach, acrossThreads, acrossEach, groups, staged };
    },
  };
}

const arrays = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint32Array } as const;

/** The elements of the arguments and of the tensors that a graph holds, by the buffers of its plan. */
async function contentsOf(
  { graph, inputs }: Program,
  { parameters, captured }: Plan,
): Promise<Map<number, Float64Array>> {
  const held = await heldBy(graph);
  return new Map([
    ...parameters.map((buffer, i) => [buffer, inputs[i].values] as const),
    ...captured.map(({ storage, buffer }) => [buffer, held.get(storage)!] as const),
  ]);
}

/** Runs the plan of a program on a backend, and compares its results. */
export async function checkVariant(
  program: Program,
  expected: readonly Expected[],
  { name, backend }: Variant,
): Promise<void> {
  const plan = planOf(program.graph, { name: "program", maxSlots: backend.maxSlots });
  const contents = await contentsOf(program, plan);
  const executable = backend.load(plan.program);
  const buffers = plan.program.buffers.map(({ bytes }) => backend.allocate(bytes));
  plan.program.buffers.forEach(({ dtype }, i) => {
    const values = contents.get(i);
    if (values) backend.write(buffers[i], arrays[dtype].from(values));
  });
  executable.run(buffers);
  const elements = async (dtype: DType, buffer: number): Promise<ArrayLike<number>> =>
    new arrays[dtype](await backend.read(buffers[buffer], plan.program.buffers[buffer].bytes));
  for (const [i, source] of plan.results.entries()) {
    const { dtype } = expected[i];
    const found = await elements(dtype, source.kind === "buffer" ? source.buffer : plan.parameters[source.parameter]);
    const wrong = deviationOf(found, expected[i]);
    if (wrong) throw new Fault(`compiled for ${name}, result ${i}, ${wrong}`);
  }
  buffers.forEach((buffer) => backend.release(buffer));
  executable.dispose();
}
