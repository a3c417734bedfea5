import { isTileable, pointsOf } from "../nest/nest.ts";
import { schedulerFor } from "./schedule/choose.ts";
import { contractions } from "./test_contractions.ts";
import { type Pattern, patterns } from "./test_patterns.ts";
import { isRowable, type Scheduler, type TileSchedule } from "./schedule/schedule.ts";
import { assertEvaluated, type Evaluated, evaluateOnHost, gpuTest, openIfAny } from "./test_support.ts";

const largeTile: TileSchedule = {
  kind: "tile",
  along: "rows",
  alongThreads: 16,
  acrossThreads: 4,
  alongEach: 4,
  acrossEach: 8,
  groups: 1,
  staged: 16,
  unroll: 0,
  vectors: false,
};

const schedulers: Record<string, Scheduler> = {
  "for a GPU": schedulerFor("hardware"),
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
  "with several rows in a workgroup": {
    parts: () => 1,
    schedule: (nest) =>
      isRowable(nest) && pointsOf(nest.outer) < 1e6
        ? { kind: "row", lanes: 32, columns: 4, strip: 3, threads: 112 }
        : { kind: "map", lanes: 96, unroll: 1, vectors: true },
  },
  "in seven parts": { ...schedulerFor("software"), parts: () => 7 },
  "in tiles larger than the sides": {
    parts: () => 1,
    schedule: (nest) => isTileable(nest) ? largeTile : schedulerFor("hardware").schedule(nest),
  },
};

/** What each pattern computes on the host, once for all schedulers. */
const known = new Map<string, Evaluated>();

function evaluated(description: string, make: () => Pattern): Evaluated {
  if (!known.has(description)) {
    const { program, cells } = make();
    known.set(description, evaluateOnHost(program, cells));
  }
  return known.get(description)!;
}

for (const [name, scheduler] of Object.entries(schedulers)) {
  // One device for all tests: drivers allow a few dozen open ones, and only garbage collection frees closed ones.
  const backend = await openIfAny({ scheduler });
  const made = name.startsWith("in tiles") ? contractions : { ...patterns, ...contractions };
  for (const [description, make] of Object.entries(made)) {
    // llvmpipe ends loops after 65535 iterations, which only the schedulers of `choose.ts` take into account.
    if (description.includes("more iterations") && !name.startsWith("for ")) continue;
    gpuTest(`a WebGPU kernel ${name} computes its nest: ${description}`, async () => {
      await assertEvaluated(backend!, evaluated(description, make));
    });
  }
}
