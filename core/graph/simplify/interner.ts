/**
 * Gives equal nodes one identity.
 *
 * @module
 */

import { isNode, type Node } from "../node.ts";
import { showAttributes } from "../show_attributes.ts";

/** Remembers nodes and returns the first equal node for each. */
export class Interner {
  /** Sums of gradients that are also computed elsewhere, and the equal sums that must replace them. */
  readonly asked = new Map<Node, Node>();
  readonly #known = new Map<string, Node>();
  readonly #ids = new Map<object, number>();

  /** Returns the first node with the same primitive, attributes and inputs. */
  intern(node: Node): Node {
    if (isNode(node, "parameter")) return node;
    let key: string = node.op;
    for (const input of node.inputs) key += ` ${this.#id(input)}`;
    const isDerivable = isNode(node, "sum") && node.attributes.ofCotangents;
    const attributes = isDerivable ? { axes: node.attributes.axes } : node.attributes;
    key += ` ${showAttributes(attributes, this.#id)}`;
    const known = this.#known.get(key);
    if (!known) this.#known.set(key, node);
    else if (isNode(known, "sum") && known.attributes.ofCotangents && !isDerivable) this.asked.set(known, node);
    return known ?? node;
  }

  /** Nodes, and records such as the body of a loop and the memory of a tensor, are compared by identity. */
  readonly #id = (thing: object): number => {
    let id = this.#ids.get(thing);
    if (id === undefined) this.#ids.set(thing, id = this.#ids.size);
    return id;
  };
}
