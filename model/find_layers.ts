/**
 * Finds the layers that outputs need.
 *
 * @module
 */

import type { Layer } from "../layers/layer.ts";

/** All layers that these need, each after those from which it takes its input. */
export function findLayers(outputs: readonly Layer[]): Layer[] {
  const found = new Set<Layer>();
  // A stack of its own, because networks may be deeper than calls.
  const left = outputs.toReversed().map((layer) => ({ layer, isReady: false }));
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const { layer, isReady } = one;
    if (found.has(layer)) continue;
    if (isReady) found.add(layer);
    else {
      left.push({ layer, isReady: true });
      for (const incoming of layer.incoming.toReversed()) left.push({ layer: incoming, isReady: false });
    }
  }
  return [...found];
}
