import { assertEquals } from "@std/assert";
import { resolve } from "@std/path";
import { isSamePath, plainPath } from "./same_path.ts";

Deno.test("spellings of one path are the same, other paths are not", () => {
  for (const spelling of ["x", "./x", "x/", "x//", "x/.", "y/../x", resolve("x"), `${resolve("x")}/`]) {
    assertEquals(isSamePath(spelling, "x"), true, spelling);
    assertEquals(isSamePath("x", spelling), true, spelling);
  }
  for (const other of ["y", "x/y", "../x", ".", "/x"]) assertEquals(isSamePath(other, "x"), false, other);
});

Deno.test("a plain path has no parts that say nothing", () => {
  assertEquals(
    ["./x", "x/", "a//b", "x/.", "k/../x", ".", "./"].map(plainPath).map((path) => path.replace("\\", "/")),
    [
      ...["x", "x", "a/b", "x", "x", ".", "."],
    ],
  );
});

const here = resolve(".");

Deno.test({
  name: "paths are compared without a permission",
  permissions: "none",
  fn() {
    assertEquals([isSamePath("./x", "x"), isSamePath("/x", "x"), isSamePath(`${here}/x`, "x")], [true, false, true]);
  },
});
