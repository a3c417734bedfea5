/**
 * Gives equal nodes one identity.
 *
 * @module
 */

import { isNode, type Node } from "../node.ts";

/** JSON cannot represent these numbers. */
function showNumber(_key: string, value: unknown): unknown {
  return Object.is(value, -0) ? "-0" : value === Infinity ? "inf" : value === -Infinity ? "-inf" : value;
}

/** Remembers nodes and returns the first equal node for each. */
export class Interner {
  readonly #known = new Map<string, Node>();
  readonly #ids = new Map<object, number>();

  /** Returns the first node with the same primitive, attributes and inputs. */
  intern(node: Node): Node {
    if (isNode(node, "parameter")) return node;
    const attributes = Object.entries(node.attributes).map(([key, value]) => `${key}:${this.#show(value)}`);
    const key = `${node.op}(${node.inputs.map((input) => this.#id(input)).join()}){${attributes.join()}}`;
    const known = this.#known.get(key);
    if (known) return known;
    this.#known.set(key, node);
    return node;
  }

  /** Records, such as the body of a loop and the memory of a tensor, are compared by identity. */
  #show(value: unknown): string | number {
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    return isRecord ? this.#id(value) : JSON.stringify(value, showNumber);
  }

  #id(thing: object): number {
    let id = this.#ids.get(thing);
    if (id === undefined) this.#ids.set(thing, id = this.#ids.size);
    return id;
  }
}
