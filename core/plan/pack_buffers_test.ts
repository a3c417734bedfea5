import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { ProgramStep } from "../nest/program.ts";
import { nestOf } from "../nest/test_nests.ts";
import { packBuffers } from "./pack_buffers.ts";
import type { PlannedBuffer, Role } from "./planner.ts";

const nest = nestOf({ slots: [], outer: [], phases: [] });
const table = new ExpressionTable();

const uses = (...buffers: number[]): ProgramStep => ({ kind: "nest", nest, buffers });
const loop = (...steps: ProgramStep[]): ProgramStep => ({ kind: "loop", counter: table.variable("t", 3), steps });
const planned = (bytes: number, role: Role = "temporary"): PlannedBuffer => ({ role, dtype: "f32", bytes });

/** All buffers that a step uses, those of its inner steps among them. */
function usedBy(step: ProgramStep): number[] {
  return step.kind === "loop" ? step.steps.flatMap(usedBy) : [...step.buffers];
}

/** The buffers that hold something while each step runs. */
function aliveAt(steps: readonly ProgramStep[]): number[][] {
  const used = steps.map(usedBy);
  const all = [...new Set(used.flat())];
  const has = (from: number, to: number, buffer: number): boolean => used.slice(from, to).flat().includes(buffer);
  return used.map((_, time) => all.filter((buffer) => has(0, time + 1, buffer) && has(time, used.length, buffer)));
}

Deno.test("temporaries that are needed one after the other share a buffer, and those needed at one time do not", () => {
  const buffers = [planned(8), planned(8), planned(8)];
  const chain = packBuffers(buffers, [uses(0), uses(0, 1), uses(1, 2)]);
  assertEquals(chain.buffers.length, 2);
  assertEquals(chain.moved, [0, 1, 0]);
  assertEquals(chain.steps, [uses(0), uses(0, 1), uses(1, 0)]);
  assertEquals(packBuffers(buffers, [uses(0, 1, 2)]).moved, [0, 1, 2]);
});

Deno.test("a small temporary takes the smallest free buffer", () => {
  const buffers = [planned(64), planned(16), planned(8)];
  const { moved, buffers: packed } = packBuffers(buffers, [uses(0, 1), uses(2)]);
  assertEquals(packed.map(({ bytes }) => bytes), [64, 16]);
  assertEquals(moved, [0, 1, 1]);
});

Deno.test("a buffer of a loop is in use during all of its iterations", () => {
  const { moved } = packBuffers([planned(8), planned(8)], [loop(uses(0), uses(1))]);
  assertEquals(moved, [0, 1]);
  assertEquals(packBuffers([planned(8), planned(8)], [loop(uses(0)), uses(1)]).moved, [0, 0]);
});

Deno.test("buffers that outlive the program are not shared, whether they are used or not", () => {
  const roles = ["parameter", "captured", "result"] as const;
  const { buffers, moved } = packBuffers(roles.map((role) => planned(8, role)), [uses(0), uses(1)]);
  assertEquals(buffers.map(({ role }) => role), [...roles]);
  assertEquals(moved, [0, 1, 2]);
});

Deno.test("an unused temporary takes no memory", () => {
  const { buffers, steps } = packBuffers([planned(8), planned(16)], [uses(1)]);
  assertEquals(buffers, [planned(16)]);
  assertEquals(steps, [uses(0)]);
});

interface Layout {
  readonly buffers: PlannedBuffer[];
  readonly steps: ProgramStep[];
}

const layout: fc.Arbitrary<Layout> = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const used = fc.array(fc.nat(count - 1), { minLength: 1, maxLength: 4 });
  const step = used.map((buffers) => uses(...buffers));
  const inner = fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => loop(...steps));
  const nested = fc.tuple(step, inner).map((steps) => loop(...steps));
  const role = fc.constantFrom<Role>("temporary", "temporary", "temporary", "temporary", "parameter", "result");
  return fc.record({
    buffers: fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), role), { minLength: count, maxLength: count })
      .map((all) => all.map(([size, role]) => planned(size * 16, role))),
    steps: fc.array(fc.oneof({ weight: 4, arbitrary: step }, inner, nested), { maxLength: 10 }),
  });
});

const bytesOf = (buffers: readonly PlannedBuffer[]): number => buffers.reduce((sum, { bytes }) => sum + bytes, 0);

Deno.test("two values that are needed at one time never share a buffer", () => {
  fc.assert(
    fc.property(layout, ({ buffers, steps }) => {
      const { moved } = packBuffers(buffers, steps);
      for (const alive of aliveAt(steps)) {
        assertEquals(new Set(alive.map((buffer) => moved[buffer])).size, alive.length);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("every step still has its buffers, of the same role and large enough", () => {
  fc.assert(
    fc.property(layout, ({ buffers, steps }) => {
      const packed = packBuffers(buffers, steps);
      assertEquals(packed.steps.map(usedBy), steps.map((step) => usedBy(step).map((buffer) => packed.moved[buffer])));
      assertEquals(packed.steps.map(({ kind }) => kind), steps.map(({ kind }) => kind));
      const used = new Set(steps.flatMap(usedBy));
      buffers.forEach(({ role, bytes }, i) => {
        if (role === "temporary" && !used.has(i)) return;
        const place = packed.buffers[packed.moved[i]];
        assertEquals(place.role, role);
        assert(role === "temporary" ? place.bytes >= bytes : place.bytes === bytes);
      });
    }),
    { seed: 2, numRuns: 300 },
  );
});

Deno.test("packing takes no more memory than separate buffers, and no less than is needed at one time", () => {
  fc.assert(
    fc.property(layout, ({ buffers, steps }) => {
      const temporaries = (all: readonly PlannedBuffer[]): PlannedBuffer[] =>
        all.filter(({ role }) => role === "temporary");
      const packed = bytesOf(temporaries(packBuffers(buffers, steps).buffers));
      const peak = Math.max(
        0,
        ...aliveAt(steps).map((alive) => bytesOf(temporaries(alive.map((buffer) => buffers[buffer])))),
      );
      assert(peak <= packed && packed <= bytesOf(temporaries(buffers)), `${peak} ≤ ${packed}`);
    }),
    { seed: 3, numRuns: 300 },
  );
});
