import { assertEquals, assertNotEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { data } from "./data.ts";
import { digestOf } from "./digest.ts";
import { ImageSet } from "./mnist/image_set.ts";
import { samples, type SampleSet } from "./samples.ts";

const set: SampleSet = { x: samples([[1, 2], [3, 4]]), y: Int32Array.of(0, 1) };
const other: SampleSet = { x: samples([[1, 2], [3, 5]]), y: Int32Array.of(0, 1) };

Deno.test("the digest is the SHA-256 of types, shapes and elements, one set after the other", async () => {
  const hash = createHash("sha256");
  for (let time = 0; time < 2; time++) {
    hash.update('{"dtype":"f32","shape":[2,2]}').update(new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
    hash.update('{"dtype":"i32","shape":[2]}').update(new Uint8Array(Int32Array.of(0, 1).buffer));
  }
  assertEquals(await digestOf([set, set]), hash.digest("hex"));
});

Deno.test("samples on the host and tensors have the same digest", async () => {
  assertEquals(await digestOf(data([set, other])), await digestOf([set, other]));
  assertEquals(await digestOf(data([set, other, set])), await digestOf([set, other, set]));
});

Deno.test("a change of a number, a shape, a class, or the order of the sets changes the digest", async () => {
  const variants: SampleSet[][] = [
    [set, set],
    [set, other],
    [other, set],
    [set, { ...set, y: Int32Array.of(1, 1) }],
    [set, { ...set, y: samples([[0], [1]]) }],
    [set, { ...set, x: samples(Float32Array.of(1, 2, 3, 4), [2, 2, 1]) }],
    [set],
  ];
  const digests = await Promise.all(variants.map((sets) => digestOf(sets)));
  assertEquals(new Set(digests).size, variants.length);
  assertNotEquals(digests[0], await digestOf([]));
});

Deno.test("a part of a larger array is digested without its surroundings", async () => {
  const part = Float32Array.of(9, 1, 2, 3, 4, 9).subarray(1, 5);
  assertEquals(await digestOf([{ ...set, x: samples(part, [2, 2]) }]), await digestOf([set]));
});

Deno.test("images are digested as the bytes they are kept as, on the host and on a device", async () => {
  const images = new ImageSet(Uint8Array.of(0, 255, 51, 7, 1, 2, 3, 4), Int32Array.of(7, 1), 4);
  const container = data([images, images]);
  assertEquals(await digestOf(container), await digestOf([images, images]));
  const others = new ImageSet(Uint8Array.of(0, 255, 51, 7, 1, 2, 3, 5), Int32Array.of(7, 1), 4);
  assertNotEquals(await digestOf(container), await digestOf(data([images, others])));
  const odd = new ImageSet(Uint8Array.of(0, 255, 51), Int32Array.of(1), 3);
  assertEquals(await digestOf(data([odd, odd])), await digestOf([odd, odd]));
});
