import { assertArrayIncludes, assertEquals } from "@std/assert";
import { deviceInfo } from "../core/device.ts";
import { tensor } from "../core/mod.ts";
import { deviceKinds, testOnEveryDevice } from "./on_every_device.ts";

Deno.test("WebAssembly is on every machine", () => {
  assertArrayIncludes(deviceKinds, ["wasm"]);
});

testOnEveryDevice("the chosen device computes", async (kind) => {
  assertEquals(deviceInfo().kind, kind);
  assertEquals(await tensor([1, 2]).add(tensor([3, 4])).toArray(), [4, 6]);
});
