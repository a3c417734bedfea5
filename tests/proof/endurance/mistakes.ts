/**
 * Uses of the package that fail, with the error that each must throw.
 *
 * @module
 */

import { gather, jit, type Tensor, tensor, zeros } from "../../../core/mod.ts";
import { type Data, data, type SampleSource } from "../../../data/mod.ts";
import { loadModel } from "../../../model/mod.ts";
import { moveTo, newFile, someTensor, untrainedModel, type World } from "./world.ts";

/** An error of the user's own. */
class OwnError extends Error {
  override readonly name = "OwnError";
}

function throwOwn(): never {
  throw new OwnError("of the user's function");
}

/** A use that fails. */
interface Mistake {
  /** The name of the error's class. */
  readonly error: string;
  /** What its message contains. */
  readonly message: string;
  /** The number of devices that it takes (default: 1). */
  readonly needsDevices?: number;
  readonly run: (world: World) => Promise<unknown>;
}

/** Data whose training set cannot be read after it was checked. */
function failingData(): Data {
  let fails = false;
  const x: SampleSource = { shape: [24, 12], read: (_, target) => fails ? throwOwn() : void target.fill(1) };
  const y = Int32Array.from({ length: 24 }, (_, i) => i % 3);
  const failing = data([{ x, y }, { x, y }], { name: "failing" });
  fails = true;
  return failing;
}

/** All mistakes, by name. */
const mistakes: Readonly<Record<string, Mistake>> = {
  "error in a traced function": {
    error: "OwnError",
    message: "of the user's function",
    run: ({ random }) => Promise.resolve(jit((x: Tensor) => x.add(1).mul(throwOwn()))(someTensor(random))),
  },
  "wrong shape": {
    error: "TypeError",
    message: "Cannot",
    run: ({ random }) => Promise.resolve(jit((x: Tensor) => x.matmul(zeros([5, 2])))(someTensor(random))),
  },
  "token outside of the table": {
    error: "RangeError",
    message: "Cannot",
    run: ({ random }) => {
      const lookUp = jit((table: Tensor, tokens: Tensor) => gather(table, tokens.add(1)));
      return lookUp(zeros([4, 3]), tensor(Int32Array.of(1, 3 + random(5)))).data();
    },
  },
  "refused by the device": {
    error: "DeviceError",
    message: "Cannot allocate",
    run: () => zeros([2 ** 31 - 1]).add(1).data(),
  },
  "tensor of another device": {
    error: "TypeError",
    message: "Cannot use a tensor of device",
    needsDevices: 2,
    run: async (world) => {
      const { random, device, devices } = world;
      const x = someTensor(random).mul(2);
      await moveTo(world, devices.find((one) => one !== device)!);
      try {
        await x.add(1).data();
      } finally {
        await moveTo(world, device);
      }
    },
  },
  "error in a listener": {
    error: "OwnError",
    message: "of the user's function",
    run: (world) => untrainedModel(world).train({ progress: false, onEvent: throwOwn }),
  },
  "error in a source of samples": {
    error: "OwnError",
    message: "of the user's function",
    run: (world) => untrainedModel(world).with({ data: failingData() }).train({ progress: false }),
  },
  "training that diverges": {
    error: "Diverged",
    message: "Cannot",
    run: (world) =>
      untrainedModel(world).with({ hyperparameters: { batchSize: 8, nEpochs: 9, learningRate: 1e38 } }).train({
        progress: false,
      }),
  },
  "file that is missing": {
    error: "FileError",
    message: "Cannot",
    run: (world) => Promise.resolve(loadModel(newFile(world, ".ym"))),
  },
};

/** The names of the mistakes that can be made on this machine. */
export function possibleMistakes({ devices }: World): string[] {
  return Object.keys(mistakes).filter((name) => (mistakes[name].needsDevices ?? 1) <= devices.length);
}

/** Makes a mistake. Returns what is wrong with its error; undefined if it is the right one. */
export async function make(name: string, world: World): Promise<string | undefined> {
  const { error: expected, message, run } = mistakes[name];
  try {
    await run(world);
  } catch (error) {
    if (error instanceof Error && error.name === expected && error.message.includes(message)) return undefined;
    return `${name}: expected ${expected}, got ${error}`;
  }
  return `${name}: expected ${expected}, got no error`;
}
