import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { type Line, linesIn } from "./lines.ts";

const MEBIBYTE = 2 ** 20;

Deno.test("a line that is longer than any event is damage, and takes no memory beyond its beginning", async () => {
  await inFolder((folder) => {
    const file = join(folder, "events.jsonl");
    const event = '{"event":"start","version":1}\n';
    using written = Deno.openSync(file, { write: true, create: true });
    for (let i = 0; i < 80; i++) written.writeSync(new Uint8Array(MEBIBYTE).fill(0x61));
    written.writeSync(new TextEncoder().encode(`\n${event}`));
    const before = Deno.memoryUsage().external;
    const damages: string[] = [];
    let taken = 0;
    const lines: Line[] = [...linesIn(file, ({ message }) => {
      damages.push(message);
      taken = Deno.memoryUsage().external - before;
    })];
    assertEquals(lines, [JSON.parse(event)]);
    assertEquals(damages.map((message) => message.includes("expected at most 16777216 bytes, got more")), [true]);
    // The first 16 MiB twice: in the parts that were read, and joined.
    assert(taken < 60 * MEBIBYTE, `${taken / MEBIBYTE} MiB`);
  });
});
