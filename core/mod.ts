/**
 * Tensors, compiled functions, gradients, and the devices they run on.
 *
 * @module
 */

// Read side by side, not one after the other.
import "./modules.ts";
import "./wasm/modules.ts";
// Compiled functions and single operations compute when they are called, so this entry loads a device.
import "./wasm/default_device.ts";

export { arange, type CreationOptions, eye, full, ones, tensor, type Values, zeros } from "./creation.ts";
export { type DeviceChoice, deviceInfo, devices, deviceStatistics, setDevice } from "./device.ts";
export type { DeviceOptions } from "./device_options.ts";
export type { DeviceKind } from "./device_table.ts";
export { DeviceError, type DeviceInfo, type DeviceStatistics } from "./backend.ts";
export type { DType, HostArray } from "./dtype.ts";
export { explain, type ExplainOptions } from "./explain.ts";
export { debugPrint, type DebugPrintOptions, debugPrintsDone } from "./debugging/debug_print.ts";
export { explainCompilations } from "./debugging/explain_compilations.ts";
export { findNonFinite, type NonFiniteValue } from "./debugging/find_non_finite.ts";
export { profile, type ProfileOptions } from "./profile.ts";
export type { KernelProfile, Peaks, Profile } from "./profile/profile_record.ts";
export { showProfile } from "./profile/show_profile.ts";
export { concatenate, stack } from "./functions/movement.ts";
export { clipGradient } from "./functions/clip_gradient.ts";
export { expm1, log1p } from "./functions/near_zero.ts";
export { averagePool2d, maxPool2d, type PoolingOptions } from "./functions/pooling.ts";
export { conv2d, type ConvolutionOptions, type Padding } from "./functions/convolution.ts";
export { matmul } from "./functions/matmul.ts";
export { logSoftmax, logSumExp, type ReductionOptions, softmax, type VarianceOptions } from "./functions/reduction.ts";
export { clip, gather, oneHot, scatterAdd, type ScatterOptions, where } from "./functions/selection.ts";
export { type MemoryWatch, type OwnedMemory, watchMemory } from "./debugging/watch_memory.ts";
export { type CompiledFunction, jit, type JitOptions } from "./jit.ts";
export * as option from "./options/mod.ts";
export * as random from "./random/mod.ts";
export type { Shape } from "./shape.ts";
export type { BinaryOp } from "./scalar/operations.ts";
export type { NestedArray } from "./nested_array.ts";
export { Tensor, type TensorLike } from "./tensor.ts";
export { checkpoint, grad, stopGradient, valueAndGrad, vjp } from "./gradients.ts";
export { scan, type ScanOptions } from "./scan.ts";
export { leavesOf, mapTree, pathsOf, type Tree } from "./tree.ts";
