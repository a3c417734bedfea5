import { assertEquals } from "@std/assert";
import { summarized } from "./errors.ts";

Deno.test("the first problem is shown, with the number of the others if there are any", () => {
  assertEquals(summarized("Cannot resume", ["a differs"]), "Cannot resume: a differs");
  assertEquals(summarized("Cannot resume", ["a differs", "b", "c"]), "Cannot resume: a differs; and 2 more");
});
