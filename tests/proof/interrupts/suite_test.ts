import { assert, assertEquals } from "@std/assert";
import { killTrainings } from "./trainings.ts";

Deno.test("a training that is killed at random times and resumed ends with the bits of a whole one", async () => {
  const { kills, faults } = await killTrainings(1);
  assertEquals(faults, []);
  assert(kills === 2 || kills === 3, `${kills} of 3 processes were killed`);
});
