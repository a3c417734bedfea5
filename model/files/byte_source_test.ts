import { assertEquals, assertThrows } from "@std/assert";
import { inFolder } from "../../tests/in_folder.ts";
import { readAtMost } from "./byte_source.ts";
import { FileFormatError } from "./errors.ts";

Deno.test("a file may be as long as its limit, and no longer", () =>
  inFolder(async (folder) => {
    const path = `${folder}/three.bin`;
    await Deno.writeFile(path, Uint8Array.of(1, 2, 3));
    assertEquals(readAtMost(path, 3), Uint8Array.of(1, 2, 3));
    assertThrows(() => readAtMost(path, 2), FileFormatError, "at most 2 bytes");
  }));
