/**
 * Options that several commands have.
 *
 * @module
 */

import { deviceOption } from "../../core/device.ts";
import { count } from "../../core/options/numbers.ts";
import { text } from "../../core/options/values.ts";
import { flag, section, valued } from "./option.ts";

/** Where to compute. */
export const deviceOptions = section("Device", {
  device: valued("NAME", deviceOption),
});

/** What to learn from, or to measure on. */
export const dataOptions = section("Data", {
  data: valued(
    "NAME",
    text({
      default: "auto",
      help: "auto (MNIST, or digits without a network), mnist, digits, or a directory with IDX files",
    }),
  ),
  trainSize: valued("N", count({ help: "use the first N training images only", otherwise: "all" })),
});

/** What is written where. */
export const outputOptions = section("Output", {
  json: flag("print events as JSON, one object per line"),
  quiet: flag("print the result only"),
  noColor: flag("print without colors, as with the variable NO_COLOR"),
});

/** What every command has. */
export const helpOptions = section("Output", {
  help: flag("show this help", { letter: "h" }),
});
