import { assertEquals, assertThrows } from "@std/assert";
import { ones } from "../creation.ts";
import { jit } from "../jit.ts";
import { profile } from "../profile.ts";
import type { Tensor } from "../tensor.ts";
import { profileKind } from "./profile_kind.ts";
import { showProfile } from "./show_profile.ts";
import "../wasm/default_device.ts";

Deno.test("a profile is recognized after it was written as JSON, and others are refused", async () => {
  using fn = jit((x: Tensor) => x.exp());
  const found = await profile(fn, { rounds: 1 }, ones([4]));
  assertEquals(profileKind.accepts(JSON.parse(JSON.stringify(found))), true);
  assertEquals(showProfile(JSON.parse(JSON.stringify(found))), showProfile(found));
  const [kernel] = found.kernels;
  const others = [null, [], {}, { ...found, clock: "sun" }, { ...found, milliseconds: NaN }, { ...found, peaks: {} }];
  for (const other of [...others, { ...found, kernels: [{ ...kernel, kind: "dot" }] }]) {
    assertEquals(profileKind.accepts(other), false, JSON.stringify(other));
  }
  assertThrows(() => showProfile(JSON.parse("{}")), TypeError, "Cannot show a profile");
});

Deno.test("every number of a profile may be 0, and none may be negative or missing", async () => {
  using fn = jit((x: Tensor) => x.exp());
  const found = await profile(fn, { rounds: 1 }, ones([4]));
  const numbersOf = (record: object): string[] =>
    Object.entries(record).filter(([, value]) => typeof value === "number").map(([name]) => name);
  const [kernel] = found.kernels;
  const places: readonly (readonly [object, (changed: object) => object])[] = [
    [found, (changed) => ({ ...found, ...changed })],
    [kernel, (changed) => ({ ...found, kernels: [kernel, { ...kernel, ...changed }] })],
    [found.peaks, (changed) => ({ ...found, peaks: { ...found.peaks, ...changed } })],
  ];
  assertEquals(places.map(([record]) => numbersOf(record).length), [7, 8, 2]);
  for (const [record, place] of places) {
    for (const name of numbersOf(record)) {
      assertEquals(profileKind.accepts(place({ [name]: 0 })), true, `${name} of 0`);
      assertEquals(profileKind.accepts(place({ [name]: -1 })), false, `${name} of -1`);
      assertEquals(profileKind.accepts(place({ [name]: undefined })), false, `no ${name}`);
      assertEquals(profileKind.accepts(place({ [name]: "1" })), false, `${name} as text`);
    }
  }
  for (const name of ["name", "device", "clock", "kernels"]) {
    assertEquals(profileKind.accepts({ ...found, [name]: 1 }), false, name);
  }
  for (const name of ["name", "loops", "kind", "limit"]) {
    assertEquals(profileKind.accepts({ ...found, kernels: [{ ...kernel, [name]: 1 }] }), false, name);
  }
  assertEquals(profileKind.accepts({ ...found, kernels: [null] }), false);
});
