/**
 * ONNX Runtime, which computes forward passes of networks that PyTorch has written as ONNX files.
 *
 * @module
 */

import { createRequire } from "node:module";
import { resolve, toFileUrl } from "@std/path";
import { encodeSafetensors, type TensorEntry } from "../../model/mod.ts";
import { inFile, type Peer, type PeerWorkload } from "./peer.ts";
import { script } from "./torch.ts";
import type { Workload } from "./workload.ts";

/** A tensor of ONNX Runtime. */
interface OnnxTensor {
  readonly data: Float32Array;
}

interface Session {
  readonly inputNames: readonly string[];
  run(inputs: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** What is used of the package onnxruntime-node. */
interface OnnxRuntime {
  readonly env: { readonly versions: { readonly node?: string; readonly common: string } };
  readonly InferenceSession: { create(file: string, options: { intraOpNumThreads: number }): Promise<Session> };
  readonly Tensor: new (type: string, values: Float32Array | BigInt64Array, shape: readonly number[]) => OnnxTensor;
}

class Onnx implements Peer {
  readonly name: string;

  constructor(readonly runtime: OnnxRuntime, readonly python: string, readonly threads: number) {
    this.name = `ONNX-Runtime ${runtime.env.versions.common}`;
  }

  async open(row: string, workload: Workload): Promise<PeerWorkload | undefined> {
    if (!row.endsWith("-forward")) return undefined;
    const { runtime, threads } = this;
    const tensors = await workload.tensors();
    const session = await inFile(tensors, encodeSafetensors, async (file) => {
      const model = `${file}.onnx`;
      const args = [script.pathname, `${threads}`, "export", row, file, model];
      const { success } = await new Deno.Command(this.python, { args, stdout: "null", stderr: "inherit" }).output();
      if (!success) throw new Error(`Cannot measure ${this.name}: PyTorch did not write ${row}; see its message above`);
      const session = await runtime.InferenceSession.create(model, { intraOpNumThreads: threads });
      await Deno.remove(model);
      return session;
    });
    return this.#measured(session, tensors.x, workload.parameters);
  }

  async #measured(session: Session, { values, shape }: TensorEntry, parameters: number): Promise<PeerWorkload> {
    const x = values instanceof Float32Array
      ? new this.runtime.Tensor("float32", values, shape)
      : new this.runtime.Tensor("int64", BigInt64Array.from(values, BigInt), shape);
    const run = async (): Promise<Float32Array> => {
      const [{ data }] = Object.values(await session.run({ [session.inputNames[0]]: x }));
      return data;
    };
    const found = await run();
    const value = found.reduce((sum, one) => sum + one * one, 0) / found.length;
    const round = async (calls: number): Promise<number[]> => {
      const times: number[] = [];
      while (times.length < calls) {
        const start = performance.now();
        await run();
        times.push(performance.now() - start);
      }
      return times;
    };
    const variant = "of the network that PyTorch wrote";
    return { values: new Array<number>(4).fill(value), parameters, variant, round, close: () => session.release() };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Loads ONNX Runtime from the folder `node_modules` of `folder`. Returns nothing if it is not installed there. */
export async function startOnnx(folder: string, python: string, threads: number): Promise<Peer | undefined> {
  const file = resolve(folder, "node_modules/onnxruntime-node/dist/index.js");
  try {
    await Deno.stat(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const runtime: OnnxRuntime = createRequire(toFileUrl(file))("onnxruntime-node");
  return new Onnx(runtime, python, threads);
}
