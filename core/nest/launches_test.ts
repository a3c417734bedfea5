import { assertEquals } from "@std/assert";
import { ExpressionTable } from "./expression_table.ts";
import { launchesOf, launchesOfLoop, waitsOf } from "./launches.ts";
import { launch, loop } from "./test_launches.ts";
import { nestOf, phaseOf, slotOf } from "./test_nests.ts";

Deno.test("no launches have no barriers and no chain, and one is a chain", () => {
  assertEquals(waitsOf([]), { barriers: 0, longestChain: 0 });
  assertEquals(waitsOf([loop(3), loop(0, launch({ readwrite: [0] }))]), { barriers: 0, longestChain: 0 });
  assertEquals(waitsOf([launch({ readwrite: [0] })]), { barriers: 0, longestChain: 1 });
});

Deno.test("a launch waits if it reads what was written, writes what was read, or writes again", () => {
  assertEquals(waitsOf([launch({ write: [0] }), launch({ read: [0] })]), { barriers: 1, longestChain: 2 });
  assertEquals(waitsOf([launch({ read: [0] }), launch({ write: [0] })]), { barriers: 1, longestChain: 2 });
  assertEquals(waitsOf([launch({ write: [0] }), launch({ write: [0] })]), { barriers: 1, longestChain: 2 });
  assertEquals(waitsOf([launch({ readwrite: [0] }), launch({ readwrite: [0] })]), { barriers: 1, longestChain: 2 });
});

Deno.test("launches that read the same buffer, or write different ones, do not wait for each other", () => {
  const readers = [1, 2, 3].map((to) => launch({ read: [0], write: [to] }));
  assertEquals(waitsOf(readers), { barriers: 0, longestChain: 1 });
  // The last one waits for all of them at once.
  assertEquals(waitsOf([...readers, launch({ write: [0] })]), { barriers: 1, longestChain: 2 });
});

Deno.test("a barrier ends all earlier launches, although they are in no chain with the later one", () => {
  const steps = [
    launch({ write: [0] }),
    launch({ write: [1] }),
    launch({ read: [0], write: [2] }), // Waits for the first, and so for the second, too.
    launch({ read: [1], write: [3] }),
    launch({ read: [2, 3], write: [4] }), // Waits for both.
  ];
  assertEquals(waitsOf(steps), { barriers: 2, longestChain: 3 });
});

Deno.test("two chains that take turns have more barriers than the longer chain", () => {
  const [a, b] = [launch({ readwrite: [0] }), launch({ readwrite: [1] })];
  assertEquals(waitsOf([a, a, b, b]), { barriers: 2, longestChain: 2 });
  assertEquals(waitsOf([a, b, a, b]), { barriers: 1, longestChain: 2 });
});

Deno.test("launches in loops count in each turn", () => {
  const turn = [launch({ read: [0], write: [1] }), launch({ read: [1], readwrite: [2] })];
  assertEquals(waitsOf([launch({ write: [2] }), loop(4, ...turn)]), { barriers: 7, longestChain: 8 });
  // Each turn writes the buffer of the one before it.
  assertEquals(waitsOf([loop(4, launch({ read: [0], write: [1] }))]), { barriers: 3, longestChain: 4 });
  assertEquals(waitsOf([loop(2, loop(3, launch({ readwrite: [0] })))]), { barriers: 5, longestChain: 6 });
});

Deno.test("the nests of a program are launched in order, apart from empty ones", () => {
  const table = new ExpressionTable();
  const [i, none, t] = [table.variable("i", 4), table.variable("i", 0), table.variable("t", 5)];
  const slots = [slotOf(4), slotOf(4, "write")];
  const nests = [i, none].map((outer) =>
    nestOf({
      slots,
      outer: [outer],
      phases: [phaseOf({ stores: [{ slot: 1, index: outer, value: table.load("f32", 0, outer) }] })],
    })
  );
  const steps = nests.map((nest) => ({ kind: "nest", nest, buffers: [3, 7] } as const));
  const one = { kind: "launch", slots, buffers: [3, 7] } as const;
  assertEquals(launchesOf(steps), [one]);
  assertEquals(launchesOf([{ kind: "loop", counter: t, steps }]), [{ kind: "loop", turns: 5, steps: [one] }]);
});

Deno.test("the launches of a loop are those of its turns and buffers, unless it is one kernel", () => {
  const table = new ExpressionTable();
  const nest = nestOf({ slots: [slotOf(4), slotOf(4, "write")], outer: [table.variable("i", 4)], phases: [] });
  const empty = nestOf({ slots: [slotOf(0)], outer: [table.variable("i", 0)], phases: [] });
  const inner = {
    kind: "loop" as const,
    counter: table.variable("t", 3),
    steps: [
      { kind: "nest" as const, nest, buffers: [2, 5] },
      { kind: "nest" as const, nest: empty, buffers: [7] },
    ],
  };
  const turns = loop(3, launch({ read: [2], write: [5], readwrite: [9] }));
  const others = [
    launch({ read: [2], write: [5] }),
    loop(4, launch({ readwrite: [2, 5] })),
    loop(3, launch({ read: [5] })),
  ];
  assertEquals(launchesOfLoop(inner, [...others, turns]), turns);
  assertEquals(launchesOfLoop(inner, others), undefined);
  const outer = { kind: "loop" as const, counter: table.variable("u", 3), steps: [inner] };
  assertEquals(launchesOfLoop(outer, [loop(3, turns)]), loop(3, turns));
  assertEquals(launchesOfLoop(outer, launchesOf([outer])), launchesOf([outer])[0]);
});
