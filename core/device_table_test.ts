import { assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "./backend.ts";
import { deviceTable, loadedCode } from "./device_table.ts";

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

/** Calls `task` while `/dev` has these entries and WebGPU finds nothing; returns how often WebGPU was asked. */
async function askedAmong(names: readonly string[], task: () => Promise<void>): Promise<number> {
  let asked = 0;
  const requestAdapter = () => {
    asked++;
    return Promise.resolve(null);
  };
  const { readDirSync } = Deno;
  const list = names.map((name) => ({ name, isFile: false, isDirectory: name === "dri", isSymlink: false }));
  Object.defineProperty(navigator, "gpu", { value: { requestAdapter }, configurable: true });
  Deno.readDirSync = (path) => path === "/dev" ? list.values() : readDirSync(path);
  try {
    await task();
  } finally {
    Deno.readDirSync = readDirSync;
    Reflect.deleteProperty(navigator, "gpu");
  }
  return asked;
}

Deno.test({
  name: "WebGPU is not asked for a GPU if this machine has no device file of one",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const open = async (allowSoftware: boolean, message: string): Promise<void> => {
      await assertRejects(() => deviceTable.webgpu.open({ allowSoftware }), DeviceError, message);
    };
    assertEquals(await askedAmong(["null", "tty"], () => open(false, "no device file")), 0);
    assertEquals(await askedAmong(["null", "dri"], () => open(false, "no adapter was found")), 2);
    assertEquals(await askedAmong(["null"], () => open(true, "no adapter was found")), 2);
  },
});
