/**
 * Finds the layers that outputs need, and those through which their logits pass.
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

/**
 * The softmax in which a network ends, and the layers after it that only pass its rows on, such as reshapes, in order.
 * It is empty if the output is not that of a softmax.
 */
export function logitsPath(last: Layer | undefined): readonly Layer[] {
  const path: Layer[] = [];
  for (let layer = last; layer !== undefined; [layer] = layer.incoming) {
    path.unshift(layer);
    if (layer.logits) return path;
    if (!layer.passesRows || layer.incoming.length !== 1) return [];
  }
  return [];
}
