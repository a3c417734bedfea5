import { assertEquals } from "@std/assert";
import { describePart } from "./description.ts";
import { adam, clipByGlobalNorm, sgd } from "./mod.ts";

Deno.test("rules and transforms are described by their names and options, those of one's own by name", () => {
  assertEquals(describePart(sgd({ learningRate: 0.5 })), ["sgd", { learningRate: 0.5 }]);
  assertEquals(describePart(clipByGlobalNorm(2)), ["clipByGlobalNorm", { limit: 2 }]);
  const { init, update } = adam();
  assertEquals(describePart({ name: "mine", init, update }), { function: "mine" });
  assertEquals(describePart({ name: "mine", init, update, description: ["mine", { factor: 2 }] }), ["mine", {
    factor: 2,
  }]);
});
