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
