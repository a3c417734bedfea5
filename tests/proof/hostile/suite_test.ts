import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { hostile } from "./suite.ts";

Deno.test("a few hostile files of every reader are read or refused, and counted", async () => {
  const { tried, faults, section } = await hostile.run({ seed: 2, count: 8, devices: ["wasm"], log: () => {} });
  assertEquals(faults, []);
  assert(/^\d+ files of 11 readers$/.test(tried), tried);
  for (const reader of [".idx", ".npy", ".npz", ".csv", ".table", ".png", ".jpg", ".image", ".parquet"]) {
    assertStringIncludes(section, `| ${reader} |`);
  }
  assertStringIncludes(section, "| .ym | 8 |");
  assertStringIncludes(section, "| .yc | 8 |");
});
