import { assertEquals, assertThrows } from "@std/assert";
import { seekFrom } from "../../core/host_files.ts";
import * as append from "./append.ts";
import { joinBytes } from "./bytes.ts";

/** A file that records its calls, writes two bytes at a time, and is full at some length. */
function fileOf(size: number, { full = Infinity, isFile = true }: { full?: number; isFile?: boolean } = {}) {
  const calls: unknown[] = [];
  let length = size;
  const file = {
    statSync: () => ({ isFile, size }),
    seekSync: (offset: number, whence: number) => {
      calls.push(["seek", offset, whence]);
      return whence === seekFrom.end ? size + offset : offset;
    },
    writeSync: (bytes: Uint8Array) => {
      if (length >= full) throw new Error("full");
      calls.push(["write", ...bytes.subarray(0, 2)]);
      length += Math.min(2, bytes.length);
      return Math.min(2, bytes.length);
    },
    truncateSync: (to: number) => void calls.push(["truncate", to]),
  };
  return { file, calls };
}

// The files of these tests have only what the functions need.
const appendAll = (file: object, bytes: Uint8Array): void => append.appendAll(file as never, bytes);
const endsWithinLine = (file: object): boolean => append.endsWithinLine(file as never);

Deno.test("bytes are added at the end, however few are written at a time", () => {
  const { file, calls } = fileOf(7);
  appendAll(file, Uint8Array.of(1, 2, 3, 4, 5));
  assertEquals(calls, [["seek", 0, seekFrom.end], ["write", 1, 2], ["write", 3, 4], ["write", 5]]);
  const pipe = fileOf(0, { isFile: false });
  appendAll(pipe.file, Uint8Array.of(1));
  assertEquals(pipe.calls, [["write", 1]]);
});

Deno.test("if a disk is full, what was written is removed", () => {
  const { file, calls } = fileOf(7, { full: 9 });
  assertThrows(() => appendAll(file, Uint8Array.of(1, 2, 3)), Error, "full");
  assertEquals(calls.slice(-2), [["truncate", 7], ["seek", 7, seekFrom.start]]);
  const empty = fileOf(0, { full: 2 });
  assertThrows(() => appendAll(empty.file, Uint8Array.of(1, 2, 3)), Error, "full");
  assertEquals(empty.calls.slice(-2), [["truncate", 0], ["seek", 0, seekFrom.start]]);
  const pipe = fileOf(0, { full: 2, isFile: false });
  assertThrows(() => appendAll(pipe.file, Uint8Array.of(1, 2, 3)), Error, "full");
  assertEquals(pipe.calls, [["write", 1, 2]]);
  const stubborn = {
    ...fileOf(7, { full: 7 }).file,
    truncateSync: () => {
      throw new Error("cannot truncate");
    },
  };
  assertThrows(() => appendAll(stubborn, Uint8Array.of(1)), Error, "full");
});

Deno.test("a file ends within a line unless its last byte ends one", async () => {
  const path = await Deno.makeTempFile();
  for (const [text, expected] of [["", false], ["a", true], ["a\n", false], ["\n", false], ["\na", true]] as const) {
    await Deno.writeTextFile(path, text);
    using file = await Deno.open(path);
    assertEquals(endsWithinLine(file), expected, JSON.stringify(text));
  }
  await Deno.remove(path);
  assertEquals(endsWithinLine(fileOf(5, { isFile: false }).file), false);
});

Deno.test("bytes are joined in their order", () => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)];
  assertEquals([joinBytes(parts), joinBytes([])], [Uint8Array.of(1, 2, 3), new Uint8Array(0)]);
});
