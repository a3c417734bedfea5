/**
 * Makes layers from their configurations, also those of the user's own.
 *
 * @module
 */

import { nearestName } from "../../core/nearest.ts";
import { wrongKind } from "../../core/options/read.ts";
import { showValue } from "../../core/options/show.ts";
import { titleOf } from "../../layers/define_layer.ts";
import type { Layer } from "../../layers/layer.ts";
import { type LayerConfiguration, layerFromConfiguration, layerKinds } from "../../layers/registry.ts";
import { layerKind } from "../network_arguments.ts";
import { isPlainRecord } from "./json.ts";
import { findOwn, findOwnLayer, kindsOf, missingFunction, type OwnParts } from "./own_parts.ts";

/** The key of a record that stands for a function of the user's own; its value is the name of the function. */
export const OWN_FUNCTION = "function";

/** The key of what a rule or a schedule with this key was made of, which is only compared. */
export const DESCRIPTION = "description";

/**
 * The layer of a configuration.
 *
 * @param own the user's own layers and functions
 * @throws {MissingFunction} if the options of a layer name a function that is not among them.
 * @throws {RangeError} if the kind is neither of this library nor among them.
 * @throws {TypeError} if a function of the user's own returns another layer than that of the configuration.
 */
export function layerFrom(given: LayerConfiguration, incoming: readonly Layer[], own: OwnParts): Layer {
  const configuration = withFunctions(given.configuration, own.functions) as LayerConfiguration["configuration"];
  if (layerKinds.includes(given.kind)) {
    refuseMissing(configuration, titleOf(given), own);
    return layerFromConfiguration({ ...given, configuration }, incoming);
  }
  const make = findOwnLayer(own.layers, given.kind) ?? refuseKind(given.kind, own);
  const source = incoming.length === 1 ? incoming[0] : incoming;
  const { name } = given;
  const made: unknown = make(source as never, { ...configuration, ...(name !== undefined && { name }) } as never);
  return checkOwnLayer(made, given, incoming);
}

function refuseKind(kind: string, { layers }: OwnParts): never {
  const near = nearestName(kind, [...layerKinds, ...kindsOf(layers)]);
  const cure = near === undefined
    ? "it is none of this library; if it is your own, pass the function that makes it in layers"
    : `did you mean ${near}?`;
  throw new RangeError(`Cannot find layer of kind ${showValue(kind)}: ${cure}`);
}

/** A function of the user's own must make the layer that the file describes. */
function checkOwnLayer(made: unknown, given: LayerConfiguration, incoming: readonly Layer[]): Layer {
  const { kind, name } = given;
  const action = `make ${titleOf(given)}`;
  if (!layerKind.accepts(made)) throw wrongKind(action, "its function to return a layer", made);
  const cure = incoming.length === 1
    ? ""
    : `; the function gets its ${incoming.length} incoming layers as one list, then the options with the name`;
  checkSame(action, "kind", { expected: kind, got: made.kind, cure });
  checkSame(action, "name", { expected: name, got: made.name, cure });
  if (made.incoming.length === incoming.length && incoming.every((one, i) => made.incoming[i] === one)) return made;
  throw new TypeError(
    `Cannot ${action}: expected its function to return a layer with the incoming layers that it gets, got ${
      made.incoming.length === 0 ? "none" : "others"
    }`,
  );
}

/** What a layer should have, what it has, and what may be the reason. */
interface Compared {
  readonly expected: unknown;
  readonly got: unknown;
  readonly cure: string;
}

function checkSame(action: string, what: string, { expected, got, cure }: Compared): void {
  if (expected === got) return;
  throw new TypeError(
    `Cannot ${action}: expected its function to return a layer of ${what} ${showValue(expected)}, got ${
      showValue(got)
    }${cure}`,
  );
}

/** The name of the function that a value stands for; `undefined` for all other values. */
export function ownFunctionIn(value: unknown): string | undefined {
  if (!isPlainRecord(value) || !Object.hasOwn(value, OWN_FUNCTION)) return undefined;
  if (Object.keys(value).some((key) => key !== OWN_FUNCTION && key !== DESCRIPTION)) return undefined;
  const name = value[OWN_FUNCTION];
  return typeof name === "string" ? name : undefined;
}

/** Options with the user's functions wherever they are named; other names stay. */
export function withFunctions(value: unknown, functions: OwnParts["functions"]): unknown {
  if (functions === undefined) return value;
  const name = ownFunctionIn(value);
  if (name !== undefined) return findOwn(functions, name) ?? value;
  if (Array.isArray(value)) return value.map((item) => withFunctions(item, functions));
  if (!isPlainRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFunctions(item, functions)]));
}

function refuseMissing(options: LayerConfiguration["configuration"], title: string, { functions }: OwnParts): void {
  for (const [option, value] of Object.entries(options)) {
    const name = ownFunctionIn(Array.isArray(value) ? value[0] : value);
    if (name !== undefined) {
      throw missingFunction(name, {
        where: `as ${option} of ${title}`,
        cure: `a function of your own is not in a file, so pass it in functions`,
        known: functions,
      });
    }
  }
}
