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

testOnEveryDevice("a device can be used again after another one was chosen", async (kind) => {
  assertEquals(await tensor([1, 2]).mul(tensor([3, 4])).toArray(), [3, 8]);
  const { compilations } = deviceStatistics();
  for (const other of deviceKinds.filter((one) => one !== kind)) {
    await setDevice(other);
    assertEquals(deviceInfo().kind, other);
    await setDevice(kind);
  }
  assertEquals(deviceStatistics().compilations, compilations);
});

Deno.test("the best device, chosen again, is the same device", async () => {
  const { kind } = await setDevice("auto");
  const computed = tensor([1, 2]).exp();
  computed.mul(2);
  const { compilations } = deviceStatistics();
  for (const other of deviceKinds.filter((one) => one !== kind)) await setDevice(other);
  await setDevice("auto");
  assertEquals(deviceInfo().kind, kind);
  assertEquals(deviceStatistics().compilations, compilations);
  assertEquals(await computed.mul(0).toArray(), [0, 0]);
});
