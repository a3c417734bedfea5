/**
 * The generated code of the example networks: everything that is compiled for the first step of a training, and for
 * predictions.
 *
 * @module
 */

import { type Backend, type DeviceBuffer, noStatistics } from "../../core/backend.ts";
import { computeAtOnceBy, currentBackend, setDevice } from "../../core/device.ts";
import { versionOf } from "../../core/jit.ts";
import type { Program } from "../../core/nest/program.ts";
import { data, digitsLoader } from "../../data/mod.ts";
import { networks } from "../../examples/networks.ts";
import { model } from "../../model/mod.ts";
import { getUpdate } from "../../optim/mod.ts";
import { CodeRecord } from "./targets.ts";

/** A device that computes nothing: its memory holds zeros, and programs are passed on. */
class IdleBackend implements Backend {
  readonly info = { kind: "wasm", name: "none", software: false } as const;
  readonly statistics = noStatistics();
  readonly maxSlots = 512;
  readonly sharesHostMemory = true;
  readonly maxBufferBytes = 2 ** 32;
  onLoad: (program: Program) => void = () => {};
  #buffers = 0;

  allocate(bytes: number): DeviceBuffer {
    return { id: this.#buffers++, bytes };
  }

  release(): void {}
  write(): void {}
  copy(): void {}
  read = (_: DeviceBuffer, bytes: number): Promise<ArrayBuffer> => Promise.resolve(new ArrayBuffer(bytes));
  finish = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();

  load(program: Program) {
    this.onLoad(program);
    return { run() {}, source: "", launches: [], dispatches: program.steps.length, dispose() {} };
  }
}

async function addNetwork(name: string, record: CodeRecord, backend: IdleBackend): Promise<void> {
  const { build, hyperparameters, update = "momentum" } = networks[name];
  const pretraining = hyperparameters.pretrainingEpochs === undefined ? {} : { pretrainingEpochs: 1 };
  const values = { ...hyperparameters, ...pretraining };
  const { batchSize } = values;
  const untrained = model({
    name,
    network: build(values),
    data: data(digitsLoader({ sizes: [2 * batchSize + 7, batchSize, batchSize] }), { name: "digits" }),
    hyperparameters: values,
    updates: getUpdate(update),
  });
  backend.onLoad = (program) => record.addForWasm(program);
  await untrained.compile("all");
  for await (const { event } of untrained.events({ seed: 1 })) if (event === "step") break;
  const { compiled } = versionOf(await untrained.trainingStep());
  record.addGraph(compiled.graph, { donated: [...compiled.options.donated ?? []], simplified: true });
}

/** Adds the code of one network after the other. All must be added in this order, since checks are numbered in it. */
export async function codeOfNetworks(add: (name: string, record: CodeRecord) => void): Promise<void> {
  const backend = new IdleBackend();
  computeAtOnceBy(() => backend);
  currentBackend();
  await setDevice("wasm");
  for (const name of Object.keys(networks)) {
    const record = new CodeRecord();
    await addNetwork(name, record, backend);
    add(`network ${name}`, record);
  }
}
