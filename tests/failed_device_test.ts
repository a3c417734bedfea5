import { assertEquals, assertNotStrictEquals, assertRejects } from "@std/assert";
import { DeviceError } from "../core/backend.ts";
import { tensor } from "../core/creation.ts";
import { currentBackend, setDevice } from "../core/device.ts";
import { jit } from "../core/jit.ts";
import type { Program } from "../core/nest/program.ts";
import { numbers, programOf, runOn, Sketch, storing } from "../core/wasm/testing.ts";
import type { Tensor } from "../core/tensor.ts";
import { deviceKinds, testOnEveryDevice } from "./on_every_device.ts";

const twice = jit((x: Tensor) => x.add(x));

async function assertComputes(): Promise<void> {
  assertEquals(await twice(tensor([1, 2, 3])).toArray(), [2, 4, 6]);
  assertEquals(await tensor([1, 2, 3]).mul(3).toArray(), [3, 6, 9]);
}

testOnEveryDevice("after a device was closed, choosing it again opens one that works", async (kind) => {
  await assertComputes();
  const closed = currentBackend();
  await closed.close();
  assertEquals((await setDevice(kind)).kind, kind);
  assertNotStrictEquals(currentBackend(), closed);
  await assertComputes();
});

testOnEveryDevice("a device that was closed while another one was chosen is opened again", async (kind) => {
  const other = deviceKinds.find((one) => one !== kind);
  if (!other) return;
  await assertComputes();
  const closed = currentBackend();
  await setDevice(other);
  await closed.close();
  await setDevice(kind);
  assertNotStrictEquals(currentBackend(), closed);
  await assertComputes();
});

/** A program that each kind of device fails to run: it reads far outside of a buffer, and adds i32 to f32. */
function impossible(): Program {
  const s = new Sketch();
  const i = s.variable("i", 1 << 16);
  const [far, x, y] = [s.slot("i32", 1 << 16), s.slot("f32", 4), s.slot("f32", 1 << 16, "write")];
  const at = s.load(far, i);
  const value = s.f32("add", s.f32("exp", s.load(x, s.index([at, 1]))), at);
  return programOf(s.nest([i], [storing([{ slot: y, index: i, value }])]));
}

testOnEveryDevice("after a kernel failed, choosing the device again opens one that works", async (kind) => {
  await assertComputes();
  const failed = currentBackend();
  const outside = new Array<number>(1 << 16).fill(2 ** 29);
  await assertRejects(
    () => runOn(failed, impossible(), [outside, numbers("f32", 4), numbers("f32", 1 << 16)]),
    DeviceError,
    "Cannot",
  );
  await assertRejects(() => assertComputes(), DeviceError, "Cannot");
  await setDevice(kind);
  assertNotStrictEquals(currentBackend(), failed);
  await assertComputes();
});
