/**
 * A case: one operator, its attributes, its inputs, and the outputs that are expected.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { isRecord, parseJson } from "../../model/files/json.ts";
import { Attributes } from "./attributes.ts";
import { type Operand, readOperands } from "./operand.ts";

/**
 * A case as read from its files. An operand is `undefined` if its name is empty, that is, an optional one that is
 * absent.
 */
export interface Case {
  readonly name: string;
  readonly op: string;
  /** The version of the operator set; `undefined` stands for the latest. */
  readonly opset: number | undefined;
  readonly attributes: Attributes;
  readonly inputs: readonly (Operand | undefined)[];
  readonly outputs: readonly (Operand | undefined)[];
  /** The tensors that attributes name. */
  readonly operands: ReadonlyMap<string, Operand>;
  /** The maximum error, relative to the expected number. */
  readonly rtol: number;
  /** The maximum absolute error, which is added to the relative one. */
  readonly atol: number;
}

/** The tolerances of ONNX's own tests. */
const RELATIVE_TOLERANCE = 1e-3;
const ABSOLUTE_TOLERANCE = 1e-7;

type Fields = Readonly<Record<string, unknown>>;

function wrong(field: string, expected: string, got: unknown): TypeError {
  return new TypeError(
    `Cannot read "${field}" of case.json: expected ${expected}, got ${JSON.stringify(got) ?? "none"}`,
  );
}

function textOf(fields: Fields, field: string, otherwise?: string): string {
  const value = fields[field] ?? otherwise;
  if (typeof value !== "string") throw wrong(field, "a text", value);
  return value;
}

function numberOf<T extends number | undefined>(fields: Fields, field: string, otherwise: T): number | T {
  const value = fields[field] ?? undefined;
  if (value === undefined) return otherwise;
  if (typeof value !== "number") throw wrong(field, "a number", value);
  return value;
}

function namedOperands(fields: Fields, field: string, operands: ReadonlyMap<string, Operand>): (Operand | undefined)[] {
  const names = fields[field] ?? [];
  if (!Array.isArray(names)) throw wrong(field, "names of tensors", names);
  return names.map((name: unknown) => {
    if (name === "" || name === null) return undefined;
    const operand = typeof name === "string" ? operands.get(name) : undefined;
    if (!operand) throw wrong(field, `names among ${[...operands.keys()].join(", ") || "no tensors"}`, name);
    return operand;
  });
}

/**
 * A case from the text of its `case.json` and the bytes of its tensors.
 *
 * @param otherwise The name if `case.json` has none.
 * @throws {TypeError} if a field is missing, of another kind, or names a tensor that does not exist.
 */
export function parseCase(text: string, tensors: Uint8Array, otherwise: string): Case {
  const fields = parseJson(text, "case.json");
  if (!isRecord(fields)) throw wrong("", "a record", fields);
  const { attributes = {} } = fields;
  if (!isRecord(attributes)) throw wrong("attributes", "a record", attributes);
  const operands = readOperands(tensors, "case.safetensors");
  return {
    name: textOf(fields, "name", otherwise),
    op: textOf(fields, "op"),
    opset: numberOf(fields, "opset", undefined),
    attributes: new Attributes(attributes),
    inputs: namedOperands(fields, "inputs", operands),
    outputs: namedOperands(fields, "outputs", operands),
    operands,
    rtol: numberOf(fields, "rtol", RELATIVE_TOLERANCE),
    atol: numberOf(fields, "atol", ABSOLUTE_TOLERANCE),
  };
}

/** Reads the case of a folder: `case.json`, and `case.safetensors` beside it. */
export async function readCase(folder: string): Promise<Case> {
  const text = await Deno.readTextFile(join(folder, "case.json"));
  return parseCase(text, await Deno.readFile(join(folder, "case.safetensors")), basename(folder));
}

/** The folders in a directory that contain a case, sorted by name. */
export async function caseFolders(directory: string): Promise<string[]> {
  const folders: string[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    const folder = join(directory, name);
    const file = await Deno.stat(join(folder, "case.json")).catch(() => undefined);
    if (file?.isFile) folders.push(folder);
  }
  return folders.sort();
}
