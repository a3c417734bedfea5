import { assertArrayIncludes, assertEquals } from "@std/assert";
import { deviceInfo, deviceStatistics, setDevice } from "../core/device.ts";
import { tensor } from "../core/mod.ts";
import { deviceKinds, testOnEveryDevice } from "./on_every_device.ts";

Deno.test("WebAssembly is on every machine", () => {
  assertArrayIncludes(deviceKinds, ["wasm"]);
});

testOnEveryDevice("the chosen device computes", async (kind) => {
  assertEquals(deviceInfo().kind, kind);
  assertEquals(await tensor([1, 2]).add(tensor([3, 4])).toArray(), [4, 6]);
});

testOnEveryDevice("a device that was left for another one is used again", async (kind) => {
  assertEquals(await tensor([1, 2]).mul(tensor([3, 4])).toArray(), [3, 8]);
  const { compilations } = deviceStatistics();
  for (const other of deviceKinds.filter((one) => one !== kind)) {
    await setDevice(other);
    assertEquals(deviceInfo().kind, other);
    await setDevice(kind);
  }
  assertEquals(deviceStatistics().compilations, compilations);
});
