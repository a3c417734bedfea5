import { assertEquals, assertThrows } from "@std/assert";
import { denseLayer } from "./dense.ts";
import { inputLayer } from "./input.ts";
import { sequential } from "./sequential.ts";

const input = inputLayer({ shape: [null, 3] });

Deno.test("each layer takes its input from the one before it", () => {
  const last = sequential(input, [
    (previous) => denseLayer(previous, { nUnits: 4 }),
    (previous) => denseLayer(previous, { nUnits: 5, name: "last" }),
  ]);
  assertEquals([last.name, last.outputShape, last.incoming[0].outputShape], ["last", [null, 5], [null, 4]]);
  assertEquals(last.incoming[0].incoming[0], input);
  assertEquals(sequential(input, []), input);
});

Deno.test("what is no layer is refused", () => {
  assertThrows(
    () => sequential(input, [() => undefined as never]),
    TypeError,
    "expected the result of function 0 to be a layer",
  );
  assertThrows(() => sequential(input, ["dense" as never]), TypeError, "a list of functions from a layer to the next");
});
