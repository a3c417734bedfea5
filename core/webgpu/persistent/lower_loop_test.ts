import { assert, assertEquals } from "@std/assert";
import { type Computation, gradientOf, weighted } from "../../../tests/oracle.ts";
import type { Backend } from "../../backend.ts";
import { isTileable } from "../../nest/nest.ts";
import type { Program } from "../../nest/program.ts";
import { scan } from "../../scan.ts";
import type { Tensor } from "../../tensor.ts";
import { openWebgpu } from "../backend.ts";
import { schedulerFor } from "../schedule/choose.ts";
import type { PersistentSchedule, Scheduler, TileSchedule } from "../schedule/schedule.ts";
import { assertSame, gpuTest, hasAdapter, noise, runOn } from "../test_support.ts";
import { lowerLoop } from "./lower_loop.ts";
import { type StartedLoop, withStarts } from "./starts.ts";
import { mixedLoops, programFor, slicedLoops } from "./test_loops.ts";

const hardware = schedulerFor("hardware");

/** A tile that is compiled faster than those for a GPU, and adds in the same order. */
const smallTile: TileSchedule = {
  ...{ kind: "tile", along: "columns", alongThreads: 8, acrossThreads: 8, alongEach: 1, acrossEach: 1 },
  ...{ groups: 1, staged: 16, unroll: 0, vectors: false },
};

/** How the test that runs now computes loops and tiles. There is one device for all tests. */
let loop: NonNullable<Scheduler["loop"]> = () => "repeated";
let tile: TileSchedule | undefined = smallTile;
const backend: Backend | undefined = hasAdapter
  ? await openWebgpu({
    allowSoftware: true,
    scheduler: {
      parts: hardware.parts,
      schedule: (nest) => tile && isTileable(nest) ? tile : hardware.schedule(nest),
      loop: (work) => loop(work),
    },
  })
  : undefined;

const inSlices = (rows: number, lanes = 64) => (): PersistentSchedule => ({ kind: "persistent", rows, lanes });

const gradient = (fn: Computation): Computation => gradientOf(weighted(fn));
const cellsFor = ({ buffers }: Program): Float32Array[] => buffers.map(({ bytes }, i) => noise(bytes / 4, i + 1));

/** The bits of all buffers after a run. */
async function bitsOf(program: Program, chosen: typeof loop): Promise<Uint32Array[]> {
  loop = chosen;
  const results = await runOn(backend!, program, cellsFor(program));
  return results.map((values) => new Uint32Array(Float32Array.from(values).buffer));
}

async function assertSameBits(program: Program, rows: number, lanes?: number): Promise<void> {
  const repeated = await bitsOf(program, () => "repeated");
  assertEquals(await bitsOf(program, inSlices(rows, lanes)), repeated);
}

for (const [name, { fn, shapes }] of Object.entries(slicedLoops)) {
  gpuTest(`one kernel for all turns computes the same bits as a kernel for each nest and turn: ${name}`, async () => {
    for (const [turns, batch, units, rows] of [[3, 7, 17, 3], [1, 2, 5, 1]]) {
      // The gradient has the loop of the function itself, and one in the other direction.
      await assertSameBits(programFor(gradient(fn), shapes(turns, batch, units)), rows);
    }
  });

  gpuTest(`one kernel for all turns computes what the host does: ${name}`, async () => {
    loop = inSlices(2);
    const program = programFor(gradient(fn), shapes(4, 7, 5));
    await assertSame(backend!, program, cellsFor(program));
  });
}

const units = slicedLoops["gated recurrent units"];

gpuTest("slices of one to eight rows compute the same bits, whether the last one is whole or not", async () => {
  const program = programFor(units.fn, units.shapes(5, 11, 6));
  const repeated = await bitsOf(program, () => "repeated");
  for (let rows = 1; rows <= 8; rows++) assertEquals(await bitsOf(program, inSlices(rows)), repeated, `${rows} rows`);
  assertEquals(await bitsOf(program, inSlices(11)), repeated, "all rows");
});

gpuTest("products are added in the order of the tiles for a GPU, also if threads have several columns", async () => {
  const { fn, shapes } = slicedLoops["a recurrent layer"];
  await assertSameBits(programFor(gradient(fn), shapes(2, 2, 256)), 1);
  tile = undefined;
  try {
    await assertSameBits(programFor(fn, shapes(3, 3, 71)), 2);
  } finally {
    tile = smallTile;
  }
});

gpuTest("loops whose rows need what others store are right, turn by turn and in one workgroup", async () => {
  for (const { fn, shapes } of Object.values(mixedLoops)) {
    const program = programFor(gradient(fn), shapes(3, 4, 5));
    await assertSameBits(program, 1);
    await assertSame(backend!, program, cellsFor(program));
  }
});

gpuTest("a batch of one example is computed in one workgroup, with the same bits", async () => {
  for (const { fn, shapes } of Object.values(slicedLoops)) await assertSameBits(programFor(fn, shapes(3, 1, 9)), 1);
});

gpuTest("a loop in a loop is one kernel for each turn of the outer one", async () => {
  const inner = (c: Tensor, row: Tensor): [Tensor, null] => [c.mul(0.5).add(row).sin(), null];
  const nested: Computation = (x) =>
    scan(
      (c: Tensor, rows: Tensor): [Tensor, Tensor] => {
        const [last] = scan(inner, c, rows, { reverse: true });
        return [last, last.sub(c)];
      },
      x.sum({ axis: [0, 1] }),
      x,
    );
  const program = programFor(nested, [[3, 4, 5]]);
  await assertSameBits(program, 2);
  await assertSame(backend!, program, cellsFor(program));
});

/** The first loop of a program, with the nests that prepare its memory. */
function loopOf({ steps }: Pick<Program, "steps">): StartedLoop {
  const found = withStarts(steps).find((step) => step.kind === "started");
  assert(found, "the program has a loop");
  return found;
}

/** The last loop of a program. */
function lastLoopOf({ steps }: Program): StartedLoop {
  const found = withStarts(steps).findLast((step) => step.kind === "started");
  assert(found, "the program has a loop");
  return found;
}

Deno.test("a loop is one kernel on a GPU, with copies of transposed matrices before it", () => {
  const { fn, shapes } = slicedLoops["long short-term memory"];
  const forward = lowerLoop(loopOf(programFor(fn, shapes(28, 64, 128))), { scheduler: hardware, maxSlots: 24 });
  assert(forward.kind === "persistent");
  assertEquals([forward.before.length, forward.body.groups, forward.body.counters], [0, 64, []]);
  const last = lastLoopOf(programFor(gradient(fn), shapes(28, 64, 128)));
  const backward = lowerLoop(last, { scheduler: hardware, maxSlots: 24 });
  assert(backward.kind === "persistent");
  assertEquals(backward.before.map(({ scratchBytes }) => scratchBytes), [4 * 128 * 512]);
  assertEquals(backward.body.slots.length, backward.buffers.length + 1);
  assertEquals(backward.body.slots.at(-1)?.access, "read");
});

Deno.test("a loop is launched turn by turn if its buffers or matrices are too many or too large", () => {
  const { fn, shapes } = slicedLoops["long short-term memory"];
  const kindOf = (size: readonly [number, number, number], maxSlots = 24, scheduler: Scheduler = hardware) =>
    lowerLoop(loopOf(programFor(fn, shapes(...size), maxSlots)), { scheduler, maxSlots }).kind;
  assertEquals(kindOf([28, 64, 128]), "persistent");
  assertEquals(kindOf([28, 64, 128], 4), "repeated");
  assertEquals(kindOf([28, 64, 1024]), "repeated");
  assertEquals(kindOf([28, 100_000, 128]), "repeated");
  assertEquals(kindOf([28, 64, 128], 24, schedulerFor("software")), "repeated");
});

Deno.test("rows that need each other are one kernel only if a single workgroup is fast enough", () => {
  for (const [name, { fn, shapes }] of Object.entries(mixedLoops)) {
    const kernelFor = (batch: number, units: number) => {
      const step = loopOf(programFor(fn, shapes(28, batch, units)));
      const lowered = lowerLoop(step, { scheduler: hardware, maxSlots: 24 });
      return lowered.kind === "persistent" ? lowered.body.groups : lowered.kind;
    };
    assertEquals(kernelFor(3, 4), 1, name);
    assertEquals(kernelFor(600, 700), "repeated", name);
  }
});

Deno.test("if a loop could be one kernel, no sum is split or shared when it is launched turn by turn", () => {
  const { fn, shapes } = slicedLoops["a recurrent layer"];
  const step = loopOf(programFor(fn, shapes(28, 2, 1000)));
  const [inner] = step.loop.steps;
  assert(inner.kind === "nest");
  const shared = hardware.schedule(inner.nest);
  assert(shared.kind === "tile" && shared.groups > 1);
  const repeated = (scheduler: Scheduler): Scheduler => {
    const lowered = lowerLoop(step, { scheduler, maxSlots: 24 });
    assert(lowered.kind === "repeated");
    return lowered.scheduler;
  };
  const apart = repeated({ ...hardware, parts: () => 7, loop: () => "repeated" });
  const launched = apart.schedule(inner.nest);
  assertEquals([apart.parts(inner.nest), launched.kind === "tile" && launched.groups], [1, 1]);
  const software = schedulerFor("software");
  assertEquals(repeated(software), software);
});
