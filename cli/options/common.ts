/**
 * Options shared by several commands.
 *
 * @module
 */

import { deviceOption } from "../../core/device.ts";
import { cpuOptions } from "../../core/device_options.ts";
import { count } from "../../core/options/numbers.ts";
import { text } from "../../core/options/values.ts";
import { UsageError } from "../errors.ts";
import { dashed, section, switchOption, valued } from "./option.ts";

/** Options for the device. */
export const deviceOptions = section("Device", {
  device: valued("NAME", deviceOption),
  threads: valued("N", cpuOptions.threads),
  noNative: switchOption("compute products without machine code, also if FFI is permitted"),
});

/** Options for the data. */
export const dataSection = section("Data", {
  data: valued(
    "NAME",
    text({
      default: "auto",
      help: "auto (MNIST, or digits without a network), mnist, digits, or a directory with IDX files",
    }),
  ),
  trainSize: valued("N", count({ help: "use only the first N training images", otherwise: "all" })),
});

/** Options for the output. */
export const outputOptions = section("Output", {
  json: switchOption("print events as JSON, one object per line"),
  quiet: switchOption("print only the result"),
  noColor: switchOption("print without colors, like the variable NO_COLOR"),
});

/** Options of every command. */
export const helpOptions = section("Output", {
  help: switchOption("show this help", { letter: "h" }),
});

/** The greatest value of an option, and why it is that. */
interface Most {
  readonly most: number;
  /** In words: `the model has 10 classes`. */
  readonly what: string;
}

/**
 * Throws if the number of an option is more than there is of what it counts, instead of taking less without a word.
 *
 * @param name in camel case
 * @throws {UsageError} that names both.
 */
export function checkMost(name: string, value: number, { most, what }: Most): void {
  if (value > most) throw new UsageError(`option ${dashed(name)} cannot be ${value}: ${what}`);
}
