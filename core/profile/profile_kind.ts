/**
 * Profiles as arguments.
 *
 * @module
 */

import { isListOf } from "../options/items.ts";
import { custom, type Option } from "../options/option.ts";
import type { KernelProfile, Peaks, Profile } from "./profile_record.ts";

type Fields = Readonly<Record<string, unknown>>;

const numbers = [
  ...["rounds", "milliseconds", "kernelMilliseconds", "outsideMilliseconds", "launchMilliseconds"] as const,
  ...["operations", "bytes"] as const,
] satisfies readonly (keyof Profile)[];

const kernelNumbers = [
  ...["number", "runs", "milliseconds", "operations", "bytes", "gigaflops", "gigabytes", "share"] as const,
] satisfies readonly (keyof KernelProfile)[];

const kinds: readonly unknown[] = ["product", "reduction", "elementwise"] satisfies readonly KernelProfile["kind"][];
const limits: readonly unknown[] = ["arithmetic", "memory"] satisfies readonly KernelProfile["limit"][];
const clocks: readonly unknown[] = ["device", "host"] satisfies readonly Profile["clock"][];

const isRecord = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const areNumbers = (record: Fields, names: readonly string[]): boolean =>
  names.every((name) => Number.isFinite(record[name]) && Number(record[name]) >= 0);

function isKernel(value: unknown): value is KernelProfile {
  return isRecord(value) && areNumbers(value, kernelNumbers) && typeof value.name === "string" &&
    typeof value.loops === "string" && kinds.includes(value.kind) && limits.includes(value.limit);
}

function arePeaks(value: unknown): value is Peaks {
  return isRecord(value) && areNumbers(value, ["gigaflops", "gigabytes"]);
}

/** The result of `profile`. */
export const profileKind: Option<Profile> = custom<Profile>({
  expected: "the result of profile",
  accepts: (value): value is Profile =>
    isRecord(value) && areNumbers(value, numbers) && typeof value.name === "string" &&
    typeof value.device === "string" && clocks.includes(value.clock) && arePeaks(value.peaks) &&
    isListOf(value.kernels, isKernel),
});
