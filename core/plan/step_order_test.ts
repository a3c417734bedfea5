import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Access } from "../nest/nest.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { ProgramStep } from "../nest/program.ts";
import { countOperations } from "../../tests/count_operations.ts";
import type { PlannedBuffer, Role } from "./planner.ts";
import { orderSteps } from "./step_order.ts";

const MB = 2 ** 20;
const buffer = (role: Role, megabytes: number): PlannedBuffer => ({ role, dtype: "f32", bytes: megabytes * MB });

/** A step with a name, whose nest uses buffers in these ways. */
function step(name: string, uses: readonly (readonly [Access, number])[]): ProgramStep {
  const slots = uses.map(([access]) => ({ dtype: "f32" as const, elements: 1, access }));
  const nest = { name, outer: [], phases: [], slots, counters: [] };
  return { kind: "nest", nest, buffers: uses.map(([, buffer]) => buffer) };
}

const nameOf = (one: ProgramStep): string => one.kind === "nest" ? one.nest.name : `loop of ${one.steps.map(nameOf)}`;

/** A forward pass of two layers with weights 0 and 1, and a backward pass that updates them at its end. */
const layers: readonly PlannedBuffer[] = [
  ...[0, 1].map(() => buffer("parameter", 1)),
  ...[4, 2, 3, 8].map((megabytes) => buffer("temporary", megabytes)),
];
const training: readonly ProgramStep[] = [
  step("first layer", [["read", 0], ["write", 2]]),
  step("second layer", [["read", 1], ["read", 2], ["write", 3]]),
  step("gradient", [["read", 3], ["write", 4]]),
  step("gradient of the first layer", [["read", 1], ["read", 4], ["write", 5]]),
  step("update of 0", [["read", 5], ["readwrite", 0]]),
  step("update of 1", [["read", 2], ["read", 4], ["readwrite", 1]]),
];

Deno.test("a gradient is computed after what releases memory, which still waits for those that read what it overwrites", () => {
  // Here the update of 1 must wait, because the gradient of the first layer reads the old weights.
  assertEquals(orderSteps(layers, training).map(nameOf), training.map(nameOf));
  const copied = training.map((one) =>
    nameOf(one) === "gradient of the first layer" ? step(nameOf(one), [["read", 4], ["write", 5]]) : one
  );
  // 4 + 3 + 8 megabytes are needed at once otherwise, and 3 + 8 so. The last user of buffer 4 is either way one of both.
  assertEquals(orderSteps(layers, copied).map(nameOf), [
    "first layer",
    "second layer",
    "gradient",
    "update of 1",
    "gradient of the first layer",
    "update of 0",
  ]);
});

Deno.test("small programs keep their order, also those that could save less than a megabyte", () => {
  const small = layers.map((one) => ({ ...one, bytes: one.bytes / 16 }));
  assertStrictEquals(orderSteps(small, training), training);
  assertEquals(orderSteps([], []), []);
});

Deno.test("a loop is one step with the buffers of all of its steps", () => {
  const counter = new ExpressionTable().variable("t", 3);
  const loop = (...steps: ProgramStep[]): ProgramStep => ({ kind: "loop", counter, steps });
  const [first, second, gradient, , last, update] = training;
  const long = loop(step("gradient of the first layer", [["read", 4], ["write", 5]]));
  assertEquals(orderSteps(layers, [first, second, gradient, long, loop(last), loop(update)]).map(nameOf), [
    "first layer",
    "second layer",
    "gradient",
    "loop of update of 1",
    "loop of gradient of the first layer",
    "loop of update of 0",
  ]);
});

/** What each step reads, as the names of the steps that wrote it last. */
function seenBy(steps: readonly ProgramStep[], count: number): Map<string, readonly string[]> {
  const content = Array.from({ length: count }, (_, i) => `start of ${i}`);
  const seen = new Map<string, readonly string[]>();
  for (const one of steps) {
    if (one.kind === "loop") continue;
    const { nest: { name, slots }, buffers } = one;
    seen.set(name, slots.flatMap(({ access }, i) => access === "write" ? [] : [content[buffers[i]]]));
    slots.forEach(({ access }, i) => {
      if (access !== "read") content[buffers[i]] = name;
    });
  }
  seen.set("end", content);
  return seen;
}

/** 300 random programs, with their buffers. */
function* randomPrograms(): Generator<{ planned: readonly PlannedBuffer[]; steps: readonly ProgramStep[] }> {
  let state = 1;
  const random = (below: number): number => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return (state >>> 16) % below;
  };
  for (let trial = 0; trial < 300; trial++) {
    const count = 4 + random(12);
    const roles: readonly Role[] = ["temporary", "temporary", "temporary", "parameter", "result"];
    const planned = Array.from({ length: count }, () => buffer(roles[random(roles.length)], 1 + random(9)));
    const accesses: readonly Access[] = ["read", "read", "write", "readwrite"];
    const steps = Array.from({ length: 3 + random(20) }, (_, i) => {
      const used = new Set(Array.from({ length: 1 + random(4) }, () => random(count)));
      return step(`step ${i}`, [...used].map((one) => [accesses[random(accesses.length)], one] as const));
    });
    yield { planned, steps };
  }
}

Deno.test("in the new order, every step of random programs reads what it read before", () => {
  let moved = 0;
  for (const { planned, steps } of randomPrograms()) {
    const { length } = planned;
    const ordered = orderSteps(planned, steps);
    assertEquals(ordered.map(nameOf).toSorted(), steps.map(nameOf).toSorted());
    assertEquals(seenBy(ordered, length).get("end"), seenBy(steps, length).get("end"));
    for (const [name, seen] of seenBy(steps, length)) assertEquals(seenBy(ordered, length).get(name), seen);
    if (ordered !== steps) moved++;
  }
  assert(moved > 30, `only ${moved} of 300 programs were put into another order`);
});

Deno.test("ordering four times as many steps takes about four times as many operations", () => {
  /** Steps that can run in any order, and read the same parameter; then one for each, which releases its memory. */
  const work = (count: number): number => {
    const planned = [buffer("parameter", 1), ...Array.from({ length: count }, () => buffer("temporary", 1))];
    const writing = Array.from({ length: count }, (_, i) => step(`write ${i}`, [["read", 0], ["write", 1 + i]]));
    const reading = Array.from({ length: count }, (_, i) => step(`read ${i}`, [["read", 0], ["read", 1 + i]]));
    return countOperations(() => {
      const ordered = orderSteps(planned, [...writing, ...reading]);
      assertEquals(ordered.slice(0, 4).map(nameOf), ["write 0", "read 0", "write 1", "read 1"]);
    });
  };
  const [few, many] = [500, 2000].map(work);
  assert(many < 4.5 * few, `${few} operations for 1000 steps, ${many} for 4000`);
});

const buffersOf = (one: ProgramStep): readonly number[] => one.kind === "nest" ? one.buffers : [];
const writtenBy = (one: ProgramStep): readonly number[] =>
  one.kind === "nest" ? one.buffers.filter((_, i) => one.nest.slots[i].access !== "read") : [];

/** Bytes of the temporaries that some of these steps use, and some of those. */
function sharedBytes(planned: readonly PlannedBuffer[], these: readonly ProgramStep[], those: readonly ProgramStep[]) {
  const isUsed = (steps: readonly ProgramStep[], buffer: number) =>
    steps.some((one) => buffersOf(one).includes(buffer));
  return planned.reduce(
    (sum, { role, bytes }, i) => role === "temporary" && isUsed(these, i) && isUsed(those, i) ? sum + bytes : sum,
    0,
  );
}

/** The most bytes in memory: a temporary is there from its first step to its last. */
function peakOf(planned: readonly PlannedBuffer[], steps: readonly ProgramStep[]): number {
  return Math.max(...steps.map((_, i) => sharedBytes(planned, steps.slice(0, i + 1), steps.slice(i))));
}

/** The order by its definition: the first step that can run and leaves less in memory, or else the first that can run. */
function ordered(planned: readonly PlannedBuffer[], steps: readonly ProgramStep[]): readonly ProgramStep[] {
  const done: ProgramStep[] = [];
  let left = [...steps];
  const conflict = (a: ProgramStep, b: ProgramStep): boolean =>
    writtenBy(a).some((one) => buffersOf(b).includes(one)) || writtenBy(b).some((one) => buffersOf(a).includes(one));
  while (left.length > 0) {
    const ready = left.filter((one, i) => !left.slice(0, i).some((earlier) => conflict(earlier, one)));
    const before = sharedBytes(planned, done, left);
    const after = (one: ProgramStep): number =>
      sharedBytes(planned, [...done, one], left.filter((other) => other !== one));
    const next = ready.find((one) => after(one) < before) ?? ready[0];
    done.push(next);
    left = left.filter((one) => one !== next);
  }
  return done;
}

Deno.test("the order of random programs is that of its definition, if that saves a megabyte", () => {
  for (const { planned, steps } of randomPrograms()) {
    const best = ordered(planned, steps);
    const expected = peakOf(planned, steps) - peakOf(planned, best) >= MB ? best : steps;
    assertEquals(orderSteps(planned, steps).map(nameOf), expected.map(nameOf));
  }
});

Deno.test("steps change places for a megabyte, and not for less", () => {
  const copied = training.map((one) =>
    nameOf(one) === "gradient of the first layer" ? step(nameOf(one), [["read", 4], ["write", 5]]) : one
  );
  // Without the others, buffer 2 stays in memory while the largest one is computed.
  const kept = (bytes: number) => layers.map((one, i) => i === 2 ? { ...one, bytes } : one);
  assert(orderSteps(kept(MB), copied) !== copied);
  assertStrictEquals(orderSteps(kept(MB - 4), copied), copied);
});
