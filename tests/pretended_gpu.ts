/**
 * A WebGPU adapter that computes nothing: shaders are written and submitted as for a real one, but none is compiled or
 * run. With it, the work of a program can be counted on machines without a GPU.
 *
 * @module
 */

/** The limits of Mesa's software adapter. */
const limits = {
  maxBufferSize: 2147483647,
  maxStorageBufferBindingSize: 134217728,
  maxStorageBuffersPerShaderStage: 32,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupStorageSize: 32768,
  minUniformBufferOffsetAlignment: 32,
};

/** Memory that holds zeros and what the host writes. */
class PretendedBuffer {
  #bytes: Uint8Array<ArrayBuffer> | undefined;

  constructor(readonly size: number) {}

  /** Made when it is first needed, since the host writes or reads only few buffers. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes ??= new Uint8Array(this.size);
  }

  get isZero(): boolean {
    return this.#bytes === undefined;
  }

  clear(offset = 0, size = this.size): void {
    if (!this.isZero) this.bytes.fill(0, offset, offset + size);
  }

  mapAsync(): Promise<void> {
    return Promise.resolve();
  }

  getMappedRange(offset = 0, size = this.size - offset): ArrayBuffer {
    return this.bytes.slice(offset, offset + size).buffer;
  }

  unmap(): void {}

  destroy(): void {
    this.#bytes = undefined;
  }
}

const carryOut = Symbol("carry out");

/** Commands, which are carried out when they are submitted. */
interface PretendedCommands {
  [carryOut](): void;
}

class PretendedEncoder {
  readonly #commands: (() => void)[] = [];

  beginComputePass() {
    return { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
  }

  copyBufferToBuffer(
    source: PretendedBuffer,
    from: number,
    ...[target, to, size]: [PretendedBuffer, number, number]
  ): void {
    this.#commands.push(() => {
      if (source.isZero && target.isZero) return;
      target.bytes.set(source.bytes.subarray(from, from + size), to);
    });
  }

  clearBuffer(buffer: PretendedBuffer, offset?: number, size?: number): void {
    this.#commands.push(() => buffer.clear(offset, size));
  }

  finish(): PretendedCommands {
    return { [carryOut]: () => this.#commands.forEach((command) => command()) };
  }
}

class PretendedDevice {
  readonly limits = limits;
  readonly features = new Set<string>();
  readonly queue = {
    writeBuffer(buffer: PretendedBuffer, offset: number, { buffer: data, byteOffset, byteLength }: ArrayBufferView) {
      buffer.bytes.set(new Uint8Array(data, byteOffset, byteLength), offset);
    },
    submit: (submitted: readonly PretendedCommands[]) => submitted.forEach((commands) => commands[carryOut]()),
    onSubmittedWorkDone: () => Promise.resolve(),
  };
  #lose: (info: { message: string }) => void = () => {};
  readonly lost = new Promise<{ message: string }>((resolve) => this.#lose = resolve);

  addEventListener() {}
  pushErrorScope() {}
  popErrorScope = () => Promise.resolve(null);
  createBuffer = ({ size }: { size: number }) => new PretendedBuffer(size);
  createShaderModule = () => ({});
  createBindGroupLayout = () => ({});
  createPipelineLayout = () => ({});
  createComputePipeline = () => ({});
  createBindGroup = () => ({});
  createCommandEncoder = () => new PretendedEncoder();

  destroy(): void {
    this.#lose({ message: "destroyed" });
  }
}

/** An installed adapter. Disposing it restores `navigator.gpu`. */
export interface PretendedGpu extends Disposable {
  /** Loses all devices of the adapter, so that the next choice of a device opens a new one. */
  lose(): void;
}

/** Installs an adapter of this class as the only one. */
export function pretendGpu(deviceClass: "hardware" | "software"): PretendedGpu {
  const software = deviceClass === "software";
  const description = `pretended ${deviceClass} adapter`;
  const opened: PretendedDevice[] = [];
  const adapter = {
    limits,
    // Says that it is not one of OpenGL, whose arithmetic would be tested.
    features: new Set(["bgra8unorm-storage"]),
    info: { vendor: "", architecture: "", device: "", description, isFallbackAdapter: software },
    requestDevice(): Promise<PretendedDevice> {
      const device = new PretendedDevice();
      opened.push(device);
      return Promise.resolve(device);
    },
  };
  const before = Object.getOwnPropertyDescriptor(navigator, "gpu");
  Object.defineProperty(navigator, "gpu", {
    value: { requestAdapter: () => Promise.resolve(adapter) },
    configurable: true,
  });
  return {
    lose: () => opened.splice(0).forEach((device) => device.destroy()),
    [Symbol.dispose]() {
      if (before) Object.defineProperty(navigator, "gpu", before);
      else Reflect.deleteProperty(navigator, "gpu");
    },
  };
}
