import { assert, assertEquals } from "@std/assert";
import { launchOrder } from "./launch_order.ts";
import { type LaunchStep, waitsOf } from "./launches.ts";
import { launch, loop } from "./test_launches.ts";

const barriersOf = (steps: readonly LaunchStep[]): number => waitsOf(steps).barriers;
const ordered = (steps: readonly LaunchStep[]): LaunchStep[] => launchOrder(steps).map((step) => steps[step]);

Deno.test("steps that need no barrier move before one that does", () => {
  // Two chains, one after the other.
  const steps = [
    launch({ write: [0] }),
    launch({ readwrite: [0] }),
    launch({ write: [1] }),
    launch({ readwrite: [1] }),
  ];
  assertEquals(launchOrder(steps), [0, 2, 1, 3]);
  assertEquals([barriersOf(steps), barriersOf(ordered(steps))], [2, 1]);
});

Deno.test("steps stay where they are if no barrier is saved", () => {
  const steps = [launch({ write: [0] }), launch({ read: [0], write: [1] }), launch({ write: [2] })];
  assertEquals(launchOrder(steps), [0, 1, 2]);
  assertEquals(launchOrder([]), []);
});

Deno.test("loops move as a whole", () => {
  const steps = [
    launch({ write: [0] }),
    loop(3, launch({ readwrite: [0] })),
    launch({ read: [0], write: [1] }),
    launch({ write: [2] }),
    launch({ read: [2], write: [3] }),
    launch({ read: [3, 1], write: [4] }),
  ];
  assertEquals(launchOrder(steps), [0, 3, 1, 4, 2, 5]);
  assertEquals([barriersOf(steps), barriersOf(ordered(steps))], [6, 5]);
});

Deno.test("the turns of a long loop are not counted one by one", () => {
  const long = loop(1e9, loop(1e9, launch({ readwrite: [0] })));
  assertEquals(launchOrder([long, launch({ write: [1] }), launch({ read: [0, 1] })]), [0, 1, 2]);
  const steps = [long, launch({ read: [0], write: [1] }), launch({ write: [2] }), launch({ read: [1, 2] })];
  assertEquals(launchOrder(steps).length, 4);
});

Deno.test("steps of random programs keep their order if one writes what the other uses", () => {
  let state = 1;
  const below = (limit: number): number => {
    state = Math.imul(state, 1103515245) + 12345 & 0x7fffffff;
    return (state >> 8) % limit;
  };
  let saved = 0;
  for (let program = 0; program < 300; program++) {
    const uses = Array.from({ length: 2 + below(9) }, () => {
      const buffers = [0, 1, 2, 3, 4, 5].filter(() => below(3) === 0);
      return buffers.map((buffer) => ({ buffer, access: (["read", "write", "readwrite"] as const)[below(3)] }));
    });
    const steps = uses.map((all): LaunchStep => {
      const one = { kind: "launch", slots: all, buffers: all.map(({ buffer }) => buffer) } as const;
      return below(4) === 0 ? loop(1 + below(3), one) : one;
    });
    const order = launchOrder(steps);
    assertEquals(order.toSorted((a, b) => a - b), [...steps.keys()]);
    for (let later = 0; later < steps.length; later++) {
      for (let earlier = 0; earlier < later; earlier++) {
        const isHazard = uses[earlier].some((a) =>
          uses[later].some((b) => a.buffer === b.buffer && (a.access !== "read" || b.access !== "read"))
        );
        assert(!isHazard || order.indexOf(earlier) < order.indexOf(later), `${earlier} and ${later} of ${order}`);
      }
    }
    const [before, after] = [barriersOf(steps), barriersOf(ordered(steps))];
    assert(after <= before);
    // Without loops, there are as few barriers as the longest chain allows.
    if (steps.every(({ kind }) => kind === "launch")) assertEquals(after, Math.max(0, waitsOf(steps).longestChain - 1));
    saved += before - after;
  }
  assert(saved > 20, `${saved} barriers saved`);
});
