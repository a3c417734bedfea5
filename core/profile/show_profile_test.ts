import { assertEquals } from "@std/assert";
import type { KernelProfile, Profile } from "./profile_record.ts";
import { showProfile } from "./show_profile.ts";

const kernel: KernelProfile = {
  ...{ number: 2, name: "dot+add", kind: "product", loops: "32×10 · 784", runs: 1, milliseconds: 3 },
  ...{ operations: 1e6, bytes: 2e6, gigaflops: 999.5, gigabytes: 12.345, share: 0.0995, limit: "arithmetic" },
};

const profile: Profile = {
  ...{ name: "step", device: "a device", clock: "host", rounds: 7, milliseconds: 4, kernelMilliseconds: 3.5 },
  ...{ outsideMilliseconds: 0.5, launchMilliseconds: 0.25, operations: 1_500_000, bytes: 2_000_000 },
  peaks: { gigaflops: 1000, gigabytes: 40 },
  kernels: [
    kernel,
    {
      ...kernel,
      ...{ number: 1, name: "sum", kind: "reduction", loops: "5", runs: 12, milliseconds: 0.25, gigaflops: 999.4 },
      ...{ gigabytes: 1, share: 0.0994, limit: "memory" },
    },
  ],
};

Deno.test("a profile is a line per kernel, with digits that fit the size of numbers, and totals", () => {
  assertEquals(showProfile(profile).split("\n"), [
    "step on a device: 4.00 ms, the median of 7 steps",
    "kernel           kind       loops           ms   time  GFLOP/s  GB/s         of the peak",
    "2 dot+add        product    32×10 · 784   3.00   75 %     1000  12.3  10 % of arithmetic  ██████████████████",
    "1 sum, 12 times  reduction  5            0.250  6.3 %      999  1.00     9.9 % of memory  ██",
    "3.50 ms in kernels, 0.500 ms outside of them",
    "1.50 M floating-point operations, at least 2.00 MB moved",
    "peaks: 1000 GFLOP/s in a product, 40.0 GB/s in a sum",
    "Each kernel is submitted alone and timed by the host, less the 0.250 ms that starting one takes",
  ]);
});

Deno.test("shares are of the step or of the sum of its kernels, whichever is longer, and 0 if nothing was measured", () => {
  const bars = (of: Partial<Profile>): string[] =>
    showProfile({ ...profile, ...of }).split("\n").slice(2, 4).map((line) => line.replace(/[^█]/g, ""));
  assertEquals(bars({ milliseconds: 3, kernelMilliseconds: 6 }), ["█".repeat(12), "█"]);
  assertEquals(bars({ milliseconds: 12, kernelMilliseconds: 6 }), ["█".repeat(6), "█"]);
  assertEquals(bars({ milliseconds: 0, kernelMilliseconds: 0 }), ["", ""]);
  assertEquals(bars({ milliseconds: 1, kernelMilliseconds: 1 }), ["█".repeat(24), "█".repeat(6)]);
});

Deno.test("times by the device's own clock are said to be so", () => {
  assertEquals(
    showProfile({ ...profile, clock: "device" }).split("\n").at(-1),
    "Kernels are timed by the device's own clock. Starting one and waiting for it takes 0.250 ms",
  );
});
