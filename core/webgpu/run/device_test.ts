import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { DeviceError } from "../../backend.ts";
import { chooseAdapter, findAdapters, OpenDevice } from "./device.ts";
import { gpuTest } from "../test_support.ts";

const adapters = await findAdapters();
const onlySoftware = adapters.length > 0 && adapters.every(({ software }) => software);

Deno.test({
  name: "a software adapter is refused with advice on what to install, unless it is allowed",
  ignore: !onlySoftware,
  async fn() {
    await assertRejects(() => chooseAdapter(), DeviceError, "mesa-vulkan-drivers");
    assertEquals((await chooseAdapter({ allowSoftware: true })).software, true);
  },
});

Deno.test("without an adapter the error says what to install", async () => {
  const { gpu } = navigator;
  for (const none of [undefined, { requestAdapter: () => Promise.resolve(null) }]) {
    Object.defineProperty(navigator, "gpu", { configurable: true, value: none });
    try {
      assertEquals(await findAdapters(), []);
      const error = await assertRejects(() => chooseAdapter({ allowSoftware: true }), DeviceError);
      assertStringIncludes(error.message, "no adapter was found. Install a graphics driver");
    } finally {
      Object.defineProperty(navigator, "gpu", { configurable: true, value: gpu });
    }
  }
});

Deno.test("hardware comes before software", () => {
  const ranks = adapters.map(({ software }) => Number(software));
  assertEquals(ranks, [...ranks].sort());
});

gpuTest("an error of the device is thrown at its next use", async () => {
  const open = await OpenDevice.open(await chooseAdapter({ allowSoftware: true }));
  open.watch(
    "validation",
    () => open.device.createShaderModule({ code: "not WGSL" }),
    (message) => `Cannot compile: ${message}`,
  );
  await assertRejects(() => open.settle(), DeviceError, "Cannot compile");
  open.device.destroy();
});

gpuTest("what was watched is forgotten once its outcome is known", async () => {
  const open = await OpenDevice.open(await chooseAdapter({ allowSoftware: true }));
  for (let i = 1; i <= 3; i++) {
    assertEquals(open.watch("validation", () => i, String), i);
    assertEquals(open.pending, i);
  }
  await open.settle();
  assertEquals(open.pending, 0);
  open.device.destroy();
});

gpuTest("the loss of a device is reported at its next use", async () => {
  const open = await OpenDevice.open(await chooseAdapter({ allowSoftware: true }));
  open.device.destroy();
  await open.device.lost;
  await assertRejects(() => open.settle(), DeviceError, "was lost");
});

gpuTest("what throws while it is watched leaves the other calls watched as they are", async () => {
  const open = await OpenDevice.open(await chooseAdapter({ allowSoftware: true }));
  const thrown = (): never => {
    throw new RangeError("Cannot make it");
  };
  assertThrows(() => open.watch("validation", thrown, String), RangeError, "Cannot make it");
  assertEquals(open.pending, 1);
  await open.settle();
  // No scope is left open that would keep this error.
  open.device.createShaderModule({ code: "not WGSL" });
  for (let turn = 0; turn < 1000 && !open.failure; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  await assertRejects(() => open.settle(), DeviceError, "it reported an error");
  open.device.destroy();
});
