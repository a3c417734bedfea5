/**
 * Tests of the options of recurrent layers, by their definitions.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import { grad } from "../../core/gradients.ts";
import { assertElements, type OptionTests } from "../../tests/option_definitions.ts";
import * as layers from "../mod.ts";
import type { RecurrentOptions } from "../mod.ts";
import * as plain from "../test_numbers.ts";

const { input, assertOutput, checkName, matrix, row, sigmoid, affine } = plain;

/** Extents of the sequences and of the state. */
export const [FEATURES, UNITS, STEPS] = [3, 4, 5];

/** A state that cells pass from step to step: an output, and the cell of an LSTM. */
export interface Carry {
  readonly h: plain.Row;
  readonly c: plain.Row;
}

/** An activation of rows. */
export type Activate = (x: plain.Row) => number[];

type Cell = (x: plain.Row, carry: Carry, activate: Activate) => Carry;

/** A kind of recurrent layer, and its step in plain numbers. */
interface Kind<O extends RecurrentOptions> {
  make(incoming: layers.Layer, options: RecurrentOptions & Partial<O>): layers.Layer;
  readonly params: Readonly<Record<string, plain.Nested>>;
  /** The state of the layer for this number of time steps; default: none. */
  readonly state?: (steps: number) => Readonly<Record<string, plain.Nested>>;
  readonly cell: Cell;
  readonly activation: keyof typeof plain.activations;
  /** Biases, and their gradients after one step with a limit of the gradients of the inputs of activations. */
  readonly slopes: (x: plain.Row, upstream: number, limit: (one: number) => number) => Record<string, number[]>;
}

const x = plain.matrices(2, STEPS, FEATURES);

/** All outputs of a sequence. */
function outputs(
  sequence: plain.Matrix,
  { cell, activate, backwards = false }: {
    readonly cell: Cell;
    readonly activate: Activate;
    readonly backwards?: boolean;
  },
): number[][] {
  const zeros = row(UNITS).map(() => 0);
  let carry: Carry = { h: activate(zeros), c: zeros };
  const ordered = backwards ? sequence.toReversed() : sequence;
  const found = ordered.map((one) => [...(carry = cell(one, carry, activate)).h]);
  return backwards ? found.reverse() : found;
}

const W_y = matrix(UNITS, 2, 31);
const b_y = row(2, 32);

/** Tests of the options that all recurrent layers have. */
export function recurrentTests<O extends RecurrentOptions>(kind: Kind<O>): OptionTests<RecurrentOptions> {
  const { make, params, state = () => ({}), cell, activation } = kind;
  const activate = plain.activations[activation];
  const layerOf = (options: Omit<RecurrentOptions, "nUnits">, steps = STEPS) =>
    make(input(null, steps, FEATURES), { nUnits: UNITS, ...options } as RecurrentOptions & Partial<O>);
  const check = (options: Omit<RecurrentOptions, "nUnits">, wanted: plain.Nested) =>
    assertOutput(
      { layer: layerOf(options), params: { ...params, W_y, b_y }, state: state(STEPS), x },
      wanted,
      JSON.stringify(options),
    );
  const all = (activate: Activate, backwards = false) => x.map((one) => outputs(one, { cell, activate, backwards }));
  const last = x.map((one) => outputs(one, { cell, activate }).at(-1)!);
  return {
    name: () => checkName((name) => layerOf({ name })),
    nUnits: () => {
      const layer = make(input(null, STEPS, FEATURES), { nUnits: 7 } as RecurrentOptions & Partial<O>);
      const b = Object.entries(layer.init(key(1)).params).filter(([name]) => /^b(?:_.)?$/.test(name));
      assertEquals([layer.outputShape, ...b.map(([, { shape }]) => shape)], [[null, 7], ...b.map(() => [7])]);
    },
    nOut: async () => {
      await check({ nOut: 2 }, affine(last, W_y, b_y));
      await check({ nOut: 2, lastOnly: false }, all(activate).map((rows) => affine(rows, W_y, b_y)));
      await check({}, last);
      const { params } = layerOf({ nOut: 2 }).init(key(1));
      assertEquals([params.W_y.shape, params.b_y.shape], [[UNITS, 2], [2]]);
    },
    outActivation: async () => {
      for (const outActivation of ["relu", "softmax", "linear"] as const) {
        await check({ nOut: 2, outActivation }, affine(last, W_y, b_y).map(plain.activations[outActivation]));
      }
    },
    activation: async () => {
      for (const name of ["tanh", "sigmoid", "relu", undefined] as const) {
        const wanted = all(plain.activations[name ?? activation]).map((rows) => rows.at(-1)!);
        await check({ ...name && { activation: name } }, wanted);
      }
    },
    lastOnly: async () => {
      for (const lastOnly of [true, undefined]) await check({ ...lastOnly && { lastOnly } }, last);
      await check({ lastOnly: false }, all(activate));
    },
    goBackwards: async () => {
      await check({ goBackwards: true }, all(activate, true).map((rows) => rows[0]));
      await check({ goBackwards: true, lastOnly: false }, all(activate, true));
      await check({ goBackwards: false, lastOnly: false }, all(activate));
    },
    gradClipping: async () => {
      const upstream = 50;
      for (const gradClipping of [undefined, 0, 0.5, 3, 1000]) {
        const most = gradClipping || Infinity;
        const limit = (one: number): number => Math.max(-most, Math.min(most, one));
        const layer = layerOf({ ...gradClipping !== undefined && { gradClipping } }, 1);
        const cost = (all: layers.Parameters) =>
          layer.apply(all, plain.asTensor([[x[0][0]]]), { train: false, state: plain.asTensors(state(1)) })
            .output.sum().mul(upstream);
        const gradients = grad(cost)(plain.asTensors(params));
        for (const [name, wanted] of Object.entries(kind.slopes(x[0][0], upstream, limit))) {
          await assertElements(gradients[name], wanted, `${name} for ${gradClipping}`);
        }
        const output = outputs([x[0][0]], { cell, activate });
        await assertElements(
          layer.apply(plain.asTensors(params), plain.asTensor([[x[0][0]]]), {
            train: false,
            state: plain.asTensors(state(1)),
          }).output,
          output.flat(),
        );
      }
    },
  };
}

/** Parameters of gates by name: W_f, U_f, b_f, … */
function gatesOf(names: readonly string[]): Record<string, plain.Nested> {
  return Object.fromEntries(names.flatMap((name, i) => [
    [`W_${name}`, matrix(FEATURES, UNITS, 3 * i + 2)],
    [`U_${name}`, matrix(UNITS, UNITS, 3 * i + 3)],
    [`b_${name}`, row(UNITS, 3 * i + 4)],
  ]));
}

/** x · W + h · U + b of a gate. */
function gate(params: Readonly<Record<string, plain.Nested>>, suffix: string, x: plain.Row, h: plain.Row): number[] {
  const [W, U, b] = ["W", "U", "b"].map((name) => params[`${name}${suffix}`]);
  const [fromState] = affine([h], U as plain.Matrix);
  return affine([x], W as plain.Matrix, b as plain.Row)[0].map((one, j) => one + fromState[j]);
}

/** The derivatives of the activations by their values. */
export const slopes = {
  sigmoid: (y: number) => y * (1 - y),
  tanh: (y: number) => 1 - y * y,
};

const { W_z: W, U_z: U, b_z: b } = gatesOf(["z"]);
/** The first state. */
export const zeros = row(UNITS).map(() => 0);
const halves = zeros.map(() => 0.5);

/** Tests of the options of `rnn`: h = φ(x · W + h · U + b), from φ(0) on. */
export const rnn: OptionTests<layers.RnnOptions> = {
  ...recurrentTests<layers.RnnOptions>({
    make: layers.rnn,
    params: { W, U, b },
    cell: (x, { h, c }, activate) => ({ h: activate(gate({ W, U, b }, "", x, h)), c }),
    activation: "sigmoid",
    slopes: (x, upstream, limit) => ({
      b: gate({ W, U, b }, "", x, halves).map((one) => limit(upstream * slopes.sigmoid(sigmoid(one)))),
    }),
  }),
};

const gruGates = gatesOf(["z", "r", "h"]);

/** Tests of the options of `gru`: h + z (φ(x · W_h + (r h) · U_h + b_h) − h). */
export const gru: OptionTests<layers.GruOptions> = recurrentTests<layers.GruOptions>({
  make: layers.gru,
  params: gruGates,
  cell: (x, { h, c }, activate) => {
    const [z, r] = ["_z", "_r"].map((one) => gate(gruGates, one, x, h).map(sigmoid));
    const fresh = activate(gate(gruGates, "_h", x, h.map((one, j) => one * r[j])));
    return { h: h.map((one, j) => (1 - z[j]) * one + z[j] * fresh[j]), c };
  },
  activation: "tanh",
  slopes: (x, upstream, limit) => {
    const z = gate(gruGates, "_z", x, zeros).map(sigmoid);
    const fresh = gate(gruGates, "_h", x, zeros).map(Math.tanh);
    return {
      b_z: z.map((one, j) => limit(upstream * fresh[j] * slopes.sigmoid(one))),
      b_r: zeros,
      b_h: z.map((one, j) => limit(upstream * one * slopes.tanh(fresh[j]))),
    };
  },
});

/** The gates of an LSTM. */
export const lstmGates = gatesOf(["i", "f", "c", "o"]);
const peepholes = { P_i: matrix(UNITS, UNITS, 41), P_f: matrix(UNITS, UNITS, 42), P_o: matrix(UNITS, UNITS, 43) };

/** A step of an LSTM; gates with peepholes also see c · P. */
function lstmCell({ peeps = false, tied = false }: { readonly peeps?: boolean; readonly tied?: boolean }): Cell {
  const seen = (name: "i" | "f" | "o", x: plain.Row, h: plain.Row, c: plain.Row): number[] => {
    const [peeped] = affine([c], peepholes[`P_${name}`]);
    return gate(lstmGates, `_${name}`, x, h).map((one, j) => sigmoid(one + (peeps ? peeped[j] : 0)));
  };
  return (x, { h, c }, activate) => {
    const forget = seen("f", x, h, c);
    const take = tied ? forget.map((one) => 1 - one) : seen("i", x, h, c);
    const candidate = activate(gate(lstmGates, "_c", x, h));
    const cell = c.map((one, j) => forget[j] * one + take[j] * candidate[j]);
    const shown = activate(cell);
    return { h: seen("o", x, h, cell).map((one, j) => one * shown[j]), c: cell };
  };
}

async function checkLstm(options: Partial<layers.LstmOptions>, cell: Cell, missing: readonly string[]): Promise<void> {
  const layer = layers.lstm(input(null, STEPS, FEATURES), { nUnits: UNITS, lastOnly: false, ...options });
  const wanted = x.map((one) => outputs(one, { cell, activate: plain.activations.tanh }));
  const names = Object.keys(layer.init(key(1)).params);
  const all = { ...lstmGates, ...peepholes };
  assertEquals(names.sort(), Object.keys(all).filter((name) => !missing.includes(name)).sort());
  await assertOutput({ layer, params: all, x }, wanted, JSON.stringify(options));
}

const peepNames = ["P_i", "P_f", "P_o"];

/** Tests of the options of `lstm`. */
export const lstm: OptionTests<layers.LstmOptions> = {
  ...recurrentTests<layers.LstmOptions>({
    make: layers.lstm,
    params: lstmGates,
    cell: lstmCell({}),
    activation: "tanh",
    slopes: (x, upstream, limit) => {
      const [i, o] = ["_i", "_o"].map((name) => gate(lstmGates, name, x, zeros).map(sigmoid));
      const candidate = gate(lstmGates, "_c", x, zeros).map(Math.tanh);
      const shown = i.map((one, j) => Math.tanh(one * candidate[j]));
      const ofCell = o.map((one, j) => upstream * one * slopes.tanh(shown[j]));
      return {
        b_f: zeros,
        b_i: i.map((one, j) => limit(ofCell[j] * candidate[j] * slopes.sigmoid(one))),
        b_c: i.map((one, j) => limit(ofCell[j] * one * slopes.tanh(candidate[j]))),
        b_o: o.map((one, j) => limit(upstream * shown[j] * slopes.sigmoid(one))),
      };
    },
  }),
  peepholes: async () => {
    await checkLstm({ peepholes: true }, lstmCell({ peeps: true }), []);
    await checkLstm({ peepholes: false }, lstmCell({}), peepNames);
    await checkLstm({}, lstmCell({}), peepNames);
  },
  tiedIF: async () => {
    const ofInput = ["W_i", "U_i", "b_i"];
    await checkLstm({ tiedIF: true }, lstmCell({ tied: true }), [...ofInput, ...peepNames]);
    await checkLstm({ tiedIF: true, peepholes: true }, lstmCell({ tied: true, peeps: true }), [...ofInput, "P_i"]);
    await checkLstm({ tiedIF: false }, lstmCell({}), peepNames);
  },
};
