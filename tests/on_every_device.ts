/**
 * Tests that run once on each kind of device that this machine has.
 *
 * @module
 */

import type { DeviceInfo } from "../core/backend.ts";
import { devices, setDevice } from "../core/device.ts";

/** The kinds of device of this machine: always WebAssembly, and WebGPU if there is an adapter. */
export const deviceKinds: readonly DeviceInfo["kind"][] = [...new Set((await devices()).map(({ kind }) => kind))];

/**
 * Registers a test for each kind of device, which is the chosen device while `body` runs. WebAssembly is the last one, so
 * that it is the device of the tests below that do not say on which they run: software adapters compile slowly.
 *
 * A device stays open after the test that opened it, so these tests are not checked for open resources.
 *
 * @param name A sentence, to which the kind of device is added.
 */
export function testOnEveryDevice(name: string, body: (kind: DeviceInfo["kind"]) => void | Promise<void>): void {
  for (const kind of deviceKinds.toReversed()) {
    Deno.test({
      name: `${name} [${kind}]`,
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        await setDevice(kind);
        await body(kind);
      },
    });
  }
}
