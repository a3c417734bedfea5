/**
 * The command line: trains the example networks, and evaluates, compares and exports the trained models.
 *
 * ```sh
 * deno run -A jsr:@yadll/yadll/cli train lenet5
 * deno run -A jsr:@yadll/yadll/cli --help
 * ```
 *
 * @module
 */

// A program's own networks may compute while they are built, before a device is chosen.
import "../core/wasm/default_device.ts";
import { custom, type Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import { text } from "../core/options/values.ts";
import { reasonOf } from "../core/permission.ts";
import type { Program } from "./command.ts";
import type { Examples } from "./example.ts";
import { run } from "./main.ts";
import { networks } from "./networks.ts";
import { describeFailure, type Ending, exitCodes, UsageError } from "./errors.ts";
import { type Output, processOutput } from "./output.ts";
import { ownCall } from "./own_call.ts";

export type { Program } from "./command.ts";
export { type Ending, exitCodes };
export {
  type Example,
  example,
  type ExampleHyperparameters,
  type Examples,
  type Setting,
  type Settings,
  type ShortTraining,
} from "./example.ts";
export type { Output } from "./output.ts";
export { networks } from "./networks.ts";

/** Options of {@linkcode main}. */
export interface MainOptions {
  /** The call that starts the program, for messages (default: that of the main module). */
  readonly call?: string;
  /** The networks by name (default: the examples of the documentation). */
  readonly examples?: Program["examples"];
  /** Where to write (default: standard output and standard error). */
  readonly output?: Output;
}

/**
 * Runs a command line and returns the exit code: 0 ok, 1 a bug, 2 usage, 3 data, network, permissions or files, 4
 * device, 5 diverged, 6 every combination of a search failed, 7 the examples of `--overfit` were not learned, 130
 * interrupted. It never throws.
 *
 * With your own networks, it is the command line of your own program:
 *
 * @example
 * ```ts
 * import { example, main } from "@yadll/yadll/cli";
 * import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { network } from "@yadll/yadll/model";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const softmax = example({
 *   title: "softmax regression",
 *   hyperparameters: { batchSize: 20, learningRate: 0.1, nEpochs: 2, momentum: 0.9, patience: 1000 },
 *   build() {
 *     const input = inputLayer({ shape: [null, 784] });
 *     return network("softmax", [input, logisticRegression(input, { nClass: 10 })]);
 *   },
 * });
 * const lines: string[] = [];
 * const output = { result: (line: string) => lines.push(line), note: () => {}, columns: () => undefined };
 * const args = ["train", "softmax", "--data", "digits", "--train-size", "100", "--quiet"];
 * assertEquals(await main(args, { examples: { softmax }, output }), 0);
 * assertStringIncludes(lines.join("\n"), "Validation score of");
 * ```
 */
export async function main(args: readonly string[], options: MainOptions = {}): Promise<number> {
  const standard = processOutput();
  try {
    readOptions("run a command line", mainOptions, options);
  } catch (error) {
    standard.note(`${describeFailure(new UsageError(reasonOf(error)))}\n`);
    return exitCodes.usage;
  }
  const { call = ownCall(), examples = networks, output = standard } = options;
  const code = await run(args, { call, examples }, output);
  return code === exitCodes.ok && standard.failure ? exitCodes.data : code;
}

const mainOptions = {
  call: text({ help: "call that starts the program", otherwise: "that of the main module" }),
  examples: custom<Examples>({
    expected: "a record of networks, made by example",
    accepts: (value): value is Examples =>
      typeof value === "object" && value !== null && !Array.isArray(value) &&
      Object.values(value).every((one) => typeof one === "object" && one !== null && "build" in one),
  }, { help: "networks by name" }),
  output: custom<Output>({
    expected: "an output with functions result, note and columns",
    accepts: (value): value is Output =>
      typeof value === "object" && value !== null && "result" in value && "note" in value && "columns" in value,
  }, { help: "where to write" }),
} satisfies Declaration<MainOptions>;

if (import.meta.main) Deno.exit(await main(Deno.args));
