import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Nest, ReductionKind } from "../../nest/nest.ts";
import { schedulerFor } from "../schedule/choose.ts";
import { isRowable, type RowSchedule } from "../schedule/schedule.ts";
import { type Pattern, patterns, reducing } from "../test_patterns.ts";
import { assertSame, gpuTest, openIfAny } from "../test_support.ts";
import { renderRow } from "./row.ts";

const schedules: readonly RowSchedule[] = [
  { kind: "row", lanes: 64, columns: 16, strip: 8 },
  { kind: "row", lanes: 256, columns: 32, strip: 3 },
  { kind: "row", lanes: 32, columns: 8 },
  { kind: "row", lanes: 16, columns: 8, strip: 2 },
  { kind: "row", lanes: 64, strip: 8 },
  { kind: "row", lanes: 1024, strip: 4 },
];

const kinds: readonly ReductionKind[] = ["sum", "prod", "max", "min", "argmax", "argmin"];

const shapes: readonly (readonly [number, number])[] = [[37, 1], [1, 41], [7, 53], [128, 64], [131, 17], [0, 3], [
  3,
  0,
]];

/** Reductions of rows and of columns, among them long sums, and nests of several phases. */
const made: Readonly<Record<string, () => Pattern>> = {
  ...Object.fromEntries((["row", "column"] as const).flatMap((along) =>
    [
      ...shapes.map((shape) => ["sum", shape] as const),
      ...kinds.map((kind) => [kind, [131, 17]] as const),
    ].map(([kind, shape]) => [`${kind} of every ${along} of ${shape.join(" × ")}`, () => reducing(kind, shape, along)])
  )),
  "sum of every column of 60001 × 3": () => reducing("sum", [60_001, 3], "column"),
  "argmax of every column of 9000 × 5": () => reducing("argmax", [9000, 5], "column"),
  ...Object.fromEntries(
    Object.entries(patterns).filter(([name]) => /softmax|of long|pooling|several loops|no values/.test(name)),
  ),
};

for (const schedule of schedules) {
  const backend = await openIfAny({
    scheduler: {
      parts: () => 1,
      schedule: (nest) => isRowable(nest) ? schedule : schedulerFor("hardware").schedule(nest),
    },
  });
  const { lanes, columns = 1, strip = 1 } = schedule;
  const name = `${lanes} threads for ${columns} points, ${strip} values at a time`;
  gpuTest(`${name}, reduce rows and columns as the reference does`, async () => {
    for (const [description, make] of Object.entries(made)) {
      const { program, cells } = make();
      try {
        await assertSame(backend!, program, cells);
      } catch (error) {
        throw new Error(description, { cause: error });
      }
    }
  });
  gpuTest(`${name}, pass on NaN and infinity to their own sum only`, async () => {
    for (const along of ["row", "column"] as const) {
      const { program, cells } = reducing("sum", [83, 29], along);
      const values = Float32Array.from(cells[0]!);
      values[28] = NaN;
      values[82 * 29 + 28 - 1] = Infinity;
      values[41 * 29 + 3] = -Infinity;
      await assertSame(backend!, program, [values]);
    }
  });
}

function nestOf({ program: { steps: [step] } }: Pattern): Nest {
  if (step.kind !== "nest") throw new Error("Cannot test a loop: expected a nest");
  return step.nest;
}

Deno.test("neighboring columns are loaded by neighboring threads, several rows at a time", () => {
  const { lines, lanes, groups } = renderRow(nestOf(reducing("sum", [500, 100], "column")), {
    kind: "row",
    lanes: 256,
    columns: 16,
    strip: 8,
  });
  const text = lines.join("\n");
  assertEquals([lanes, groups], [256, 7]);
  assertStringIncludes(text, "let point = begin + i32(lane % 16u);");
  assertEquals(text.match(/slot0\[/g)?.length, 8);
  assertStringIncludes(text, " += 128)");
});
