import { isTileable, pointsOf } from "../nest/nest.ts";
import { schedulerFor } from "./schedule/choose.ts";
import { contractions } from "./test_contractions.ts";
import { patterns } from "./test_patterns.ts";
import { isRowable, type Scheduler, type TileSchedule } from "./schedule/schedule.ts";
import { assertSame, gpuTest, openIfAny } from "./test_support.ts";

const largeTile: TileSchedule = {
  kind: "tile",
  along: "rows",
  alongThreads: 16,
  acrossThreads: 4,
  alongEach: 4,
  acrossEach: 8,
  staged: 16,
  unroll: 0,
  vectors: false,
};

const schedulers: Record<string, Scheduler> = {
  "for a graphics processor": schedulerFor("hardware"),
  "for a software driver": schedulerFor("software"),
  "with a thread for each point": {
    parts: () => 1,
    schedule: () => ({ kind: "map", lanes: 64, unroll: 4, vectors: false }),
  },
  "with a workgroup for each point": {
    parts: () => 1,
    schedule: (nest) =>
      isRowable(nest) && pointsOf(nest.outer) < 1e6
        ? { kind: "row", lanes: 32 }
        : { kind: "map", lanes: 32, unroll: 1, vectors: true },
  },
  "in seven parts": { ...schedulerFor("software"), parts: () => 7 },
  "in tiles that are larger than the sides": {
    parts: () => 1,
    schedule: (nest) => isTileable(nest) ? largeTile : schedulerFor("hardware").schedule(nest),
  },
};

for (const [name, scheduler] of Object.entries(schedulers)) {
  // One device for all: drivers allow a few dozens open ones, and those that were closed go with the garbage.
  const backend = await openIfAny({ scheduler });
  const made = name.startsWith("in tiles") ? contractions : { ...patterns, ...contractions };
  for (const [description, make] of Object.entries(made)) {
    // llvmpipe ends loops after 65535 turns; only the choice for it knows how to keep within them.
    if (description.includes("more turns") && !name.startsWith("for ")) continue;
    gpuTest(`a WebGPU kernel ${name} computes what the nest says: ${description}`, async () => {
      const { program, cells } = make();
      await assertSame(backend!, program, cells);
    });
  }
}
