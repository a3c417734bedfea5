import { assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { checkPixels, checkSize, mostFileBytes } from "./image_limits.ts";

Deno.test("a picture may have as many pixels as the limit, and no more", () => {
  const limits = { name: "a.png", limitPixels: 6, remedy: "make it smaller" };
  checkPixels({ width: 2, height: 3 }, limits);
  const message = "Cannot read a.png: expected at most 6 pixels, got 7×1; make it smaller";
  assertThrows(() => checkPixels({ width: 7, height: 1 }, limits), DataError, message);
});

Deno.test("a file may have as many bytes as a picture of its size can have, and no more", () => {
  const picture = { width: 2, height: 3, bytes: 6 };
  const most = mostFileBytes(6);
  checkSize(picture, { name: "a.png", size: most });
  assertThrows(
    () => checkSize(picture, { name: "a.png", size: most + 1 }),
    DataError,
    `expected at most ${most} bytes for 2×3 pixels, got ${most + 1}; save it again`,
  );
});
