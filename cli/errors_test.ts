import { assert, assertEquals } from "@std/assert";
import { DeviceError } from "../core/backend.ts";
import { CacheError, DataError, DownloadError } from "../data/errors.ts";
import { FileError } from "../model/files/errors.ts";
import { describeFailure, endingOf, exitCodes, UsageError } from "./errors.ts";

Deno.test("programs end with the documented codes", async () => {
  const page = await Deno.readTextFile(new URL("../docs/command_line.md", import.meta.url));
  const [, table] = page.split("| exit code |");
  const documented = [...table.split("\n\n")[0].matchAll(/^\| (\d+)/gm)].map(([, code]) => Number(code));
  assertEquals(Object.values(exitCodes), documented);
  assertEquals(documented.slice(0, 6), [0, 1, 2, 3, 4, 5]);
});

Deno.test("errors that are not of the program are known by their classes, all others are bugs", () => {
  const endings = [
    new UsageError("a"),
    new DataError("a"),
    new DownloadError("a"),
    new CacheError("a"),
    new FileError("read", "b", "c"),
    new Deno.errors.NotCapable("a"),
    new Deno.errors.PermissionDenied("a"),
    new Deno.errors.NotFound("a"),
    new Deno.errors.IsADirectory("a"),
    new Deno.errors.NotADirectory("a"),
    new Deno.errors.FilesystemLoop("a"),
    new DeviceError("a"),
    new TypeError("a"),
    "a",
  ].map(endingOf);
  assertEquals(endings, ["usage", ...Array(10).fill("data"), "device", "bug", "bug"]);
});

Deno.test("a failure is one line without control characters, and a bug has its stack", () => {
  assertEquals(describeFailure(new DeviceError("Cannot a\x1b[31m\nb")).split("\n").length, 2);
  assert(!describeFailure(new DeviceError("Cannot a\x1b[31m")).includes("\x1b"));
  assertEquals(describeFailure("text"), "error: text");
  const bug = describeFailure(new TypeError("odd"));
  assert(
    bug.startsWith("error: TypeError: odd\n    at ") && bug.endsWith("please report it with the lines above."),
    bug,
  );
  const long = describeFailure(new UsageError("x".repeat(10_000)));
  assert(long.length <= 4100 && long.length > 3000, String(long.length));
});
