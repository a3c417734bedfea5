/**
 * PyTorch, in processes of Python.
 *
 * @module
 */

import { encodeSafetensors } from "../../model/mod.ts";
import { inFile, type Peer, type PeerWorkload } from "./peer.ts";
import type { Workload } from "./workload.ts";

/** The program in Python. */
export const script = new URL("./torch_peer.py", import.meta.url);

/**
 * Variables that make PyTorch faster in some workloads and slower in others: threads of OpenMP do not spin, so they leave
 * the cores to those of OpenBLAS, and the memory of large temporaries stays mapped.
 */
const settings: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["default settings", {}],
  ["passive waiting", {
    OMP_WAIT_POLICY: "passive",
    MALLOC_MMAP_MAX_: "0",
    MALLOC_TRIM_THRESHOLD_: "100000000000",
  }],
];

/** What the script answers. */
interface Reply {
  readonly error?: string;
  readonly version: string;
  readonly values: readonly number[];
  readonly parameters: number;
  readonly variant: string;
  readonly milliseconds: number & readonly number[];
}

/** A process of Python, which answers one line to each line. */
class PythonProcess {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(python: string, threads: number, env: Readonly<Record<string, string>>) {
    const args = [script.pathname, `${threads}`];
    this.#process = new Deno.Command(python, { args, env, stdin: "piped", stdout: "piped" }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async answer(): Promise<Reply> {
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("Cannot measure PyTorch: Python ended; see its message above");
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const reply: Reply = JSON.parse(this.#text.slice(0, end));
    this.#text = this.#text.slice(end + 1);
    if (reply.error === undefined) return reply;
    throw new Error(`Cannot measure PyTorch: ${reply.error}`);
  }

  async ask(request: Readonly<Record<string, unknown>>): Promise<Reply> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    return await this.answer();
  }

  async close(): Promise<void> {
    await this.#writer.close();
    for (let ended = false; !ended;) ended = (await this.#reader.read()).done;
    await this.#process.status;
  }
}

class Torch implements Peer {
  readonly #processes: readonly PythonProcess[];

  constructor(readonly name: string, processes: readonly PythonProcess[]) {
    this.#processes = processes;
  }

  async open(row: string, workload: Workload): Promise<PeerWorkload> {
    const tensors = await workload.tensors();
    const replies = await inFile(tensors, encodeSafetensors, async (file) => {
      const replies: Reply[] = [];
      for (const process of this.#processes) replies.push(await process.ask({ do: "open", row, file }));
      return replies;
    });
    const best = replies.reduce((best, { milliseconds }, i) => milliseconds < replies[best].milliseconds ? i : best, 0);
    const others = this.#processes.filter((_, i) => i !== best);
    for (const process of others) await process.ask({ do: "close" });
    const { values, parameters, variant } = replies[best];
    const process = this.#processes[best];
    return {
      ...{ values, parameters, variant: `${variant}, ${settings[best][0]}` },
      round: async (calls) => (await process.ask({ do: "round", calls })).milliseconds,
      close: async () => {
        await process.ask({ do: "close" });
      },
    };
  }

  async close(): Promise<void> {
    for (const process of this.#processes) await process.close();
  }
}

/** Whether this Python has PyTorch. */
async function hasTorch(python: string): Promise<boolean> {
  try {
    const args = ["-c", "import torch"];
    return (await new Deno.Command(python, { args, stdout: "null", stderr: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Starts PyTorch once with each of its settings; each workload is measured with the fastest. Returns nothing if this
 * Python does not have it.
 */
export async function startTorch(python: string, threads: number): Promise<Peer | undefined> {
  if (!await hasTorch(python)) return undefined;
  const processes = settings.map(([, env]) => new PythonProcess(python, threads, env));
  const [{ version }] = await Promise.all(processes.map((process) => process.answer()));
  return new Torch(`PyTorch ${version}`, processes);
}
