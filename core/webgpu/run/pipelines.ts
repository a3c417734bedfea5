/**
 * Compiled kernels by their text, and the values of loop counters that kernels read.
 *
 * @module
 */

import type { BackendStatistics } from "../../backend.ts";
import { SharedValues } from "../../shared_values.ts";
import type { OpenDevice } from "./device.ts";
import type { WgslKernel } from "../wgsl/kernel.ts";

/** A compiled kernel. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Its text. */
  readonly code: string;
}

const computeStage = 0x4; // GPUShaderStage.COMPUTE
const rampUsage = 0x40 | 0x08; // GPUBufferUsage.UNIFORM and COPY_DST

/** The compiled kernels of a device, which programs share. */
export class PipelineCache {
  readonly #pipelines = new SharedValues<Pipeline>();
  readonly #counterLayouts = new Map<number, GPUBindGroupLayout>();
  #ramp:
    | { readonly buffer: GPUBuffer; readonly length: number; readonly groups: Map<number, GPUBindGroup> }
    | undefined;
  /** The bytes from one loop counter's value to the next. */
  readonly stride: number;

  constructor(readonly open: OpenDevice, readonly statistics: BackendStatistics) {
    this.stride = Math.max(16, open.device.limits.minUniformBufferOffsetAlignment);
  }

  /** The compiled form of a kernel. The caller must {@linkcode drop} it. */
  take(kernel: WgslKernel): Pipeline {
    const { device, found } = this.open;
    const describe = (message: string): string =>
      `Cannot compile the kernel ${kernel.name} for ${found.name}: ${message}\n${kernel.code}`;
    const compiled = this.#pipelines.take(kernel.code, () => {
      this.statistics.compilations++;
      return this.open.watch("validation", () => this.#compile(device, kernel), describe);
    });
    this.statistics.modules = this.#pipelines.size;
    return compiled;
  }

  /** Returns a compiled kernel. The last program that returns it frees it. */
  drop({ code }: Pipeline): void {
    this.#pipelines.drop(code);
    this.statistics.modules = this.#pipelines.size;
  }

  /** Removes all compiled kernels. Loaded programs keep theirs. */
  clear(): void {
    this.#pipelines.clear();
    this.statistics.modules = 0;
  }

  /** Makes loop counters from 0 to `extent − 1` available. */
  reserveCounters(extent: number): void {
    if (this.#ramp && this.#ramp.length >= extent) return;
    const { device } = this.open;
    const length = 2 ** Math.ceil(Math.log2(Math.max(64, extent)));
    const words = this.stride / 4;
    const values = new Int32Array(length * words);
    for (let i = 0; i < length; i++) values[i * words] = i;
    const buffer = device.createBuffer({ size: values.byteLength, usage: rampUsage });
    device.queue.writeBuffer(buffer, 0, values);
    this.statistics.allocations++;
    this.statistics.reservedBytes += values.byteLength - (this.#ramp ? this.#ramp.length * this.stride : 0);
    this.#ramp = { buffer, length, groups: new Map() };
  }

  /** The bind group from which kernels read `count` loop counters, at {@linkcode stride} times their values. */
  counterGroup(count: number): GPUBindGroup {
    const { buffer, groups } = this.#ramp!;
    let group = groups.get(count);
    if (!group) {
      const entries = Array.from({ length: count }, (_, binding) => ({ binding, resource: { buffer, size: 16 } }));
      group = this.open.device.createBindGroup({ layout: this.#counterLayout(count), entries });
      groups.set(count, group);
    }
    return group;
  }

  #compile(device: GPUDevice, { name, code, slots, checksIndices, counters }: WgslKernel): Pipeline {
    const module = device.createShaderModule({ label: name, code });
    const accesses = [...slots.map(({ access }) => access), ...checksIndices ? ["readwrite"] : []];
    const layout = device.createBindGroupLayout({
      entries: accesses.map((access, binding) => ({
        binding,
        visibility: computeStage,
        buffer: { type: access === "read" ? "read-only-storage" : "storage" },
      })),
    });
    const bindGroupLayouts = counters.length > 0 ? [layout, this.#counterLayout(counters.length)] : [layout];
    const pipeline = device.createComputePipeline({
      label: name,
      layout: device.createPipelineLayout({ bindGroupLayouts }),
      compute: { module, entryPoint: "main" },
    });
    return { pipeline, layout, code };
  }

  #counterLayout(count: number): GPUBindGroupLayout {
    let layout = this.#counterLayouts.get(count);
    if (!layout) {
      layout = this.open.device.createBindGroupLayout({
        entries: Array.from({ length: count }, (_, binding) => ({
          binding,
          visibility: computeStage,
          buffer: { type: "uniform" as const, hasDynamicOffset: true },
        })),
      });
      this.#counterLayouts.set(count, layout);
    }
    return layout;
  }
}
