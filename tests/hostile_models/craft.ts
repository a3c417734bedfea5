/**
 * Crafts `.ym` and `.yc` files out of valid ones: changes of types, signs, lengths, names and nesting, numbers beyond
 * all bounds, missing and doubled fields. Checksums are right, so the changes reach the readers behind them.
 *
 * @module
 */

import { sha256 } from "../../data/checksums.ts";
import { type Part, partsOf, partTree, replacePart, textOf, type Tree, treeOf } from "./json_tree.ts";

/** Random whole numbers below a limit, from a seed (mulberry32). */
export type Random = (below: number) => number;

/** The random numbers of a seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed);
    return ((mixed ^ mixed >>> 14) >>> 0) % below;
  };
}

/** Texts of values that files hardly hold. */
const VALUES: readonly string[] = [
  "null",
  "true",
  "false",
  "0",
  "-0",
  "-1",
  "1",
  "2.5",
  "-2.5",
  "1e-320",
  "1e12",
  "1e21",
  "1e300",
  "1e999",
  "4294967296",
  "2147483648",
  "9007199254740993",
  '{"$number":"NaN"}',
  '{"$number":"Infinity"}',
  '{"$number":"-Infinity"}',
  '{"$number":"-0"}',
  '{"$number":"7"}',
  '""',
  '"x"',
  '"adam"',
  '"relu"',
  '"a\\nerror: another line"',
  '"\\u001b[2J\\u0007\\u202e"',
  '"\\ud800"',
  '"__proto__"',
  '"constructor"',
  '"../../up"',
  "[]",
  "[null]",
  "[[]]",
  "[1,2,3,4,5,6,7,8,9]",
  "[1e12,1e12]",
  "[0,0]",
  "[-1,-1]",
  "{}",
  '{"x":1}',
  '{"function":"eval"}',
  '["function",{"name":"x"}]',
  '["adam",{"beta1":2}]',
];

const NAMES: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "x",
  "a\nerror: another line",
  "\u001b[2J",
  "n".repeat(300),
  "a/b",
  "$number",
  "output",
];

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)];
}

function nested(text: string, depth: number): string {
  return `${"[".repeat(depth)}${text}${"]".repeat(depth)}`;
}

/** A number near the one of a text: with another sign, off by one, huge, or with a fraction. */
function nearNumber(random: Random, text: string): string {
  const number = Number(text);
  return String(pick(random, [-number, number + 1, number - 1, number * 1e9, number + 0.5, number * 2, number / 3]));
}

type Change = (random: Random, part: Part) => void;

const changes: readonly Change[] = [
  (random, part) => replacePart(part, pick(random, VALUES)),
  (random, part) => replacePart(part, pick(random, VALUES)),
  (random, part) => {
    const tree = partTree(part);
    replacePart(part, typeof tree === "string" ? nearNumber(random, tree) : pick(random, VALUES));
  },
  // A field twice, or an item twice.
  (_random, { holder, at }) => {
    if ("items" in holder) holder.items.splice(at, 0, structuredClone(holder.items[at]));
    else holder.fields.splice(at, 0, structuredClone(holder.fields[at]));
  },
  // A missing one.
  (_random, { holder, at }) => {
    if ("items" in holder) holder.items.splice(at, 1);
    else holder.fields.splice(at, 1);
  },
  // Another name, or another order.
  (random, { holder, at }) => {
    if ("items" in holder) holder.items.reverse();
    else holder.fields[at][0] = pick(random, NAMES);
  },
  // An unknown field.
  (random, { holder }) => {
    if ("fields" in holder) holder.fields.push([pick(random, NAMES), pick(random, VALUES)]);
    else holder.items.push(pick(random, VALUES));
  },
  (random, part) => replacePart(part, nested(textOf(partTree(part)), pick(random, [1, 2, 190, 300, 3000]))),
  // A value of another place.
  (random, part) => {
    const parts = [...partsOf(part.holder)];
    replacePart(part, structuredClone(partTree(parts[random(parts.length)])));
  },
  (random, part) => replacePart(part, JSON.stringify(pick(random, ["n".repeat(300), "long ".repeat(50_000)]))),
];

/** Changes one or two parts of a tree. */
function change(random: Random, tree: Tree): void {
  for (let count = 1 + random(2); count > 0; count--) {
    const parts = [...partsOf(tree)];
    if (parts.length > 0) pick(random, changes)(random, parts[random(parts.length)]);
  }
}

/** A crafted `.yc` file. */
export function craftConfiguration(random: Random, valid: string): string {
  const tree = treeOf(JSON.parse(valid));
  change(random, tree);
  return textOf(tree);
}

const BEFORE_CHECKSUM = '{"__metadata__":{"sha256":"'.length;
const ZEROS = "0".repeat(64);

/** A crafted `.ym` file with the right checksum. */
export function craftModel(random: Random, valid: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = Number(new DataView(valid.buffer, valid.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(valid.subarray(8, 8 + length)));
  const { __metadata__: metadata, ...tensors } = header;
  const data = valid.slice(8 + length);
  const parts: Record<string, string> = { ...metadata, sha256: ZEROS };
  const places = treeOf(tensors);
  const where = pick(random, [
    "state",
    "configuration",
    "groups",
    "metadata",
    "tensors",
    "data",
    "state",
    "configuration",
  ]);
  if (where === "tensors") change(random, places);
  if (where === "data") changeNumbers(random, data);
  if (where === "state" || where === "configuration" || where === "groups") {
    const tree = treeOf(JSON.parse(parts[where]));
    change(random, tree);
    parts[where] = textOf(tree);
  }
  const described = treeOf(parts);
  if (where === "metadata" && typeof described !== "string" && "fields" in described) {
    const { sha256: _, ...others } = parts;
    const tree = treeOf(others);
    change(random, tree);
    described.fields.splice(1, Infinity, ...(tree as typeof described).fields);
  }
  const text = new TextEncoder().encode(`{"__metadata__":${textOf(described)},${textOf(places).slice(1)}`);
  return withChecksum(text, data);
}

function withChecksum(header: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(8 + header.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  file.set(data, 8 + header.length);
  file.set(new TextEncoder().encode(digestOf(file)), 8 + BEFORE_CHECKSUM);
  return file;
}

/** Sets some elements to NaN, infinities, and other patterns of bits. */
function changeNumbers(random: Random, data: Uint8Array): void {
  const words = new DataView(data.buffer);
  for (let count = 1 + random(20); count > 0 && data.length >= 4; count--) {
    const pattern = pick(random, [0x7fc00000, 0x7f800000, 0xff800000, 0xffffffff, 0x7ff80000, 0x7ff80001, 1, 0]);
    words.setUint32(4 * random(Math.floor(data.length / 4)), pattern, true);
  }
}

function digestOf(bytes: Uint8Array): string {
  const hash = sha256();
  hash.add(bytes);
  return hash.digest();
}
