/**
 * What a profile says.
 *
 * @module
 */

/** The rates that a device reaches in this process, measured with kernels that have nothing else to do. */
export interface Peaks {
  /** Billion floating-point operations per second in a product of two matrices. */
  readonly gigaflops: number;
  /** Billion bytes per second that are read or written in an elementwise kernel on large tensors. */
  readonly gigabytes: number;
}

/** The measurement of one kernel. */
export interface KernelProfile {
  /** Its number in the plan, counted from 1. */
  readonly number: number;
  /** The operations that it computes, such as `dot+add`. */
  readonly name: string;
  /** Whether it multiplies matrices, reduces values in another way, or does neither. */
  readonly kind: "product" | "reduction" | "elementwise";
  /** The extents of its loops, outer ones first: `32×10 · 784`. */
  readonly loops: string;
  /** How often a step runs it; more than 1 in loops. */
  readonly runs: number;
  /** Milliseconds per step, of all runs together. */
  readonly milliseconds: number;
  /** Floating-point operations per step. */
  readonly operations: number;
  /** Bytes per step that are read or written if each element is moved once per run. */
  readonly bytes: number;
  /** Billion floating-point operations per second. */
  readonly gigaflops: number;
  /** Billion bytes per second. */
  readonly gigabytes: number;
  /**
   * The rate as a share of the peak of what limits the kernel. It may exceed 1, because data in a cache move faster than
   * data in memory.
   */
  readonly share: number;
  /** The peak that the kernel is nearer to. */
  readonly limit: "arithmetic" | "memory";
}

/** The time that a compiled function takes, kernel by kernel. Plain data. */
export interface Profile {
  /** The name of the function. */
  readonly name: string;
  /** The name of the device. */
  readonly device: string;
  /**
   * How kernels were timed: by the `device`'s own clock, or by that of the `host`, which submits each kernel alone, waits,
   * and subtracts `launchMilliseconds`.
   */
  readonly clock: "device" | "host";
  /** The number of steps that were measured; all times are medians. */
  readonly rounds: number;
  /** Milliseconds of a whole step, from its submission to its end, without the work of the host before. */
  readonly milliseconds: number;
  /** Milliseconds in kernels: the sum of theirs. */
  readonly kernelMilliseconds: number;
  /** Milliseconds outside of kernels: the difference of the two, or 0. */
  readonly outsideMilliseconds: number;
  /** Milliseconds that it takes to submit a kernel that has nothing to do, and to wait for it. */
  readonly launchMilliseconds: number;
  /** Floating-point operations per step. */
  readonly operations: number;
  /** Bytes per step that are read or written. */
  readonly bytes: number;
  /** The peaks of the device. */
  readonly peaks: Peaks;
  /** The kernels, the slowest first. */
  readonly kernels: readonly KernelProfile[];
}
