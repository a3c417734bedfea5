/**
 * A profile as text.
 *
 * @module
 */

import { alignColumns, short, threeDigits } from "../plan_text.ts";
import { checkArgument } from "../options/read.ts";
import { profileKind } from "./profile_kind.ts";
import type { KernelProfile, Profile } from "./profile_record.ts";

/** The length of the bar of a kernel that takes all of the time. */
const BAR = 24;

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** Returns what a line says about a kernel: name, loops, milliseconds, part of all of them, rates, share of the peak. */
export function kernelTexts(
  { number, name, loops, runs, milliseconds, gigaflops, gigabytes, share, limit }: KernelProfile,
  total: number,
): [name: string, loops: string, ...numbers: string[]] {
  return [
    `${number} ${name}${runs > 1 ? `, ${runs} times` : ""}`,
    loops,
    ...[threeDigits(milliseconds), percent(partOf(milliseconds, total))],
    ...[threeDigits(gigaflops), threeDigits(gigabytes), `${percent(share)} of ${limit}`],
  ];
}

/** Returns the time of which kernels take parts: that of the step, or of all kernels if that is longer. */
export function totalOf({ milliseconds, kernelMilliseconds }: Profile): number {
  return Math.max(milliseconds, kernelMilliseconds);
}

function partOf(milliseconds: number, total: number): number {
  return total > 0 ? Math.min(1, milliseconds / total) : 0;
}

function rowOf(kernel: KernelProfile, total: number): string[] {
  const [name, ...others] = kernelTexts(kernel, total);
  return [name, kernel.kind, ...others, "█".repeat(Math.round(BAR * partOf(kernel.milliseconds, total)))];
}

const clocks: Readonly<Record<Profile["clock"], (launch: string) => string>> = {
  device: (launch) => `Kernels are timed by the device's own clock. Starting one and waiting for it takes ${launch} ms`,
  host: (launch) =>
    `Each kernel is submitted alone and timed by the host, less the ${launch} ms that starting one takes`,
};

/**
 * Returns a profile as text: a line per kernel, the slowest first, and totals.
 *
 * @example
 * ```ts
 * import { jit, ones, profile, showProfile, type Tensor } from "@yadll/yadll/core";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const layer = jit((x: Tensor, w: Tensor) => x.matmul(w).tanh(), { name: "layer" });
 * layer(ones([4, 3]), ones([3, 2]));
 * assertStringIncludes(showProfile(await profile(layer)), "dot+tanh");
 * ```
 */
export function showProfile(profile: Profile): string {
  checkArgument("show a profile", profile, profileKind);
  const { name, device, clock, rounds, milliseconds, kernelMilliseconds, outsideMilliseconds, peaks } = profile;
  const heads = ["kernel", "kind", "loops", "ms", "time", "GFLOP/s", "GB/s", "of the peak", ""];
  const total = totalOf(profile);
  const { operations, bytes, launchMilliseconds } = profile;
  return [
    `${name} on ${device}: ${threeDigits(milliseconds)} ms, the median of ${rounds} steps`,
    alignColumns([heads, ...profile.kernels.map((kernel) => rowOf(kernel, total))], [0, 1, 2, 8]),
    `${threeDigits(kernelMilliseconds)} ms in kernels, ${threeDigits(outsideMilliseconds)} ms outside of them`,
    `${short(operations)} floating-point operations, at least ${short(bytes)}B moved`,
    `peaks: ${threeDigits(peaks.gigaflops)} GFLOP/s in a product, ${threeDigits(peaks.gigabytes)} GB/s in a sum`,
    clocks[clock](threeDigits(launchMilliseconds)),
  ].join("\n");
}
