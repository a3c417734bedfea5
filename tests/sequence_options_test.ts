/**
 * Tests each option of the functions that process sequences against what its definition says.
 */

import { assert, assertEquals } from "@std/assert";
import { grad, tensor } from "../core/mod.ts";
import type { Tensor } from "../core/mod.ts";
import * as layers from "../layers/mod.ts";
import * as plain from "../layers/test_numbers.ts";
import { assertElements, type OptionTests, testOptions } from "./option_definitions.ts";

const { affine, asTensor, asTensors, flat, matrices, matrix, row, sigmoid, sum } = plain;

const x = matrices(3, 4, 2);
const [W, U, b] = [matrix(2, 3, 2), matrix(3, 3, 3), row(3, 4)];

/** A record of gates with these names: a cell whose gates all have the same weights. */
function gatesOf(names: string): Record<string, plain.Nested> {
  return Object.fromEntries([...names].flatMap((name) => [[`W_${name}`, W], [`U_${name}`, U], [`b_${name}`, b]]));
}

type Carry = readonly [h: plain.Row, c: plain.Row];
type Activation = "tanh" | "sigmoid" | "relu";

/** The input of a gate: x · W + h · U + b. */
const gate = (x: plain.Row, h: plain.Row): number[] => affine([x], W, b)[0].map((one, j) => one + affine([h], U)[0][j]);

type Cell = (x: plain.Row, carry: Carry, activation: Activation) => Carry;

const cells = {
  rnnSequence: (x, [h, c], activation) => [plain.activations[activation](gate(x, h)), c],
  gruSequence: (x, [h, c], activation) => {
    const z = gate(x, h).map(sigmoid);
    const fresh = plain.activations[activation](gate(x, h.map((one, j) => one * z[j])));
    return [h.map((one, j) => (1 - z[j]) * one + z[j] * fresh[j]), c];
  },
  // Without the weights of an input gate, i = 1 − f.
  lstmSequence: (x, [h, c], activation) => {
    const f = gate(x, h).map(sigmoid);
    const candidate = plain.activations[activation](gate(x, h));
    const cell = c.map((one, j) => f[j] * one + (1 - f[j]) * candidate[j]);
    const shown = plain.activations[activation](cell);
    return [f.map((one, j) => one * shown[j]), cell];
  },
} satisfies Readonly<Record<string, Cell>>;

const runs: Readonly<Record<keyof typeof cells, (x: Tensor, options: layers.SequenceOptions) => Tensor>> = {
  rnnSequence: (x, options) => layers.rnnSequence({ W: asTensor(W), U: asTensor(U), b: asTensor(b) }, x, options),
  gruSequence: (x, options) => {
    const { W_z, U_z, b_z, W_r, U_r, b_r, W_h, U_h, b_h } = asTensors(gatesOf("zrh"));
    return layers.gruSequence({ W_z, U_z, b_z, W_r, U_r, b_r, W_h, U_h, b_h }, x, options);
  },
  lstmSequence: (x, options) => {
    const { W_f, U_f, b_f, W_c, U_c, b_c, W_o, U_o, b_o } = asTensors(gatesOf("fco"));
    return layers.lstmSequence({ W_f, U_f, b_f, W_c, U_c, b_c, W_o, U_o, b_o }, x, options);
  },
};

interface Given {
  readonly activation?: Activation;
  readonly lastOnly?: boolean;
  readonly goBackwards?: boolean;
  readonly lengths?: readonly number[];
}

/** The last states, or all outputs, which are 0 after the ends of the sequences. */
function expected(name: keyof typeof cells, { lastOnly = true, goBackwards = false, ...given }: Given): plain.Nested {
  const { activation = name === "rnnSequence" ? "sigmoid" : "tanh", lengths } = given;
  return x.map((sequence, n) => {
    const [zeros, end] = [[0, 0, 0], lengths?.[n] ?? sequence.length];
    let carry: Carry = [plain.activations[activation](zeros), zeros];
    const outputs: plain.Row[] = sequence.map(() => zeros);
    const times = [...sequence.keys()].filter((time) => time < end);
    for (const time of goBackwards ? times.reverse() : times) {
      outputs[time] = (carry = cells[name](sequence[time], carry, activation))[0];
    }
    return lastOnly ? carry[0] : outputs;
  });
}

function sequenceTests(name: keyof typeof cells): OptionTests<layers.SequenceOptions> {
  const check = async ({ lengths, ...given }: Given): Promise<void> => {
    const options = { ...given, ...lengths && { lengths: tensor([...lengths]) } };
    const wanted = expected(name, { ...given, ...lengths && { lengths } });
    await assertElements(runs[name](asTensor(x), options), flat(wanted), JSON.stringify({ ...given, lengths }));
  };
  return {
    activation: async () => {
      for (const activation of ["tanh", "sigmoid", "relu"] as const) await check({ activation });
      await check({});
    },
    lastOnly: async () => {
      for (const lastOnly of [true, false]) await check({ lastOnly });
    },
    goBackwards: async () => {
      for (const goBackwards of [true, false]) {
        for (const lastOnly of [true, false]) await check({ goBackwards, lastOnly });
      }
    },
    gradClipping: async () => {
      // Each of at most three gates passes on its limited gradient through W.
      const slope = async (gradClipping?: number): Promise<number[]> => {
        const options = gradClipping === undefined ? {} : { gradClipping };
        const cost = (x: Tensor) => runs[name](x, options).sum().mul(1000);
        return [...await grad(cost)(asTensor([[x[0][0]]])).data()].map(Number);
      };
      const free = await slope();
      assertEquals(await slope(0), free);
      assertEquals(await slope(1e6), free);
      const limit = 1e-3;
      const most = W.map((row) => sum(row.map(Math.abs)) * limit * 3);
      const clipped = await slope(limit);
      clipped.forEach((one, i) => assert(Math.abs(one) <= most[i] + 1e-6 && Math.abs(free[i]) > most[i], `${one}`));
    },
    lengths: async () => {
      for (const lengths of [[1, 4, 2], [4, 4, 4], [0, 3, 1]]) {
        for (const lastOnly of [true, false]) {
          for (const goBackwards of [true, false]) await check({ lengths, lastOnly, goBackwards });
        }
      }
    },
  };
}

for (const name of Object.keys(runs)) {
  testOptions<layers.SequenceOptions>(name, null, sequenceTests(name as keyof typeof cells));
}
