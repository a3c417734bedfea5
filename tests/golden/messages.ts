/**
 * What functions say about values of other kinds, and what the command line says about faulty words.
 *
 * @module
 */

import { commands } from "../../cli/commands.ts";
import { dashed } from "../../cli/options/option.ts";
import { setDevice } from "../../core/device.ts";
import type { ValidCall } from "../hostile_arguments.ts";
import { outcomeOf } from "./reader_results.ts";
import { recordSession, type Session } from "./command_line_session.ts";
import type { Recording } from "./recording.ts";
import { withoutPaths } from "./without_machine.ts";

type Calls = Readonly<Record<string, ValidCall>>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The arguments with one replaced part, by the name of the part. */
function* changedArguments(args: readonly unknown[]): Generator<[string, readonly unknown[]]> {
  const other = Symbol("of another kind");
  for (const [i, value] of args.entries()) {
    yield [`${i}`, args.with(i, other)];
    if (!isRecord(value)) continue;
    yield [`${i}.???`, args.with(i, { ...value, "???": 1 })];
    for (const name of Object.keys(value)) yield [`${i}.${name}`, args.with(i, { ...value, [name]: other })];
  }
  yield ["one more", [...args, other]];
}

async function messagesOf(calls: Calls): Promise<Record<string, string>> {
  await setDevice("wasm");
  const found: Record<string, string> = {};
  for (const [name, { call, args }] of Object.entries(calls)) {
    const lines: string[] = [];
    for (const [part, given] of changedArguments(args)) {
      const outcome = await outcomeOf(async () => {
        await call(...given as never[]);
        return "taken";
      });
      lines.push(`${part}: ${withoutPaths(outcome)}`);
    }
    found[name] = lines.join("\n");
  }
  return found;
}

const trains = (command: string): boolean => command === "train" || command === "search";

/** Words that each option of each command cannot take. */
async function wrongWords(session: Session): Promise<void> {
  for (const { name, options } of commands) {
    // Nothing is trained or measured if the words are taken.
    const start = name === "doctor"
      ? [name, "--seconds", "0"]
      : [name, ...trains(name) ? ["mlp", "--data", "missing"] : []];
    for (const [option, { kind }] of Object.entries(options)) {
      if (name === "doctor" && option === "device") continue;
      const flag = dashed(option);
      const given = kind === "switch" ? [[`${flag}=maybe`]] : [[flag, "\u0001"], [flag, "-1"], [`${flag}=`]];
      for (const [i, words] of given.entries()) await session.run(`${name} ${flag} ${i}`, [...start, ...words]);
    }
  }
}

const faults: readonly string[] = [
  "tarin",
  "lenet6",
  "train lenet6",
  "mlp --epoch 3",
  "mlp --device webgup",
  "mlp lenet5",
  "train",
  "doctor mlp",
  "doctor --seconds -1",
  "help trian",
  "help train mlp",
  "mlp --epochs 0 --json",
  "mlp --seed 1 --seed 2",
  "mlp --set l2Reg=0 --set l2Reg=1",
  "mlp --set nUnits=5 --set n_units=5",
  "mlp --epochs 3 --set nEpochs=4",
  "mlp --update sgd --set update=adam",
  "mlp --set nUnts=5",
  "mlp --set nUnits=x",
  "mlp --set nUnits",
  "mlp --set beta1=0.5",
  "mlp --update adm",
  "mlp --pretraining-epochs 3",
  "mlp --save-mode epoch",
  "mlp --save a.ym --save-mode never --data missing",
  "mlp --report",
  "mlp --early-stopping --no-early-stopping",
  "mlp --resume",
  "mlp --resume missing.ym",
  "mlp --resume missing.ym --full",
  "train --resume missing.ym",
  "train --config missing.json",
  "train --config missing.yc",
  "mlp --config missing.yc",
  "mlp --data missing",
  "mlp --data mnits",
  "mlp --data digits --train-size 100000000",
  "mlp --out missing/a/b --save missing/a/b/events.jsonl",
  "mlp --save missing/m.ym",
  "search",
  "search mpl",
  "search mlp --set learningRate=0.1 --data missing",
  "search mlp --set nUnits=5,0",
  "search mlp --set nUnits=1..9",
  "search mlp --random 3 --set nUnits=9..1",
  "search mlp --random 3 --set activation=a..b",
  "search mlp --random 0",
  "search mlp --shard 2/2 --set nUnits=5,6",
  "search mlp --shard a --set nUnits=5,6",
  "search mlp --table table.cvs --set nUnits=5,6",
  "search mlp --table table --set nUnits=5,6",
  "search mlp --save best.ym --set nUnits=5,6 --data missing",
  "search mlp --into a.jsonl --set nUnits=5,6",
  "search mlp --journal missing/a.jsonl --set nUnits=5,6",
  "search mlp --set update=sgd,adm",
  "search mlp --set update=sgd,momentum --set beta1=0.8,0.9",
  "search merge",
  "search merge missing.jsonl",
  "search merge a.jsonl --epochs 3",
  "search merge a.json --table a.json",
  "evaluate",
  "evaluate a b",
  "evaluate missing.ym",
  "evaluate missing.ym --confusion a.png",
  "evaluate missing.ym --on all",
  "predict",
  "predict missing.ym",
  "predict missing.ym a.png --examples 3",
  "predict missing.ym a.png",
  "predict missing.ym --examples 0",
  "export",
  "export missing.ym",
  "export missing.ym a.xyz",
  "export missing.ym a.yc",
  "export missing.ym a",
  "export a b c",
  "runs",
  "runs list",
  "runs list a b",
  "runs lits",
  "runs .",
  "runs show",
  "runs show a b",
  "runs show missing",
  "runs compare a",
  "runs compare a b",
  "runs plot",
  "runs plot a --svg a.png",
  "runs plot missing --svg a.svg",
];

async function faulty(session: Session): Promise<void> {
  for (const [i, words] of faults.entries()) await session.run(`${i}: ${words}`, words);
}

/** What the functions of `layers`, `optim`, `data`, `model` and `views` say about arguments of other kinds. */
export const messageRecording: Recording = {
  name: "messages",
  texts: async () => {
    const { layerCalls, optimCalls } = await import("../valid_calls/layers.ts");
    const { dataCalls, setCalls } = await import("../valid_calls/data.ts");
    const { augmentCalls } = await import("../valid_calls/augment.ts");
    const { modelCalls, methodCalls } = await import("../valid_calls/model.ts");
    const { viewCalls } = await import("../valid_calls/views.ts");
    const all = {
      ...layerCalls,
      ...optimCalls,
      ...dataCalls,
      ...setCalls,
      ...augmentCalls,
      ...modelCalls,
      ...methodCalls,
      ...viewCalls,
    };
    return await messagesOf(all);
  },
};

/** What the functions of `core` and the methods of tensors say about arguments of other kinds. */
export const coreMessageRecording: Recording = {
  name: "core_messages",
  texts: async () => {
    const { coreCalls, randomCalls, tensorCalls } = await import("../valid_calls/core.ts");
    const of = (name: string, calls: Calls): Calls =>
      Object.fromEntries(Object.entries(calls).map(([call, one]) => [`${name} ${call}`, one]));
    return await messagesOf({ ...of("core", coreCalls), ...of("random", randomCalls), ...of("tensor", tensorCalls) });
  },
};

/** What the command line says about faulty words. */
export const faultRecording: Recording = {
  name: "faulty_command_lines",
  texts: () =>
    recordSession(async (session) => {
      await faulty(session);
      await wrongWords(session);
    }),
};

type Call = (...given: unknown[]) => unknown;

const isCall = (value: unknown): value is Call => typeof value === "function";

/** The functions of an entry, and the methods of its classes. */
function* callsOf(module: Readonly<Record<string, unknown>>): Generator<[string, Call]> {
  for (const [name, value] of Object.entries(module).sort(([a], [b]) => a < b ? -1 : 1)) {
    if (!isCall(value)) continue;
    if (!/^class\b/.test(Function.prototype.toString.call(value))) yield [name, value];
    const methods = Object.entries(Object.getOwnPropertyDescriptors(value.prototype ?? {}));
    for (const [method, { value: call }] of methods) {
      if (method !== "constructor" && isCall(call)) yield [`${name}.${method}`, call];
    }
  }
}

/** What each function and method says about one to six arguments that none takes. */
async function argumentCounts(): Promise<Record<string, string>> {
  await setDevice("wasm");
  const found: Record<string, string> = {};
  const other = Symbol("of another kind");
  for (const entry of ["optim", "layers", "data", "data/augment", "model", "views"]) {
    const lines: string[] = [];
    for (const [name, call] of callsOf(await import(`../../${entry}/mod.ts`))) {
      for (let count = 1; count <= 6; count++) {
        const outcome = await outcomeOf(() => Reflect.apply(call, undefined, Array(count).fill(other)));
        if (/at most \d+ arguments?, got/.test(outcome)) {
          lines.push(`${name}, ${count}: ${outcome.replace(/, the last of which.*/, "")}`);
        }
      }
    }
    found[entry] = lines.join("\n");
  }
  return found;
}

/** How many arguments functions and methods take. */
export const argumentCountRecording: Recording = { name: "argument_counts", texts: argumentCounts };
