/**
 * Checks of indices are numbered in the order in which a process meets them, and kernels name these numbers. Here each
 * graph has numbers of its own, so that its code does not depend on what was compiled before.
 *
 * @module
 */

import type { ScanAttributes } from "../../core/graph/attributes.ts";
import { type Graph, isNode, type Node, topological } from "../../core/graph/node.ts";
import type { NumberedCheck } from "../../core/nest/numbered_checks.ts";

/** The graph with checks that are numbered from 1. */
export function withOwnChecks(graph: Graph): Graph {
  return new Numbering().graph(graph);
}

class Numbering {
  readonly #checks = new Map<NumberedCheck, NumberedCheck>();
  /** Loops refer to the attributes of others by identity. */
  readonly #loops = new Map<ScanAttributes, ScanAttributes>();
  #last = 0;

  graph({ parameters, results }: Graph): Graph {
    const done = new Map<Node, Node>();
    for (const node of topological(results)) {
      const inputs = node.inputs.map((input) => done.get(input)!);
      done.set(node, this.#node(node, inputs.every((input, i) => input === node.inputs[i]) ? node.inputs : inputs));
    }
    return { parameters, results: results.map((node) => done.get(node)!) };
  }

  #node(node: Node, inputs: readonly Node[]): Node {
    if (isNode(node, "checked")) return { ...node, inputs, attributes: this.#check(node.attributes) };
    if (isNode(node, "scan")) return { ...node, inputs, attributes: this.#loop(node.attributes) };
    if (isNode(node, "checkpoint")) return { ...node, inputs, attributes: { body: this.graph(node.attributes.body) } };
    return inputs === node.inputs ? node : { ...node, inputs };
  }

  #check(check: NumberedCheck): NumberedCheck {
    if (check.number === 0) return check;
    const own = this.#checks.get(check) ?? { ...check, number: ++this.#last };
    this.#checks.set(check, own);
    return own;
  }

  #loop(attributes: ScanAttributes): ScanAttributes {
    const known = this.#loops.get(attributes);
    if (known) return known;
    const { body, extends: shorter } = attributes;
    const own = { ...attributes, body: this.graph(body), ...(shorter && { extends: this.#loop(shorter) }) };
    this.#loops.set(attributes, own);
    return own;
  }
}
