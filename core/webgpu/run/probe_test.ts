import { assertEquals, assertThrows } from "@std/assert";
import { DeviceError } from "../../backend.ts";
import { chooseAdapter, OpenDevice } from "./device.ts";
import { gpuTest } from "../test_support.ts";
import { checkProducts, probeBytes, proveIntegers } from "./probe.ts";

gpuTest("the products of this machine's adapter wrap around", async () => {
  const open = await OpenDevice.open(await chooseAdapter({ allowSoftware: true }));
  const { device } = open;
  const [STORAGE, COPY_SRC, COPY_DST, MAP_READ] = [0x80, 0x04, 0x08, 0x01];
  const buffer = device.createBuffer({ size: probeBytes, usage: STORAGE | COPY_SRC | COPY_DST });
  const staging = device.createBuffer({ size: probeBytes, usage: MAP_READ | COPY_DST });
  let results = new Uint32Array();
  await proveIntegers(open.found.name, {
    device,
    buffer,
    write: (values) => device.queue.writeBuffer(buffer, 0, values as Uint32Array<ArrayBuffer>),
    read: async () => {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, 0, staging, 0, probeBytes);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(MAP_READ);
      const bytes = staging.getMappedRange().slice(0);
      results = new Uint32Array(bytes);
      return bytes;
    },
  });
  assertEquals(results[1], ((-0x9e3779b9 >>> 7) ^ 1 ^ -1) >>> 0, "the kernel has run");
  open.close();
});

Deno.test("an adapter that does not run kernels is refused", () => {
  const unchanged = Uint32Array.of(3, 0xffffffff, 0x10001, 0x9e3779b9, 0x7fffffff, 46341, 123456789, 0x80000001);
  assertThrows(() => checkProducts("GL 4.5", unchanged), DeviceError, "Cannot use the adapter GL 4.5: it accepted");
  const half = unchanged.map((x, i) => i < 4 ? x : 0);
  assertThrows(() => checkProducts("GL 4.5", half), DeviceError, "Cannot use the adapter GL 4.5: products");
});

Deno.test("an adapter whose products of whole numbers do not wrap around is refused, with advice", () => {
  const saturated = new Uint32Array(8).fill(0xffffffff);
  assertThrows(
    () => checkProducts("GL 4.5", saturated),
    DeviceError,
    "Cannot use the adapter GL 4.5: products of whole numbers must wrap around at 2³², but for 3 expected",
  );
});
