/**
 * The initial weights of a network, and whether a value may be weights.
 *
 * @module
 */

import { checkArgument, checkArguments, wrongKind } from "../core/options/read.ts";
import { fold } from "../core/random/bits.ts";
import { Tensor } from "../core/tensor.ts";
import { titleOf } from "../layers/define_layer.ts";
import type { Initial } from "../layers/layer.ts";
import { isPlainRecord, isRecord } from "./files/json.ts";
import type { NamedLayer } from "./layer_list.ts";
import { paramsKind, stateKind, weightsKind } from "./network_arguments.ts";
import type { Weights } from "./weights.ts";

/** Initial weights for all layers. Each has its own key; those without parameters or state are left out. */
export function initialWeights(layers: readonly NamedLayer[], key: Tensor): Weights {
  const initial = layers.map((one, i) => ({ name: one.name, ...initialized(one, fold(key, i)) }));
  const named = <T extends object>(pick: (one: typeof initial[number]) => T): Record<string, T> =>
    Object.fromEntries(initial.map((one) => [one.name, pick(one)] as const).filter(([, own]) => hasKeys(own)));
  return { params: named(({ params }) => params), state: named(({ state }) => state) };
}

/** What a layer starts with, which one of your own may return in another form. */
function initialized({ name, layer }: NamedLayer, key: Tensor): Initial {
  const initial: unknown = layer.init(key);
  if (isInitial(initial)) return initial;
  throw wrongKind(
    `initialize ${titleOf({ kind: layer.kind, name })}`,
    "init to return { params, state }, two records of tensors",
    initial,
  );
}

function isInitial(initial: unknown): initial is Initial {
  return isRecord(initial) &&
    [initial.params, initial.state].every((part) =>
      isPlainRecord(part) && Object.values(part).every((value) => value instanceof Tensor || isPlainRecord(value))
    );
}

/**
 * Refuses what are no weights of a network.
 *
 * @param action what is tried, for the message: `use weights in network "mlp"`
 */
export function checkWeights(action: string, given: Weights): void {
  checkArgument(action, given, weightsKind);
  checkArguments(action, { "weights.params": given.params }, paramsKind);
  checkArguments(action, { "weights.state": given.state }, stateKind);
}

function hasKeys(record: object): boolean {
  return Object.keys(record).length > 0;
}
