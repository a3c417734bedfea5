import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";
import { areMixed, ranked, type RankedRun } from "./ranking.ts";

const none = { validationError: null, validationLoss: null };
const rate = (error: number | null, loss: number | null = null): RankedRun => ({
  ...{ monitor: "validationError", errorUnit: "%", validationError: error, validationLoss: loss },
});
const loss = (one: number | null): RankedRun => ({
  ...{ monitor: "validationLoss", errorUnit: "", validationError: null, validationLoss: one },
});

Deno.test("runs are sorted by the result that they monitor, the lowest first", () => {
  const [a, b, c, d] = [rate(3, 0.1), rate(1, 0.9), rate(2, 0.5), rate(null)];
  assertEquals(ranked([d, a, b, c]), [b, c, a, d]);
  const [one, two, three] = [loss(0.1), loss(0.2), loss(-3)];
  assertEquals(ranked([two, loss(NaN), one, three, loss(null)]), [three, one, two, loss(NaN), loss(null)]);
  assertEquals(ranked([loss(Infinity), one, loss(-Infinity)]), [loss(-Infinity), one, loss(Infinity)]);
});

Deno.test("errors and losses are not compared with each other", () => {
  const other: RankedRun = { ...none, monitor: "validationError", errorUnit: "", validationError: 0.01 };
  const mixed = [loss(0.001), other, rate(50), loss(0), rate(20), rate(null)];
  assertEquals(ranked(mixed), [rate(20), rate(50), other, loss(0), loss(0.001), rate(null)]);
  assertEquals([mixed, [rate(1), rate(2), loss(null)], [loss(1)], []].map(areMixed), [true, false, false, false]);
});

/** A run folder with these results. */
function write(path: string, monitor: string | undefined, ...results: readonly (readonly [number | null, number])[]) {
  Deno.mkdirSync(path);
  const start = { event: "start", version: 1, network: "net", data: "points", seed: 1, monitor };
  const epochs = results.map(([validationError, validationLoss], i) => ({
    ...{ event: "epoch", version: 1, epoch: i + 1, trainLoss: 1, trainError: null, validationError, validationLoss },
    ...{ seconds: 1, samplesPerSecond: 1 },
  }));
  Deno.writeTextFileSync(
    join(path, "events.jsonl"),
    [start, ...epochs].map((one) => `${JSON.stringify(one)}\n`).join(""),
  );
}

Deno.test("regressions are compared by their validation losses, also with runs of other kinds", async () => {
  await inFolder(async (folder) => {
    const paths = ["a", "b", "c", "d", "e"].map((name) => join(folder, name));
    const [a, b, c, d, e] = paths;
    write(a, "validationLoss", [null, 0.5], [null, 0.3]);
    write(b, "validationLoss", [null, 0.1], [null, 0.2]);
    write(c, undefined, [null, 0.2]);
    write(d, "validationError", [9, 0.01], [8, 0.02]);
    write(e, "validationError");
    const order = async (...given: string[]) => {
      const { code, out, err } = await run("runs", "compare", ...given);
      assertEquals(code, 0, err);
      return out.split("\n").slice(1).map((line) => line.trim());
    };
    const losses = await order(a, b, c);
    assertEquals(losses.map((line) => line.split(/ {2,}/)[0]), [b, c, a]);
    assertStringIncludes(losses[0], " 0.100");
    const all = await order(...paths);
    assertEquals(all.map((line) => line.split(/ {2,}/)[0]), [d, b, c, a, e]);
    assertStringIncludes(all[0], " 8.000 %");
    assertStringIncludes(all[1], " loss 0.100");
    assertStringIncludes((await run("runs", "list", folder)).out, " loss 0.300");
    const lines = (await run("runs", "compare", a, b, "--json")).out.split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).path), [b, a]);
  });
});
