import { assert, assertEquals } from "@std/assert";
import { digests, recordPath } from "./pictures.ts";

Deno.test("pictures, pages and charts are drawn as recorded", async () => {
  const recorded: Record<string, string> = JSON.parse(await Deno.readTextFile(recordPath));
  const found = await digests();
  assertEquals(Object.keys(found), Object.keys(recorded));
  const changed = Object.keys(found).filter((name) => found[name] !== recorded[name]);
  assert(
    changed.length === 0,
    `changed: ${
      changed.join(", ")
    }. Look at them before and after the change: tests/golden/pictures.ts writes them. If ` +
      "they are meant to change, record them with deno task record pictures",
  );
});
