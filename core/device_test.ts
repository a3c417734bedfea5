import { assertEquals } from "@std/assert";
import { setDevice } from "./device.ts";

Deno.test("options replace a device of the same kind that is in use, and without any it stays", async () => {
  const nameWith = async (threads?: number): Promise<string> =>
    (await setDevice("wasm", threads === undefined ? {} : { threads, native: false })).name;
  const [three, same, one] = [await nameWith(3), await nameWith(), await nameWith(1)];
  assertEquals([three, same, one], [
    "WebAssembly SIMD, 3 threads",
    "WebAssembly SIMD, 3 threads",
    "WebAssembly SIMD, 1 thread",
  ]);
});
