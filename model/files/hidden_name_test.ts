import { assert, assertEquals } from "@std/assert";
import { inFolder } from "../../tests/in_folder.ts";
import { readWhole, writeAtomically } from "./atomic.ts";
import { hiddenStart } from "./hidden_name.ts";
import { takeLease } from "./lease.ts";

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

Deno.test("hidden names contain the name of their file, shortened only if they would be too long", () => {
  assertEquals(hiddenStart("mlp.ym", 41), ".mlp.ym.");
  assertEquals(hiddenStart("a".repeat(212), 41), `.${"a".repeat(212)}.`);
  const long = hiddenStart(`${"a".repeat(250)}.ym`, 41);
  assert(/^\.a{203}~[0-9a-f]{8}\.$/.test(long), long);
  assertEquals(bytesOf(long), 214);
  assert(hiddenStart(`${"a".repeat(249)}b.ym`, 41) !== long);
  const wide = hiddenStart("😀".repeat(63), 41);
  assert(bytesOf(wide) <= 214 && bytesOf(wide) > 210 && !wide.includes("\ufffd"), wide);
});

Deno.test("files with the longest names that the system takes are saved, and leased", async () => {
  await inFolder((folder) => {
    for (const name of [`${"a".repeat(207)}.ym`, `${"a".repeat(252)}.ym`, `${"é".repeat(126)}.ym`]) {
      const file = `${folder}/${name}`;
      for (const byte of [1, 2]) writeAtomically(file, [Uint8Array.of(byte)]);
      assertEquals([...readWhole(file)], [2]);
      using _lease = takeLease(file);
      assertEquals([...Deno.readDirSync(folder)].length, 2);
      Deno.removeSync(file);
    }
  });
});
