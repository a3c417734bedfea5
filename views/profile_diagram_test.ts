import { assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ones } from "../core/creation.ts";
import { jit } from "../core/jit.ts";
import { profile } from "../core/profile.ts";
import type { KernelProfile, Profile } from "../core/profile/profile_record.ts";
import type { Tensor } from "../core/tensor.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { profileDiagram } from "./profile_diagram.ts";
import { assertReadable } from "./test_layout.ts";
import { partsOf, textsOf } from "./testing.ts";

const kernel = (values: Partial<KernelProfile>): KernelProfile => ({
  ...{
    number: 1,
    name: "dot",
    kind: "product",
    loops: "4×4 · 4",
    runs: 1,
    milliseconds: 1,
    operations: 128,
    bytes: 64,
  },
  ...{ gigaflops: 2, gigabytes: 1, share: 0.5, limit: "arithmetic" },
  ...values,
});

const profileOf = (kernels: readonly KernelProfile[]): Profile => ({
  ...{ name: "step", device: "a device", clock: "host", rounds: 7 },
  ...{ milliseconds: 10, kernelMilliseconds: 9, outsideMilliseconds: 1, launchMilliseconds: 0 },
  ...{ operations: 128, bytes: 64, peaks: { gigaflops: 4, gigabytes: 8 }, kernels },
});

/** The lengths of the bars, pale ones first, and their colors. */
const barsOf = (svg: string): (readonly [length: number, color: string | null])[] =>
  partsOf(svg, "line").filter((line) => line.getAttribute("stroke")?.startsWith("#")).map((line) => [
    Number(line.getAttribute("x2")) - Number(line.getAttribute("x1")),
    line.getAttribute("stroke"),
  ]);

testOnEveryDevice("the kernels of a measured function are listed with their rates", async () => {
  const layer = jit((x: Tensor, w: Tensor) => x.matmul(w).tanh().sum(), { name: "<a> layer" });
  const measured = await profile(layer, { rounds: 2 }, ones([30, 20]), ones([20, 10]));
  const { svg, description } = await profileDiagram(measured);
  const texts = textsOf(svg);
  assertEquals(texts[0], "<a> layer");
  for (const { number, name, loops } of measured.kernels) {
    for (const text of [`${number} ${name}`, loops]) assertEquals(texts.includes(text), true, text);
  }
  assertStringIncludes(description, `on ${measured.device}, the median of 2 steps`);
  assertReadable(svg);
});

Deno.test("bars are as long as the times, and dark for the time at the peak", async () => {
  const { svg } = await profileDiagram(profileOf([
    kernel({ milliseconds: 8, runs: 4 }),
    kernel({ number: 2, name: "sum", kind: "reduction", milliseconds: 1, share: 1.5, limit: "memory" }),
  ]));
  const texts = textsOf(svg);
  for (const text of ["1 dot, 4 times", "80 %", "50 % of arithmetic", "2 sum", "10 %", "150 % of memory"]) {
    assertEquals(texts.includes(text), true, text);
  }
  // Only kinds that there are stand in the legend.
  assertEquals(["product", "reduction", "elementwise"].map((kind) => texts.includes(kind)), [true, true, false]);
  const bars = barsOf(svg).slice(-4);
  const [longest, short, atPeak, whole] = bars.map(([length]) => length);
  assertAlmostEquals(short / longest, 1 / 8, 1e-3);
  assertAlmostEquals(atPeak / longest, 1 / 2, 1e-3);
  // A kernel that is faster than the peak has no pale part.
  assertEquals(whole, short);
  const [product, reduction] = bars.map(([, color]) => color);
  assertEquals(bars.map(([, color]) => color), [product, reduction, product, reduction]);
  assertReadable(svg);
});

Deno.test("a profile without kernels is drawn, and anything other than a profile is refused", async () => {
  assertReadable((await profileDiagram(profileOf([]))).svg);
  await assertRejects(
    () => profileDiagram({} as Profile),
    TypeError,
    "Cannot draw a profile: expected the result of profile, got {}",
  );
});
