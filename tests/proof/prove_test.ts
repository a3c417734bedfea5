import { assertEquals, assertThrows } from "@std/assert";
import { readOrder } from "./prove.ts";
import { suites } from "./suites.ts";

Deno.test("without names all suites run, otherwise those that are named, in their order", () => {
  assertEquals(readOrder([]), { names: Object.keys(suites), seed: 1, writes: false });
  const order = readOrder(["shapes", "determinism", "--seed", "7", "--count=3", "--write"]);
  assertEquals(order, { names: ["determinism", "shapes"], seed: 7, count: 3, writes: true });
  assertEquals(readOrder(["mutants", "--folders", "core,optim"]).folders, ["core", "optim"]);
});

Deno.test("unknown suites, options and numbers are refused", () => {
  assertThrows(() => readOrder(["shape"]), RangeError, 'Cannot run suite "shape": did you mean shapes?');
  assertThrows(
    () => readOrder(["--sed", "3"]),
    RangeError,
    "Cannot use --sed: expected --seed, --count, --folders or --write",
  );
  assertThrows(() => readOrder(["--count", "many"]), RangeError, "Cannot use --count many: expected a whole number");
  assertThrows(() => readOrder(["--folders", "cor"]), RangeError, 'folder "cor": did you mean core?');
});

Deno.test("every suite has the name under which it is listed, and says what it compares", async () => {
  for (const [name, load] of Object.entries(suites)) {
    const suite = await load();
    assertEquals([suite.name, suite.description.endsWith(".")], [name, true]);
  }
});
