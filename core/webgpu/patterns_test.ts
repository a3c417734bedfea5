import { openWebgpu } from "./backend.ts";
import { patterns } from "./test_patterns.ts";
import { assertSame } from "./test_support.ts";

for (const [description, make] of Object.entries(patterns)) {
  Deno.test(`a WebGPU kernel computes what the nest says: ${description}`, async () => {
    const backend = await openWebgpu({ allowSoftware: true });
    const { program, cells } = make();
    await assertSame(backend, program, cells);
    await backend.close();
  });
}
