import { assertThrows } from "@std/assert";
import { UsageError } from "../errors.ts";
import { checkMost } from "./common.ts";

Deno.test("an option may be as large as what it counts, and no larger", () => {
  const limit = { most: 10, what: "the model has 10 classes" };
  checkMost("topK", 10, limit);
  const message = "option --top-k cannot be 11: the model has 10 classes";
  assertThrows(() => checkMost("topK", 11, limit), UsageError, message);
});
