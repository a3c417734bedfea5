import { assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "./backend.ts";
import { loadedCode } from "./device_table.ts";

Deno.test("a service worker that may not load code says so, other hosts pass on the cause", async () => {
  const load = () => Promise.reject(new TypeError("import() is disallowed"));
  await assertRejects(() => loadedCode("WebGPU", load), TypeError, "import() is disallowed");
  Object.defineProperty(globalThis, "ServiceWorkerGlobalScope", { value: class {}, configurable: true });
  try {
    await assertRejects(() => loadedCode("WebGPU", load), DeviceError, "bundle the program into one file");
    assertEquals(await loadedCode("WebGPU", () => Promise.resolve(3)), 3);
  } finally {
    Reflect.deleteProperty(globalThis, "ServiceWorkerGlobalScope");
  }
});
