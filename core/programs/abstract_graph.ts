/**
 * Graphs without the elements of the tensors that they hold, and their description as text, by which programs that were
 * compiled before are found.
 *
 * @module
 */

import type { ScanAttributes } from "../graph/attributes.ts";
import { type Graph, isNode, type Node, topological, typeKey } from "../graph/node.ts";
import { withInputs } from "../graph/rewrite.ts";
import { showAttributes, showPlain } from "../graph/show_attributes.ts";
import { Storage } from "../storage.ts";

/** Returns the text for nodes that are not described by their operation and attributes. */
export type DescribeLeaf = (node: Node) => string | undefined;

/** Nodes as text. */
export interface Description {
  /** Nodes with equal texts compute the same from equal parameters and tensors. */
  readonly text: string;
  /** The tensors that the nodes hold, each once, as they are numbered in the text. */
  readonly storages: readonly Storage[];
}

/** Describes nodes up to the elements of tensors. */
export function describe(roots: readonly Node[], leaf: DescribeLeaf = () => undefined): Description {
  const storages: Storage[] = [];
  const numberOf = (storage: Storage): number => {
    const known = storages.indexOf(storage);
    return known < 0 ? storages.push(storage) - 1 : known;
  };
  return { text: describeNodes(roots, { leaf, numberOf }), storages };
}

interface Parts {
  readonly leaf: DescribeLeaf;
  readonly numberOf: (storage: Storage) => number;
}

function describeNodes(roots: readonly Node[], parts: Parts): string {
  const names = new Map<Node, number>();
  const order = topological(roots);
  const loops = loopsIn(order);
  const lines = order.map((node) => {
    names.set(node, names.size);
    const text = parts.leaf(node);
    if (text !== undefined) return text;
    const attributes = showAttributes(node.attributes, (value, name) => {
      if (name === "body") return `{${describeBody(value as Graph, parts)}}`;
      if (name === "storage") return parts.numberOf(value as Storage);
      return name === "extends" ? loops.get(value)! : showPlain(value);
    });
    let line = `${node.op}${loops.get(node.attributes) ?? ""} ${attributes}`;
    for (const input of node.inputs) line += ` ${names.get(input)}`;
    return line;
  });
  return [...lines, roots.map((root) => names.get(root)).join()].join(";");
}

function describeBody({ parameters, results }: Graph, { numberOf }: Parts): string {
  const numbers = new Map<Node, number>(parameters.map((parameter, i) => [parameter, i]));
  const leaf = (node: Node): string | undefined => {
    const index = numbers.get(node);
    return index === undefined ? undefined : `parameter ${index} ${typeKey(node)}`;
  };
  return describeNodes(results, { leaf, numberOf });
}

/** The attributes of loops, numbered, because loops refer to those of others by identity. */
function loopsIn(nodes: readonly Node[]): Map<object, number> {
  const loops = new Map<object, number>();
  for (const node of nodes) {
    if (isNode(node, "scan") && !loops.has(node.attributes)) loops.set(node.attributes, loops.size);
  }
  return loops;
}

/** A graph whose tensors have no elements, so whoever keeps it keeps no tensor in memory. */
export interface AbstractGraph {
  readonly graph: Graph;
  /** The tensors of the graph without elements, in the order of the description. */
  readonly placeholders: readonly Storage[];
}

/** Replaces the tensors that a graph holds, which are those of its description. */
export function withoutElements(graph: Graph, storages: readonly Storage[]): AbstractGraph {
  const placeholders = storages.map(({ dtype, elements }) => Storage.disposed(dtype, elements));
  if (placeholders.length === 0) return { graph, placeholders };
  const replacer = new Replacer(new Map(storages.map((storage, i) => [storage, placeholders[i]])));
  return { graph: replacer.graph(graph), placeholders };
}

class Replacer {
  /** Loops refer to attributes by identity, so there is one replacement for each. */
  readonly #attributes = new Map<object, ScanAttributes>();

  constructor(readonly placeholders: ReadonlyMap<Storage, Storage>) {}

  graph({ parameters, results }: Graph): Graph {
    const done = new Map<Node, Node>();
    for (const node of topological(results)) {
      done.set(node, this.#node(withInputs(node, node.inputs.map((input) => done.get(input)!))));
    }
    return { parameters, results: results.map((node) => done.get(node)!) };
  }

  #node(node: Node): Node {
    if (isNode(node, "scan")) return { ...node, attributes: this.#scan(node.attributes) };
    if (isNode(node, "checkpoint")) return { ...node, attributes: { body: this.graph(node.attributes.body) } };
    if (!isNode(node, "data")) return node;
    const storage = this.placeholders.get(node.attributes.storage) ?? node.attributes.storage;
    return { ...node, attributes: { ...node.attributes, storage } };
  }

  #scan(attributes: ScanAttributes): ScanAttributes {
    let replaced = this.#attributes.get(attributes);
    if (replaced) return replaced;
    const { body, extends: shorter } = attributes;
    replaced = { ...attributes, body: this.graph(body), ...(shorter && { extends: this.#scan(shorter) }) };
    this.#attributes.set(attributes, replaced);
    return replaced;
  }
}
