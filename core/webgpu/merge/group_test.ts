import { assertEquals } from "@std/assert";
import type { Nest } from "../../nest/nest.ts";
import { lowerNest } from "../lower.ts";
import { schedulerFor } from "../schedule/choose.ts";
import type { KernelSchedule } from "../schedule/schedule.ts";
import { product } from "../test_contractions.ts";
import { type Pattern, patterns } from "../test_patterns.ts";
import { groupLaunches, type GroupOptions, type LoweredLaunch } from "./group.ts";
import { mergeRules } from "./rules.ts";

function nestOf({ program }: Pattern, name: string): Nest {
  const [step] = program.steps;
  if (step.kind !== "nest") throw new Error("Cannot test a loop: expected a nest");
  return { ...step.nest, name };
}

let buffers = 0;

/** A launch of the nest with this schedule, or that for a GPU, on buffers of its own. */
function launch(name: string, pattern: Pattern, schedule?: KernelSchedule): LoweredLaunch {
  const nest = nestOf(pattern, name);
  const scheduler = { parts: () => 1, schedule: () => schedule ?? schedulerFor("hardware").schedule(nest) };
  const { kernels: [kernel] } = lowerNest(nest, scheduler, 10);
  return { kernel, buffers: nest.slots.map(() => buffers++) };
}

const options: GroupOptions = { merging: mergeRules.hardware, maxSlots: 32, maxMemory: 32768 };

/** The names and lanes of the groups. */
const grouped = (launches: readonly LoweredLaunch[], more: Partial<GroupOptions> = {}): string[] =>
  groupLaunches(launches, { ...options, ...more }).map((group) =>
    `${group.map(({ body: { name } }) => name).join(" | ")}: ${[...new Set(group.map(({ body }) => body.lanes))]}`
  );

const small = (name: string) => launch(name, patterns["four neighbors at a time"]());
const row = (name: string, lanes: number) => launch(name, patterns["sums of rows"](), { kind: "row", lanes });
const staged = {
  groups: 1,
  staged: 16,
  unroll: 0,
  vectors: false,
  alongEach: 4,
  acrossEach: 4,
  along: "columns",
} as const;
const tile = (name: string, acrossThreads: number) =>
  launch(name, product(64, 64, 300), { kind: "tile", alongThreads: 8, acrossThreads, ...staged });

Deno.test("launches with one number of lanes become one, those with the longest workgroups first", () => {
  assertEquals(grouped([small("a"), tile("b", 8), row("c", 64)]), ["b | c | a: 64"]);
  assertEquals(grouped([small("a")]), ["a: 64"]);
  assertEquals(grouped([]), []);
});

Deno.test("rows and elementwise kernels get the lanes of a product, rows if they have no more", () => {
  assertEquals(grouped([small("a"), tile("b", 12), row("c", 32)]), ["b | c | a: 96"]);
  assertEquals(grouped([small("a"), tile("b", 12), row("c", 256)]), ["b | a: 96", "c: 256"]);
  assertEquals(grouped([row("a", 32), row("b", 256)]), ["a | b: 256"]);
});

Deno.test("products with different numbers of lanes stay apart", () => {
  assertEquals(grouped([tile("a", 12), tile("b", 8), small("c")]), ["a | c: 96", "b: 64"]);
});

Deno.test("elementwise kernels that do not fit to a product keep their own lanes", () => {
  const launches = [tile("a", 12), small("b"), small("c")];
  const length = 20000;
  assertEquals(grouped(launches, { merging: { ...mergeRules.hardware, mostText: 2000 } }), ["a: 96", "b | c: 64"]);
  assertEquals(grouped(launches, { merging: { ...mergeRules.hardware, mostText: length } }), ["a | b | c: 96"]);
});

Deno.test("a kernel has no more buffers and workgroup memory than the device allows", () => {
  assertEquals(grouped([small("a"), small("b"), small("c")], { maxSlots: 6 }), ["a | b: 64", "c: 64"]);
  const [one, ...others] = [small("a"), small("b"), small("c")];
  const shared = [
    one,
    ...others.map((other) => ({ ...other, buffers: [...one.buffers.slice(0, 2), ...other.buffers.slice(2)] })),
  ];
  assertEquals(grouped(shared, { maxSlots: 5 }), ["a | b | c: 64"]);
  assertEquals(grouped([tile("a", 8), row("b", 64)], { maxMemory: 4700 }), ["a: 64", "b: 64"]);
});

Deno.test("a kernel has at most 32 bodies", () => {
  const groups = groupLaunches(Array.from({ length: 70 }, () => small("a")), { ...options, maxSlots: 1000 });
  assertEquals(groups.map(({ length }) => length), [32, 32, 6]);
});

Deno.test("a kernel that moves many bytes is not merged with a product, but with others", () => {
  const merging = { ...mergeRules.hardware, mostStreamed: 1000 };
  assertEquals(grouped([tile("a", 8), small("b"), small("c")], { merging }), ["a: 64", "b | c: 64"]);
});

Deno.test("on software drivers only short kernels become one, because they execute the lines of all", () => {
  const merging = mergeRules.software;
  assertEquals(grouped([small("a"), small("b")], { merging }), ["a | b: 64"]);
  assertEquals(grouped([tile("a", 8), small("b")], { merging }), ["a: 64", "b: 64"]);
  assertEquals(grouped([small("a"), small("b")], { merging: { ...merging, mostSkipped: 10 } }), ["a: 64", "b: 64"]);
});
