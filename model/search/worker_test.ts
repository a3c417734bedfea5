import { assertEquals, assertStringIncludes } from "@std/assert";
import { hyperparameters } from "../hyperparameters.ts";
import { finish } from "./finish.ts";
import { gridSearch } from "./grid_search.ts";
import { buildChanging } from "./test_search.ts";

const module = import.meta.resolve("./test_search.ts");

Deno.test("a combination cannot be changed by the function that builds its model, in a worker as in one thread", async () => {
  const ranges = hyperparameters({ nEpochs: 1, batchSize: [20, [20, 50]], nUnits: 8, activation: "tanh" });
  for (const options of [{}, { parallel: 2, module }]) {
    const { rows } = await finish(gridSearch(ranges, buildChanging, options));
    assertEquals(rows.map(({ outcome }) => outcome), ["failed", "failed"]);
    for (const { failure } of rows) {
      assertEquals(failure?.name, "TypeError");
      assertStringIncludes(failure?.message ?? "", "nUnits");
    }
  }
});
