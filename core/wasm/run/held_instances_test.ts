import { assertEquals } from "@std/assert";
import { control } from "../encode/shared_memory.ts";
import { HeldInstances } from "./held_instances.ts";

const PAGE = 65_536;

/** The instances of a worker, and a function that sets words of the memory that it shares. */
function worker() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const words = new Int32Array(memory.buffer);
  const runs: Uint8Array[] = [];
  const instances = new HeldInstances({ memory, control }, (code) => {
    runs.push(code);
    return () => 0;
  });
  const set = (values: Partial<Record<keyof typeof control, number>>): void => {
    for (const [name, value] of Object.entries(values)) words[control[name as keyof typeof control] >> 2] = value;
  };
  return { memory, instances, set, runs };
}

Deno.test("a job without a module needs no code", () => {
  const { instances, set, runs } = worker();
  set({ code: 4096, codeBytes: 3 });
  const copied = instances.copy(0);
  assertEquals(copied.code, undefined);
  assertEquals([instances.update(0, copied), runs], [undefined, []]);
});

Deno.test("code is copied up to the end of the memory, and not at all if it would end after it", () => {
  const { memory, instances, set, runs } = worker();
  new Uint8Array(memory.buffer).set([1, 2, 3], PAGE - 3);
  set({ code: PAGE - 3, codeBytes: 3 });
  instances.update(7, instances.copy(7));
  assertEquals(runs, [Uint8Array.of(1, 2, 3)]);
  assertEquals(instances.copy(7).code, undefined, "it is known");
  set({ codeBytes: 4 });
  assertEquals(instances.copy(8).code, new Uint8Array());
});

Deno.test("modules that do not exist any more are dropped, when the list has changed", () => {
  const { memory, instances, set } = worker();
  set({ code: PAGE - 3, codeBytes: 3, modules: 8192, moduleCount: 2, modulesChanged: 1 });
  new Int32Array(memory.buffer, 8192, 2).set([7, 8]);
  for (const module of [7, 8]) instances.update(module, instances.copy(module));
  set({ moduleCount: 1, modulesChanged: 2 });
  const copied = instances.copy(7);
  assertEquals([copied.existing, copied.changed], [Int32Array.of(7), 2]);
  instances.update(7, copied);
  assertEquals([instances.copy(7).code, instances.copy(7).existing], [undefined, undefined]);
  assertEquals(instances.copy(8).code?.length, 3);
});
