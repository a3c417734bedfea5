/**
 * Smaller programs that may fail in the same way.
 *
 * @module
 */

import type { Attributes } from "../../../core/graph/attributes.ts";
import { type Graph, isNode, type Node, parameter, topological } from "../../../core/graph/node.ts";
import { isKind, isTuple, makeNode, ruleOf } from "../../../core/graph/ops.ts";
import { inlineGraph, rewrite } from "../../../core/graph/rewrite.ts";
import { sameShape } from "../../../core/shape.ts";
import type { Argument } from "../../oracle.ts";
import { evaluateInto } from "./evaluate.ts";
import type { Program } from "./program.ts";

/** The program with its parameters numbered anew, and without those that nothing reads. */
function tidy({ graph, inputs }: Program): Program {
  const used = new Set(topological(graph.results).filter((node) => isNode(node, "parameter")));
  const kept = graph.parameters.map((node, i) => ({ node, input: inputs[i] })).filter(({ node }) => used.has(node));
  const fresh = new Map<Node, Node<"parameter">>(kept.map(({ node }, i) => [node, parameter(i, node)]));
  return {
    graph: { parameters: [...fresh.values()], results: rewrite(graph.results, (node) => fresh.get(node)) },
    inputs: kept.map(({ input }) => input),
  };
}

function* withFewerResults({ graph, inputs }: Program): Generator<Program> {
  const { results, parameters } = graph;
  if (results.length === 1) return;
  for (const node of results) yield { graph: { parameters, results: [node] }, inputs };
  for (const node of results) yield { graph: { parameters, results: results.filter((one) => one !== node) }, inputs };
}

/** Nodes in the order in which they are worth replacing: late ones first, since they remove most. */
const candidates = ({ graph }: Program): Node[] =>
  topological(graph.results).filter((node) => !isNode(node, "parameter") && !isTuple(node)).reverse();

/** The inputs of a node that could stand for it. */
const standIns = (node: Node): Node[] =>
  (isKind(node, "pick") ? node.inputs[0].inputs : node.inputs).filter((input) =>
    input.dtype === node.dtype && sameShape(input.shape, node.shape)
  );

function* withoutNodes(program: Program): Generator<Program> {
  const { parameters, results } = program.graph;
  for (const node of candidates(program)) {
    for (const input of standIns(node)) {
      yield { ...program, graph: { parameters, results: rewrite(results, (one) => one === node ? input : undefined) } };
    }
  }
}

/** Gives the value of a node as an argument. */
function* withArguments(program: Program): Generator<Program> {
  const { graph: { parameters, results }, inputs } = program;
  const known = new Map<Node, Argument>(parameters.map((node, i) => [node, inputs[i]]));
  const values = new Map(known);
  for (const node of candidates(program).filter((one) => !isKind(one, "source"))) {
    const [{ values: exact }] = evaluateInto(new Map(values), [node]);
    const given: Argument = {
      shape: node.shape,
      dtype: node.dtype,
      values: node.dtype === "f32" ? exact.map(Math.fround) : exact,
    };
    const fresh = parameter(parameters.length, node);
    yield {
      graph: {
        parameters: [...parameters, fresh],
        results: rewrite(results, (one) => one === node ? fresh : undefined),
      },
      inputs: [...inputs, given],
    };
  }
}

/** Stops in the middle of the program. */
function* withEarlierResults(program: Program): Generator<Program> {
  const { parameters, results } = program.graph;
  if (results.length > 1) return;
  const [result] = results;
  for (const input of isKind(result, "pick") ? result.inputs[0].inputs : result.inputs) {
    if (!isTuple(input)) yield { ...program, graph: { parameters, results: [input] } };
  }
}

/** One iteration of a loop, or what a checkpoint recomputes, as part of the graph. */
function unrolled(tuple: Node<"scan" | "checkpoint">): Node[] | undefined {
  if (isNode(tuple, "checkpoint")) return inlineGraph(tuple.attributes.body, tuple.inputs);
  const { body, carries, stacked, length } = tuple.attributes as Attributes["scan"];
  if (length === 0) return undefined;
  const first = (node: Node): Node => {
    const { shape } = node;
    const start = shape.map(() => 0);
    const row = makeNode("slice", [node], { start, stop: shape.with(0, 1), step: shape.map(() => 1) });
    return makeNode("reshape", [row], { shape: shape.slice(1) });
  };
  const inputs = tuple.inputs.map((node, i) => i >= carries && i < carries + stacked ? first(node) : node);
  return inlineGraph(body, inputs).map((node, i) => {
    if (i < carries) return node;
    const row = makeNode("reshape", [node], { shape: [1, ...node.shape] });
    return makeNode("expand", [row], { shape: [length, ...node.shape] });
  });
}

function* withoutTuples(program: Program): Generator<Program> {
  const { parameters, results } = program.graph;
  for (const tuple of topological(results).filter(isTuple).reverse()) {
    const made = unrolled(tuple);
    if (!made) continue;
    const replace = (node: Node): Node | undefined =>
      isNode(node, "pick") && node.inputs[0] === tuple ? made[node.attributes.index] : undefined;
    yield { ...program, graph: { parameters, results: rewrite(results, replace) } };
  }
}

/** Loops with fewer nodes in their bodies. */
function* withSmallerBodies(program: Program): Generator<Program> {
  const { parameters, results } = program.graph;
  for (const node of topological(results).filter(isTuple)) {
    for (const body of smallerBodies(node.attributes.body)) {
      const attributes = ruleOf(node).withBody(node.attributes as never, body);
      const changed = makeNode(node.op, node.inputs, attributes);
      yield {
        ...program,
        graph: { parameters, results: rewrite(results, (one) => one === node ? changed : undefined) },
      };
    }
  }
}

function* smallerBodies({ parameters, results }: Graph): Generator<Graph> {
  for (const [i, { shape, dtype, op }] of results.entries()) {
    const zeros = makeNode("constant", [], { shape, dtype, value: 0 });
    if (op !== "parameter" && op !== "constant") yield { parameters, results: results.with(i, zeros) };
  }
  for (const node of topological(results).reverse()) {
    if (isTuple(node)) {
      for (const body of smallerBodies(node.attributes.body)) {
        const changed = makeNode(node.op, node.inputs, ruleOf(node).withBody(node.attributes as never, body));
        yield { parameters, results: rewrite(results, (one) => one === node ? changed : undefined) };
      }
    }
    const others = [
      ...standIns(node),
      ...parameters.filter((one) => one.dtype === node.dtype && sameShape(one.shape, node.shape)),
    ];
    for (const input of isNode(node, "parameter") || isTuple(node) ? [] : new Set(others)) {
      yield { parameters, results: rewrite(results, (one) => one === node ? input : undefined) };
    }
  }
}

/** Arguments of simpler numbers. */
function* withSimplerNumbers({ graph, inputs }: Program): Generator<Program> {
  for (const [i, input] of inputs.entries()) {
    const simpler = [
      input.values.map(() => 0),
      input.values.map(() => 1),
      input.values.map((_, j) => input.dtype === "bool" ? j % 2 : j % 5),
      input.values.map((value) => Number.isFinite(value) ? Math.trunc(value) : value),
    ];
    for (const values of simpler) {
      if (values.some((value, j) => !Object.is(value, input.values[j]))) {
        yield { graph, inputs: inputs.with(i, { ...input, values }) };
      }
    }
  }
}

/** Smaller programs, those that are much smaller first. */
export function* smallerPrograms(program: Program): Generator<Program> {
  const kinds = [withFewerResults, withEarlierResults, withoutTuples, withArguments, withoutNodes, withSmallerBodies];
  for (const kind of kinds) for (const smaller of kind(program)) yield tidy(smaller);
  for (const simpler of withSimplerNumbers(program)) if (isSimpler(simpler, program)) yield simpler;
}

const digits = ({ inputs }: Program): number =>
  inputs.reduce((sum, { values }) => sum + values.reduce((all, value) => all + String(value).length, 0), 0);

/** Whether its numbers are shorter as text, so that simplifying ends. */
const isSimpler = (one: Program, than: Program): boolean => digits(one) < digits(than);
