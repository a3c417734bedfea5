import { assert, assertEquals, assertMatch } from "@std/assert";
import type { NativeMultiply } from "./call.ts";
import { checkKernels } from "./check_kernels.ts";
import { fusedMultiplyAdd } from "./fused.ts";
import { AVX2, AVX512, PIECE } from "./instruction_sets.ts";
import { operands } from "./operands.ts";
import { multiplyOf, testOnEverySet, trialMemory } from "./testing.ts";

type Shape = Parameters<typeof checkKernels>[1];

interface Faults {
  readonly fused?: (a: number, b: number, c: number) => number;
  /** Changes an element before it is stored. */
  readonly stored?: (value: number, row: number, column: number, rowCount: number) => number;
  /** Rows that are written too many. */
  readonly more?: number;
  readonly adds?: boolean;
  /** Whether only scattered columns have the faults. */
  readonly onlyScattered?: boolean;
}

/** The routine in TypeScript, with faults. */
function multiplier(shape: Shape, memory: WebAssembly.Memory, faults: Faults = {}): NativeMultiply {
  return (at) => {
    const [words, singles] = [new Uint32Array(memory.buffer), new Float32Array(memory.buffer)];
    const word = (name: keyof typeof operands): number => words[(at + operands[name]) / 4];
    const hasFault = !faults.onlyScattered || word("distances") !== 0;
    const active: Faults = hasFault ? faults : {};
    const { fused = fusedMultiplyAdd, stored = (value: number) => value, more = 0 } = active;
    const adds = faults.adds ?? word("adds") !== 0;
    for (let row = 0; row < word("rowCount") + more; row++) {
      for (let column = 0; column < word("columnCount"); column++) {
        const left = word("rows") + Math.floor(row / shape.rows) * word("rowPanelBytes") + 4 * (row % shape.rows);
        const right = (k: number): number => {
          const panel = word("columns") + Math.floor(column / shape.columns) * word("columnPanelBytes");
          const within = column % shape.columns;
          if (word("distances") === 0) return panel / 4 + k * shape.columns + within;
          const vector = words[panel / 4 + Math.floor(within / PIECE)] + words[word("distances") / 4 + k];
          return vector / 4 + within % PIECE;
        };
        let sum = 0;
        for (let k = 0; k < word("depth"); k++) {
          sum = fused(singles[left / 4 + k * shape.rows], singles[right(k)], sum);
        }
        const target = (word("tile") + row * word("stride")) / 4 + column;
        if (adds) sum = Math.fround(singles[target] + sum);
        singles[target] = stored(sum, row, column, word("rowCount"));
      }
    }
  };
}

const check = (shape: Shape, faults?: Faults): string | undefined => {
  const memory = trialMemory();
  return checkKernels(multiplier(shape, memory, faults), shape, memory);
};

testOnEverySet("the kernels pass their test", (set) => {
  const memory = trialMemory();
  assertEquals(checkKernels(multiplyOf(set, memory), set, memory), undefined);
});

Deno.test("the definition passes for both shapes", () => {
  for (const shape of [AVX2, AVX512]) assertEquals(check(shape), undefined);
});

const flush = (x: number): number => Math.abs(x) < 2 ** -126 ? 0 * x : x;

const finite = (x: number): number => Math.abs(x) === Infinity ? Math.sign(x) * (2 - 2 ** -23) * 2 ** 127 : x;

const faults: Readonly<Record<string, Faults>> = {
  "two roundings": { fused: (a, b, c) => Math.fround(Math.fround(a * b) + c) },
  "subnormal operands taken for zero": { fused: (a, b, c) => fusedMultiplyAdd(flush(a), flush(b), flush(c)) },
  "subnormal results set to zero": { fused: (a, b, c) => flush(fusedMultiplyAdd(a, b, c)) },
  "truncation": {
    fused: (a, b, c) => {
      const sum = fusedMultiplyAdd(a, b, c);
      const exact = a * b + c;
      return Math.abs(sum) > Math.abs(exact) ? Math.fround(sum - Math.sign(sum) * Math.abs(sum) * 2 ** -24) : sum;
    },
  },
  "infinite operands taken for the greatest number": {
    fused: (a, b, c) => fusedMultiplyAdd(finite(a), finite(b), c),
  },
  "no NaN": { fused: (a, b, c) => fusedMultiplyAdd(a, b, c) || 0 },
  "the sign of zero lost": { stored: (value) => value || 0 },
  "a row too many": { more: 1 },
  "always added": { adds: true },
  "never added": { adds: false },
  "the last row of seven wrong": { stored: (value, row, _, count) => row === 6 && count === 7 ? value + 1 : value },
  "a column wrong where columns are scattered": {
    onlyScattered: true,
    stored: (value, _, column) => column === 17 ? value + 1 : value,
  },
  "one column wrong": { stored: (value, _, column) => column === 17 ? value + 1 : value },
};

for (const [name, fault] of Object.entries(faults)) {
  Deno.test(`kernels with this fault fail their test: ${name}`, () => {
    const difference = check(AVX512, fault);
    assert(difference !== undefined);
    assertMatch(
      difference,
      /^element \[\d+, \d+\] of \d+ × \d+ \((scattered columns, )?panels 8 × 32, depth \d\) is \S+ instead of \S+$/,
    );
  });
}
