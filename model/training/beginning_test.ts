import { assertEquals } from "@std/assert";
import { emphasisChoices, taskOptionsOf } from "./beginning.ts";

Deno.test("options that change nothing are no choices of a training", async () => {
  assertEquals(emphasisChoices({ labelSmoothing: 0 }), {});
  assertEquals(emphasisChoices({ labelSmoothing: { kind: 0 } }), {});
  for (const labelSmoothing of [0.1, { kind: 0, age: 0.1 }]) {
    assertEquals(emphasisChoices({ labelSmoothing }), { labelSmoothing });
  }
  assertEquals(await taskOptionsOf({ augment: [], metrics: [], labelSmoothing: 0 }, undefined), {});
});
