/**
 * Tests that run on every device of this machine.
 *
 * @module
 */

import { devices, setDevice } from "../core/device.ts";

const kinds = [...new Set((await devices()).map(({ kind }) => kind))];

/** A test for each kind of device there is: `wasm` always, `webgpu` where there is an adapter. */
export function eachDevice(name: string, body: () => Promise<void>): void {
  for (const kind of kinds) {
    Deno.test(`${name} [${kind}]`, async () => {
      await setDevice(kind);
      await body();
    });
  }
}
