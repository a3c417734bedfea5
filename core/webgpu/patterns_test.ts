import { pointsOf } from "../compile/nest.ts";
import { openWebgpu } from "./backend.ts";
import { chooseSchedule } from "./choose.ts";
import type { ScheduleChoice } from "./lower.ts";
import { contractions } from "./test_contractions.ts";
import { patterns } from "./test_patterns.ts";
import { assertSame } from "./test_support.ts";
import { isRowable } from "./wgsl_row.ts";

const choices: Record<string, ScheduleChoice> = {
  "for a graphics processor": (nest) => chooseSchedule(nest, "hardware"),
  "for a software driver": (nest) => chooseSchedule(nest, "software"),
  "with a thread for each point": () => ({ kind: "map", lanes: 64, unroll: 4, vectors: false }),
  "with a workgroup for each point": (nest) =>
    isRowable(nest) && pointsOf(nest.outer) < 1e6
      ? { kind: "row", lanes: 32 }
      : { kind: "map", lanes: 32, unroll: 1, vectors: true },
};

for (const [name, choose] of Object.entries(choices)) {
  for (const [description, make] of Object.entries({ ...patterns, ...contractions })) {
    Deno.test(`a WebGPU kernel ${name} computes what the nest says: ${description}`, async () => {
      const backend = await openWebgpu({ allowSoftware: true, choose });
      const { program, cells } = make();
      await assertSame(backend, program, cells);
      await backend.close();
    });
  }
}
