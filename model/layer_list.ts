/**
 * The layers of a network and their names, one added after the other.
 *
 * @module
 */

import { nameKind } from "../core/options/kinds.ts";
import { checkArgument, checkArguments } from "../core/options/read.ts";
import { showValue } from "../core/options/show.ts";
import { titleOf } from "../layers/define_layer.ts";
import type { Layer } from "../layers/layer.ts";
import { layerKind } from "./network_arguments.ts";

/** A layer with its name in a network. */
export interface NamedLayer {
  /** Its name within the network. */
  readonly name: string;
  /** The layer. */
  readonly layer: Layer;
}

/** The title of a network in messages. */
export function titleOfNetwork(name: string): string {
  return `network ${showValue(name)}`;
}

/** The layers of a network that is being made. The work per layer does not depend on their number. */
export class LayerList {
  readonly layers: NamedLayer[] = [];
  readonly #title: string;
  readonly #known = new Set<Layer>();
  readonly #names = new Set<string>();
  /** The number of layers of each kind. */
  readonly #kinds = new Map<string, number>();

  /** @param layers those that the network `network` has already */
  constructor(network: string, layers: readonly NamedLayer[] = []) {
    this.#title = titleOfNetwork(network);
    layers.forEach((one) => this.#keep(one));
  }

  /**
   * Adds a layer under its own name, or under its kind and a number, such as `DenseLayer 3`.
   *
   * @throws {RangeError} if another layer has the same name.
   * @throws {TypeError} if it takes its input from a layer that was not added, or was added already.
   */
  add(layer: Layer): void {
    const title = this.#title;
    checkArgument(`add to ${title}`, layer, layerKind);
    const name = this.#nameOf(layer);
    if (this.#known.has(layer)) {
      throw new TypeError(`Cannot add ${titleOf(layer)} to ${title}: the network already contains it`);
    }
    const missing = layer.incoming.find((incoming) => !this.#known.has(incoming));
    if (missing) {
      throw new TypeError(
        `Cannot add ${titleOf(layer)} to ${title}: it takes its input from ${
          titleOf(missing)
        }, which must be added first`,
      );
    }
    this.#keep({ name, layer });
  }

  #keep({ name, layer }: NamedLayer): void {
    this.layers.push({ name, layer });
    this.#known.add(layer);
    this.#names.add(name);
    this.#kinds.set(layer.kind, (this.#kinds.get(layer.kind) ?? 0) + 1);
  }

  #nameOf(layer: Layer): string {
    if (layer.name === undefined) return this.#numberedName(layer.kind);
    const action = `add ${titleOf(layer)} to ${this.#title}`;
    checkArguments(action, { "its name": layer.name }, nameKind);
    if (!this.#names.has(layer.name)) return layer.name;
    throw new RangeError(`Cannot ${action}: it already has a layer of this name; rename one of them`);
  }

  #numberedName(kind: string): string {
    let number = 1 + (this.#kinds.get(kind) ?? 0);
    while (this.#names.has(`${kind} ${number}`)) number++;
    return `${kind} ${number}`;
  }
}
