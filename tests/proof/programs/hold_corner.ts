/**
 * What must hold for the programs at the bounds of what devices cut.
 *
 * @module
 */

import { believed, checkCompiled, type Kind } from "./check.ts";
import type { Corner } from "./corners.ts";
import { expect } from "./expected.ts";
import { checkVariant, type Variant } from "./variants.ts";

/** The devices that compute a corner. */
export interface CornerDevices {
  readonly devices: readonly Kind[];
  readonly variants: readonly Variant[];
}

/** Compares the kernels of a corner with double precision; throws a `Fault` if they differ. */
export async function holdCorner(
  { program, donate, variants: which }: Corner,
  { devices, variants }: CornerDevices,
): Promise<void> {
  const { graph, inputs } = program;
  await believed(async (options) => {
    const expected = expect(graph, inputs, options);
    for (const kind of devices) {
      if (kind === "wasm" || which !== "only") await checkCompiled(program, expected, { kind, donate });
    }
    if (which === "no") return;
    for (const variant of variants) await checkVariant(program, expected, variant);
  });
}
