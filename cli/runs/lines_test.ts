import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { NewerFormatError } from "../../model/files/format.ts";
import { type Line, linesIn, parseText } from "./lines.ts";

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

/** The lines of a file with this text, and the messages of damages. */
async function read(text: string): Promise<{ lines: Line[]; damages: string[] }> {
  const damages: string[] = [];
  const lines: Line[] = [];
  await inFolder((folder) => {
    const file = join(folder, "events.jsonl");
    Deno.writeTextFileSync(file, text);
    lines.push(...linesIn(file, ({ message }) => damages.push(message.replace(file, "FILE"))));
  });
  return { lines, damages };
}

const start = { event: "start", version: 1 };
const step = { event: "step", iteration: 2 };
const text = (...lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

Deno.test("all whole lines are read, however they are divided", async () => {
  assertEquals(await read(text(start, step)), { lines: [start, step], damages: [] });
  assertEquals(await read(""), { lines: [], damages: [] });
  const long = { event: "note", text: "x".repeat(3 * MEBIBYTE) };
  assertEquals(await read(text(start, long, step)), { lines: [start, long, step], damages: [] });
  const many = Array.from({ length: 40 }, (_, i) => ({ event: "step", text: "x".repeat(39_989 + i) }));
  assertEquals((await read(text(...many))).lines, many);
});

Deno.test("lines that were cut off are left out, and so are zeros behind them", async () => {
  for (const torn of ["", "{", '{"', '{"event":"st']) {
    assertEquals(await read(`${text(start)}${torn}\n${text(step)}`), { lines: [start, step], damages: [] }, torn);
    assertEquals(await read(`${text(start)}${torn}`), { lines: [start], damages: [] }, torn);
    const zeros = "\0".repeat(5);
    assertEquals(await read(`${text(start)}${torn}${zeros}${text(step)}`), { lines: [start, step], damages: [] }, torn);
  }
  assertEquals(await read(`\0${text(start)}\0\0`), { lines: [start], damages: [] });
  assertEquals(await read(`{"event":"step","ite${text(step)}`), { lines: [step], damages: [] });
  assertEquals(await read(`abc${text(step)}`), { lines: [step], damages: [] });
});

Deno.test("what is neither a line nor a part of one is damage, with its place", async () => {
  const { lines, damages } = await read(`${text(start)}[1]\nabc${"d".repeat(50)}\n5\n{}\n{ x\n${text(step)}`);
  assertEquals(lines, [start, {}, step]);
  assertEquals(damages.length, 4);
  assertEquals(damages.map((message) => /line \d of FILE/.exec(message)?.[0]), [
    ...["line 2 of FILE", "line 3 of FILE", "line 4 of FILE", "line 6 of FILE"],
  ]);
  assert(damages[1].includes("expected a JSON object, got "), damages[1]);
  assert(damages[1].includes(`abc${"d".repeat(37)}`) && !damages[1].includes("d".repeat(38)), damages[1]);
  const { lines: known, damages: formats } = await read(text({ event: "a", version: "x" }, { event: "b", version: 1 }));
  assertEquals([known, formats.length], [[{ event: "b", version: 1 }], 1]);
  await assertRejects(() => read(text({ event: "a", version: 99 })), NewerFormatError, "newer version");
});

Deno.test("a text that is no JSON has no value", () => {
  assertEquals([parseText("5"), parseText("x"), parseText("")], [5, undefined, undefined]);
});
