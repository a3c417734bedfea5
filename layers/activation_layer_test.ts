import { assertEquals } from "@std/assert";
import { activationLayer } from "./activation_layer.ts";
import { inputLayer } from "./input.ts";

Deno.test("only a linear activation passes the rows before it on as they are", () => {
  const input = inputLayer({ shape: [null, 3] });
  assertEquals(activationLayer(input, { activation: "linear" }).passesRows, true);
  assertEquals(activationLayer(input, { activation: "tanh" }).passesRows ?? false, false);
});
