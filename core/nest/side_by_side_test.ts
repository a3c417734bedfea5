import { assertEquals } from "@std/assert";
import { type LaunchStep, waitsOf } from "./launches.ts";
import { sideBySide } from "./side_by_side.ts";
import { launch, loop } from "./test_launches.ts";

Deno.test("launches that use different buffers, or only read the same ones, are one run", () => {
  assertEquals(sideBySide([]), []);
  const steps = [launch({ read: [0], write: [1] }), launch({ read: [0], write: [2] }), launch({ readwrite: [3] })];
  assertEquals(sideBySide(steps), [[0, 1, 2]]);
});

Deno.test("a run ends before a launch that uses what one of its launches writes, or writes what one uses", () => {
  assertEquals(sideBySide([launch({ write: [0] }), launch({ read: [0] })]), [[0], [1]]);
  assertEquals(sideBySide([launch({ read: [0] }), launch({ write: [0] })]), [[0], [1]]);
  assertEquals(sideBySide([launch({ write: [0] }), launch({ write: [0] })]), [[0], [1]]);
  assertEquals(sideBySide([launch({ readwrite: [0] }), launch({ readwrite: [0] })]), [[0], [1]]);
  // The third launch waits for the first one, which is not the last one of the run.
  const steps = [launch({ write: [0] }), launch({ write: [1] }), launch({ read: [0] }), launch({ write: [1] })];
  assertEquals(sideBySide(steps), [[0, 1], [2, 3]]);
});

Deno.test("a loop is a run of its own", () => {
  const steps = [
    launch({ write: [0] }),
    loop(3, launch({ write: [1] })),
    launch({ write: [2] }),
    launch({ write: [3] }),
  ];
  assertEquals(sideBySide(steps), [[0], [1], [2, 3]]);
});

Deno.test("without loops, there is a run for each barrier and one more", () => {
  let state = 1;
  const below = (limit: number): number => {
    state = Math.imul(state, 1103515245) + 12345 & 0x7fffffff;
    return (state >> 8) % limit;
  };
  for (let program = 0; program < 200; program++) {
    const steps = Array.from({ length: 1 + below(9) }, (): LaunchStep => {
      const buffers = [0, 1, 2, 3, 4, 5].filter(() => below(4) === 0);
      const slots = buffers.map(() => ({ access: (["read", "write", "readwrite"] as const)[below(3)] }));
      return { kind: "launch", slots, buffers };
    });
    const runs = sideBySide(steps);
    assertEquals(runs.flat(), [...steps.keys()]);
    assertEquals(runs.length, waitsOf(steps).barriers + 1);
  }
});
