/**
 * The options of the command line: one table that parsing, checks and help are made of.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { nearestName, suggestName } from "../core/nearest.ts";
import type { DeviceChoice } from "../core/mod.ts";
import { updates } from "../optim/mod.ts";
import { UsageError } from "./errors.ts";
import type { Examples } from "./example.ts";

/** An option as people see it. */
export interface OptionDescription {
  /** What its value is called; none for a switch. */
  readonly value?: string;
  /** One letter that stands for it. */
  readonly letter?: string;
  readonly help: string;
}

/** All options by name. */
export const optionTable = {
  epochs: { value: "N", help: "train for at most N epochs" },
  "pretraining-epochs": { value: "N", help: "let each unsupervised layer learn from its input for N epochs, or none" },
  "batch-size": { value: "N", help: "examples a step" },
  "learning-rate": { value: "R", help: "step size of the update rule" },
  update: { value: "RULE", help: `update rule: ${Object.keys(updates).join(", ")}` },
  seed: { value: "N", help: "what all random numbers come from (1)" },
  device: { value: "NAME", help: "auto (a hardware GPU if there is one, else WebAssembly), webgpu, wasm" },
  data: {
    value: "NAME",
    help: "auto (MNIST, or digits without a network), mnist, digits, or a directory with IDX files",
  },
  "train-size": { value: "N", help: "use the first N training images only" },
  json: { help: "print events as JSON, one object a line" },
  quiet: { help: "print the result only" },
  "network-list": { letter: "n", help: "list the networks" },
  help: { letter: "h", help: "show this help" },
  version: { help: "show the version" },
} as const satisfies Readonly<Record<string, OptionDescription>>;

type OptionName = keyof typeof optionTable;
type ValuedName = { [N in OptionName]: typeof optionTable[N] extends { value: string } ? N : never }[OptionName];
type SwitchName = Exclude<OptionName, ValuedName>;

/** What a command line asks for. */
export interface Command {
  readonly action: "train" | "help" | "list" | "version";
  /** The name of the network to train; empty for other actions. */
  readonly network: string;
  readonly epochs: number | undefined;
  readonly pretrainingEpochs: number | undefined;
  readonly batchSize: number | undefined;
  readonly learningRate: number | undefined;
  readonly update: string | undefined;
  readonly seed: number;
  readonly device: DeviceChoice;
  readonly data: string;
  readonly trainSize: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

const optionNames = Object.keys(optionTable) as OptionName[];
const descriptions: Readonly<Record<OptionName, OptionDescription>> = optionTable;
const isValued = (name: OptionName): name is ValuedName => descriptions[name].value !== undefined;
const valued = optionNames.filter(isValued);
const switches = optionNames.filter((name): name is SwitchName => !isValued(name));
const deviceChoices: readonly DeviceChoice[] = ["auto", "webgpu", "wasm"];

/**
 * Reads a command line.
 *
 * @throws {UsageError} if it asks for something unknown; the message has the nearest known name.
 */
export function parseCommand(args: readonly string[], examples: Examples): Command {
  const flags = parseArgs(args.map(hyphenate), {
    boolean: switches,
    string: valued,
    alias: Object.fromEntries(optionNames.flatMap((name) => {
      const { letter } = descriptions[name];
      return letter ? [[name, letter]] : [];
    })),
    unknown: refuseUnknown,
  });
  const [network, ...rest] = flags._.map(String);
  if (rest.length > 0) {
    throw new UsageError(`unexpected argument ${rest[0]}: expected one network, got ${network} before`);
  }
  const action = actionOf(flags);
  const read = <T>(name: ValuedName, parse: (name: string, value: string) => T): T | undefined => {
    const value = flags[name];
    return value === undefined ? undefined : parse(name, value);
  };
  return {
    action,
    network: action === "train" ? networkName(network, examples) : "",
    epochs: read("epochs", count),
    pretrainingEpochs: read("pretraining-epochs", countOrNone),
    batchSize: read("batch-size", count),
    learningRate: read("learning-rate", positive),
    update: read("update", (name, value) => known(name, value, Object.keys(updates))),
    seed: read("seed", whole) ?? 1,
    device: read("device", (name, value) => known(name, value, deviceChoices)) ?? "auto",
    data: read("data", (name, value) => filled(name, value)) ?? "auto",
    trainSize: read("train-size", count),
    json: flags.json,
    quiet: flags.quiet,
  };
}

/** `--batch_size=20` as `--batch-size=20`. */
function hyphenate(arg: string): string {
  return arg.replace(/^--[^=]+/, (name) => name.replaceAll("_", "-"));
}

function refuseUnknown(arg: string, key?: string): boolean {
  if (key === undefined) return true;
  const given = arg.replace(/=.*/s, "");
  const near = nearestName(key, optionNames);
  throw new UsageError(`unknown option ${given}: ${near ? `did you mean --${near}?` : "see --help for all options"}`);
}

function actionOf(flags: Readonly<Record<"help" | "version" | "network-list", boolean>>): Command["action"] {
  if (flags.help) return "help";
  if (flags.version) return "version";
  return flags["network-list"] ? "list" : "train";
}

function networkName(given: string | undefined, examples: Examples): string {
  const names = Object.keys(examples);
  if (given === undefined) throw new UsageError(`no network is named: expected one of ${names.join(", ")}`);
  const name = given.replaceAll("-", "_");
  if (Object.hasOwn(examples, name)) return name;
  throw new UsageError(`unknown network ${given}${suggestName(given, names)}`);
}

function filled(name: string, value: string): string {
  if (value !== "") return value;
  throw new UsageError(`option --${name} needs a value: --${name} ${descriptions[name as OptionName].value}`);
}

function number(name: string, value: string, wanted: string, fits: (number: number) => boolean): number {
  const parsed = Number(filled(name, value));
  if (fits(parsed)) return parsed;
  throw new UsageError(`option --${name} cannot be ${value}: expected ${wanted}`);
}

function count(name: string, value: string): number {
  return number(name, value, "a whole number of at least 1", (n) => Number.isSafeInteger(n) && n >= 1);
}

function countOrNone(name: string, value: string): number {
  return number(name, value, "a whole number of at least 0", (n) => Number.isSafeInteger(n) && n >= 0);
}

function whole(name: string, value: string): number {
  return number(name, value, "a whole number", Number.isSafeInteger);
}

function positive(name: string, value: string): number {
  return number(name, value, "a number above 0", (n) => Number.isFinite(n) && n > 0);
}

function known<T extends string>(name: string, value: string, names: readonly T[]): T {
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, "");
  const found = names.find((one) => plain(one) === plain(filled(name, value)));
  if (found !== undefined) return found;
  throw new UsageError(`unknown ${name} ${value}${suggestName(value, names)}`);
}
