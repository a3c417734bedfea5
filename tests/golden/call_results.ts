/**
 * The results of a valid call of each public function of some entries.
 *
 * @module
 */

import { setDevice } from "../../core/device.ts";
import type { ValidCall } from "../hostile_arguments.ts";
import { describe } from "./describe.ts";
import type { Recording } from "./recording.ts";
import { withoutPaths } from "./without_machine.ts";

type Calls = Readonly<Record<string, ValidCall>>;

async function resultsOf(calls: Calls): Promise<Record<string, string>> {
  await setDevice("wasm");
  const found: Record<string, string> = {};
  for (const [name, { call, args }] of Object.entries(calls)) {
    found[name] = withoutPaths(await describe(await call(...args as never[])));
  }
  return found;
}

/** The results of the functions of `layers` and `optim`. */
export const layerCallRecording: Recording = {
  name: "layer_calls",
  texts: async () => {
    const { layerCalls, optimCalls } = await import("../valid_calls/layers.ts");
    return await resultsOf({ ...layerCalls, ...optimCalls });
  },
};

/** The results of the functions of `data`, and of data sets. */
export const dataCallRecording: Recording = {
  name: "data_calls",
  texts: async () => {
    const { dataCalls, setCalls } = await import("../valid_calls/data.ts");
    return await resultsOf({ ...dataCalls, ...setCalls });
  },
};
