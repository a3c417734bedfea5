/**
 * Options that several commands have.
 *
 * @module
 */

import type { DeviceChoice } from "../../core/device.ts";
import { flag, section, valued } from "./option.ts";
import { count, oneOf, text } from "./readers.ts";

const choices: readonly DeviceChoice[] = ["auto", "webgpu", "wasm"];

/** Where to compute. */
export const deviceOptions = section("Device", {
  device: valued(
    "NAME",
    oneOf(choices),
    "auto (a hardware GPU if there is one, else WebAssembly), webgpu, wasm",
  ),
});

/** What to learn from, or to measure on. */
export const dataOptions = section("Data", {
  data: valued(
    "NAME",
    text,
    "auto (MNIST, or digits without a network), mnist, digits, or a directory with IDX files",
  ),
  trainSize: valued("N", count, "use the first N training images only"),
});

/** What is written where. */
export const outputOptions = section("Output", {
  json: flag("print events as JSON, one object a line"),
  quiet: flag("print the result only"),
  noColor: flag("print without colours, as with the variable NO_COLOR"),
});

/** What every command has. */
export const helpOptions = section("Output", {
  help: flag("show this help", { letter: "h" }),
});
