import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { digits, digitsLoader, MOST_IMAGES } from "./digits.ts";
import { RandomStream, scramble } from "../random_stream.ts";

/** FNV-1a, a checksum of bytes in 32 bits. */
function checksum(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

Deno.test("the digits of a seed never change", () => {
  assertEquals(checksum(digits(1, 200).pixels), 2246296609);
});

Deno.test("fewer digits are the first ones of more digits", () => {
  const more = digits(5, 40);
  const fewer = digits(5, 15);
  assertEquals(fewer.pixels, more.slice(0, 15).pixels);
  assertEquals(fewer.y, more.slice(0, 15).y);
});

Deno.test("another seed gives other digits", () => {
  for (const seed of [0, 2, -1, 2 ** 31]) assertNotEquals(digits(seed, 5).pixels, digits(1, 5).pixels);
});

Deno.test("every class comes about equally often", () => {
  const counts = new Array<number>(10).fill(0);
  for (const digit of digits(3, 3000).y) counts[digit]++;
  assert(counts.every((count) => count > 240 && count < 360), `counts ${counts}`);
});

Deno.test("each digit has ink in the middle and none along the rim, as MNIST's have", () => {
  const set = digits(4, 300);
  for (let image = 0; image < set.length; image++) {
    const pixels = set.slice(image, image + 1).pixels;
    const inked = pixels.filter((level) => level > 128).length;
    assert(inked > 12 && inked < 300, `image ${image}, a ${set.y[image]}, has ${inked} dark pixels`);
    const rim = pixels.filter((level, i) => level > 128 && (i < 28 || i >= 756 || i % 28 === 0 || i % 28 === 27));
    assertEquals(rim.length, 0, `image ${image}, a ${set.y[image]}, reaches the rim`);
  }
});

Deno.test("the nearest mean image classifies most digits, but far from all", () => {
  const training = digits(7, 3000);
  const means = Array.from({ length: 10 }, () => new Float64Array(784));
  training.y.forEach((digit, image) => {
    for (let i = 0; i < 784; i++) means[digit][i] += training.pixels[784 * image + i] / 300;
  });
  const test = digits(8, 500);
  const errors = test.y.filter((digit, image) => {
    const distances = means.map((mean) =>
      mean.reduce((sum, level, i) => sum + (level - test.pixels[784 * image + i]) ** 2, 0)
    );
    return distances.indexOf(Math.min(...distances)) !== digit;
  }).length;
  assert(errors > 50 && errors < 225, `${errors} of 500 are wrong`);
});

Deno.test("digitsLoader returns three sets that have no image in common", () => {
  const [training, validation, test] = digitsLoader({ seed: 6, sizes: [30, 10, 20] });
  assertEquals([training.length, validation.length, test.length], [30, 10, 20]);
  assertEquals(test.pixels, digits(6, 60).slice(40).pixels);
});

Deno.test("the most digits are those whose pixels an index of 32 bits can count", () => {
  assertEquals([MOST_IMAGES * 784 < 2 ** 31, (MOST_IMAGES + 1) * 784 < 2 ** 31], [true, false]);
  assertThrows(() => digits(1, MOST_IMAGES + 1), RangeError, `at most ${MOST_IMAGES} images`);
});

Deno.test("digits refuses numbers that are not whole", () => {
  assertThrows(() => digits(0.5, 1), RangeError, "expected seed to be a whole number, got 0.5");
  assertThrows(() => digits(1, -1), RangeError, "expected n to be a whole number of at least 0, got -1");
  assertThrows(() => digits(1, NaN), RangeError, "expected n to be a whole number of at least 0, got NaN");
});

Deno.test("random numbers fill their range evenly and are independent between streams", () => {
  const random = new RandomStream(11, 0);
  const drawn = Array.from({ length: 20_000 }, () => random.uniform(2, 4));
  assert(drawn.every((value) => value >= 2 && value < 4));
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  assert(Math.abs(mean - 3) < 0.02, `mean ${mean}`);
  const bells = Array.from({ length: 20_000 }, (_, index) => new RandomStream(11, index).bell(1));
  const variance = bells.reduce((sum, value) => sum + value * value, 0) / bells.length;
  assert(Math.abs(variance - 1) < 0.05, `variance ${variance}`);
  assertEquals(new Set(Array.from({ length: 1000 }, (_, i) => scramble(i))).size, 1000);
});
