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

/** The words of the records with which a check calls the routine, and the memory at the end. */
function callsOf(shape: Shape): { readonly records: number[][]; readonly singles: Float32Array } {
  const memory = trialMemory();
  const records: number[][] = [];
  const multiply = multiplier(shape, memory);
  const difference = checkKernels(
    (at) => {
      assertEquals(at, 0);
      records.push([...new Uint32Array(memory.buffer, 0, Object.keys(operands).length)]);
      multiply(at);
    },
    shape,
    memory,
  );
  assertEquals(difference, undefined);
  return { records, singles: new Float32Array(memory.buffer) };
}

Deno.test("each number of rows is tried once, then a row more than a panel with several depths, in both forms", () => {
  const { records } = callsOf(AVX2);
  const record = (rowCount: number, depth: number, adds: number, scattered: boolean): number[] => [
    ...[1024, scattered ? 512 : 4096, 16_384, depth, 4 * 33, adds, rowCount, 24, 4 * 4 * 6],
    ...[scattered ? 8 : 4 * 4 * 16, scattered ? 256 : 0],
  ];
  const expected = [false, true].flatMap((scattered) => [
    ...[1, 2, 3, 4, 5].map((rowCount) => record(rowCount, 4, rowCount % 2, scattered)),
    ...[record(7, 4, 1, scattered), record(7, 0, 1, scattered), record(7, 1, 0, scattered)],
  ]);
  assertEquals(records, expected);
});

Deno.test("the panels have all digits, and columns that are subnormal, huge, or hold a special value", () => {
  for (const shape of [AVX2, AVX512]) {
    const { singles } = callsOf(shape);
    const panels = (at: number, panel: number, valueOf: (noise: number, point: number, depth: number) => number) => {
      let state = panel;
      for (const point of [0, panel]) {
        for (let depth = 0; depth < 4; depth++) {
          for (let i = 0; i < panel; i++, at++) {
            state = Math.imul(state, 1664525) + 1013904223 | 0;
            const expected = Math.fround(valueOf(state / 2 ** 31, point + i, depth));
            assertEquals(singles[at], expected, `point ${point + i} at depth ${depth}`);
          }
        }
      }
      return at;
    };
    const rows = [1, 2 ** -20, 1, 2 ** 100];
    const end = panels(256, shape.rows, (noise, row) => noise * rows[row % 4]);
    const columns = [1, 1, 2 ** -128, 1, 2 ** -149, 1, 1, 2 ** 127];
    const special = [NaN, Infinity, -Infinity, -0];
    const last = panels(1024, shape.columns, (noise, column, depth) => {
      const turn = Math.floor(column / 8);
      return column % 8 === 6 && turn % 4 === depth ? special[turn % 4] : noise * columns[column % 8];
    });
    assertEquals([singles[end], singles[last]], [0, 0], "nothing follows the panels");
    const words = new Uint32Array(singles.buffer);
    assertEquals([...words.slice(64, 69)], [0, 1, 2, 3].map((depth) => 4 * shape.columns * depth).concat(0));
    const pieces = Array.from({ length: shape.columns / 4 }, (_, piece) => {
      const column = 8 * piece;
      const panel = column < shape.columns ? 0 : 1;
      return 4096 + 16 * shape.columns * panel + 4 * (column - shape.columns * panel);
    });
    assertEquals([...words.slice(128, 128 + pieces.length + 1)], [...pieces, 0]);
  }
});

Deno.test("the first difference is reported with its place, its panels and both values", () => {
  const difference = (faults: Faults) => check(AVX2, faults);
  const bent = (row: number, column: number): Faults => ({
    stored: (value, i, j) => i === row && j === column ? 7 : value,
  });
  assertMatch(difference(bent(0, 0))!, /^element \[0, 0\] of 1 × 24 \(panels 6 × 16, depth 4\) is 7 instead of /);
  assertMatch(difference(bent(6, 23))!, /^element \[6, 23\] of 7 × 24 \(panels 6 × 16, depth 4\) is 7 instead of /);
  assertMatch(
    difference({ onlyScattered: true, ...bent(4, 1) })!,
    /^element \[4, 1\] of 5 × 24 \(scattered columns, panels 6 × 16, depth 4\) is 7 instead of /,
  );
  const onlyEmpty = (value: number, row: number, column: number, count: number) =>
    row === 0 && column === 0 && count === 7 && value === 1.5 ? 2.5 : value;
  assertEquals(
    difference({ stored: onlyEmpty }),
    "element [0, 0] of 7 × 24 (panels 6 × 16, depth 0) is 2.5 instead of 1.5",
  );
  assertEquals(difference({ more: 1 })!.startsWith("element [1, "), true);
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
