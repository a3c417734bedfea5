import { assertEquals } from "@std/assert";
import { FunctionWriter, ModuleWriter, sharedMemory } from "../encode/assembler.ts";
import { CodeScope } from "./code_scope.ts";
import { transpose } from "./shuffles.ts";

Deno.test("four vectors are transposed", () => {
  const writer = new FunctionWriter(["i32"]);
  const scope = new CodeScope(writer);
  const rows = [0, 16, 32, 48].map((bytes) => scope.op("v128.load", [0], bytes));
  transpose(scope, rows).forEach((row, i) => scope.code.get(0).get(row).op("v128.store", 16 * i));
  const module = new ModuleWriter([sharedMemory(1)]);
  module.export("run", module.add(writer));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const { exports: { run } } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
  const words = new Int32Array(memory.buffer, 0, 16);
  words.set(words.map((_, i) => i));
  if (typeof run === "function") run(0);
  assertEquals([...words], [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]);
});
