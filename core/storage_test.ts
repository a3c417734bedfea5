import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openReference } from "../tests/reference_backend.ts";
import type { Backend } from "./backend.ts";
import { Storage } from "./storage.ts";

const open = (): Backend => openReference("wasm");

/** Elements on a device only. */
function placed(backend: Backend, values: readonly number[]): Storage {
  const buffer = backend.allocate(4 * values.length);
  backend.write(buffer, Float32Array.from(values));
  return Storage.fromDevice("f32", values.length, { backend, buffer, owner: "test" });
}

Deno.test("elements on the host are copied to a device once, when they are first needed there", async () => {
  const backend = open();
  const storage = Storage.fromHost("f32", Float32Array.of(1, 2));
  assertEquals(backend.statistics.allocations, 0);
  const buffer = storage.on(backend);
  assert(storage.on(backend) === buffer);
  assertEquals([storage.bytes, buffer.bytes, backend.statistics.allocations], [8, 8, 1]);
  assertEquals(new Float32Array(await backend.read(buffer, 8)), Float32Array.of(1, 2));
});

Deno.test("all element types are read back unchanged", async () => {
  const values = [
    Float32Array.of(-0.5, NaN),
    Int32Array.of(-1, 7),
    Uint32Array.of(2 ** 32 - 1, 0),
    Uint8Array.of(0, 1),
  ];
  for (const [i, dtype] of (["f32", "i32", "u32", "bool"] as const).entries()) {
    const backend = open();
    const host = Storage.fromHost(dtype, values[i]);
    assertEquals(await host.read(), values[i]);
    assertEquals(await host.copy(backend).read(), values[i]);
  }
});

Deno.test("any word but 0 is read as true", async () => {
  const backend = open();
  const buffer = backend.allocate(12);
  backend.write(buffer, Uint32Array.of(0, 1, 0x3f800000));
  assertEquals(await Storage.fromDevice("bool", 3, { backend, buffer, owner: "test" }).read(), Uint8Array.of(0, 1, 1));
});

Deno.test("reading returns a copy, of host memory too", async () => {
  const storage = Storage.fromHost("f32", Float32Array.of(1, 2));
  (await storage.read())[0] = 9;
  assertEquals(await storage.read(), Float32Array.of(1, 2));
});

Deno.test("elements of the host move from device to device, and the memory that they leave is released", async () => {
  const [one, other] = [open(), open()];
  const storage = Storage.fromHost("f32", Float32Array.of(3));
  storage.on(one);
  storage.on(other);
  assertEquals([one.statistics.liveBytes, other.statistics.liveBytes], [0, 4]);
  assertEquals(await storage.read(), Float32Array.of(3));
});

Deno.test("elements that are only on one device cannot be used on another one, but can still be read", async () => {
  const [one, other] = [open(), open()];
  const storage = placed(one, [1, 2]);
  assertThrows(() => storage.on(other), TypeError, "read it with `await tensor.data()` and make a new one");
  assertEquals(await storage.read(), Float32Array.of(1, 2));
});

Deno.test("a copy has separate memory", async () => {
  const backend = open();
  const storage = placed(backend, [1, 2]);
  const copy = storage.copy(backend);
  storage.dispose();
  assertEquals(await copy.read(), Float32Array.of(1, 2));
  assertEquals(backend.statistics.liveBytes, 8);
});

Deno.test("a disposed storage releases its memory immediately, and says why it cannot be used", async () => {
  const backend = open();
  const storage = placed(backend, [1, 2]);
  storage.dispose();
  storage.dispose();
  assertEquals(backend.statistics.liveBytes, 0);
  assertThrows(() => storage.on(backend), TypeError, "Cannot use this tensor: it was disposed");
  await assertRejects(() => storage.read(), TypeError, "it was disposed");
  const host = Storage.fromHost("f32", Float32Array.of(1));
  host.dispose("the model was closed");
  await assertRejects(() => host.read(), TypeError, "Cannot use this tensor: the model was closed");
});

Deno.test("a donated buffer belongs to the computation that took it", async () => {
  const backend = open();
  const storage = placed(backend, [1, 2]);
  const buffer = storage.donate(backend);
  storage.dispose();
  assertEquals(backend.statistics.liveBytes, 8);
  assertEquals(new Float32Array(await backend.read(buffer, 8)), Float32Array.of(1, 2));
  await assertRejects(() => storage.read(), TypeError, "it was donated to a compiled function");
  assertThrows(() => storage.donate(backend), TypeError, "it was donated");
});

Deno.test("elements of the host are donated as a buffer, too", () => {
  const backend = open();
  const storage = Storage.fromHost("i32", Int32Array.of(5));
  assertEquals(storage.donate(backend).bytes, 4);
  assertThrows(() => storage.on(backend), TypeError, "it was donated");
});

Deno.test("elements that work is waiting for are not released by dispose", async () => {
  const backend = open();
  const storage = placed(backend, [1]);
  assertEquals(storage.awaited, false);
  storage.keep();
  storage.dispose();
  assertEquals([storage.awaited, backend.statistics.liveBytes], [true, 4]);
  assertEquals(await storage.read(), Float32Array.of(1));
});
