import { assert, assertEquals } from "@std/assert";
import { boundsOf, linearScale, logScale, roundStep, type Scale, showNumber } from "./scale.ts";

const labelsOf = ({ ticks }: Scale): string[] => ticks.map(({ label }) => label);

Deno.test("the ticks of a linear scale are round numbers, and include all values", () => {
  assertEquals(labelsOf(linearScale([3.1, 17.4])), ["0", "5", "10", "15", "20"]);
  assertEquals(labelsOf(linearScale([-0.7, 0.9])), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
  assertEquals(labelsOf(linearScale([1, 3], { whole: true })), ["1", "2", "3"]);
  assertEquals(labelsOf(linearScale([2, 12], { fromZero: true })), ["0", "5", "10", "15"]);
  assertEquals(linearScale([3.1, 17.4]).domain, [0, 20]);
  assertEquals(labelsOf(linearScale([-12, 2], { fromZero: true })), ["-15", "-10", "-5", "0", "5"]);
});

Deno.test("equal values, and none at all, have a scale around them", () => {
  for (const values of [[], [0], [5, 5], [-3], [NaN], [Infinity, 2], [1e300], [5e-324]]) {
    const { domain: [low, high], ticks } = linearScale(values);
    assert(low < high && ticks.length > 1, String(values));
    for (const value of values.filter(Number.isFinite)) assert(low <= value && value <= high, String(values));
    assert(!labelsOf(linearScale(values)).some((label) => /NaN|Infinity/.test(label)), String(values));
  }
});

Deno.test("neighboring ticks have different labels, however near or large they are", () => {
  for (const values of [[12.34, 12.3404], [-1, 1e9], [0, 1e-8], [1e-7, 1.0004e-7], [1e5, 1e5 + 1], [1e12, 1e12 + 8]]) {
    const labels = labelsOf(linearScale(values));
    assertEquals(new Set(labels).size, labels.length, String(labels));
  }
  assertEquals(labelsOf(linearScale([-1, 1e9])).slice(0, 3), ["-5·10⁸", "0", "5·10⁸"]);
  assertEquals(labelsOf(linearScale([0, 8e-8])), ["0", "2·10⁻⁸", "4·10⁻⁸", "6·10⁻⁸", "8·10⁻⁸"]);
});

Deno.test("the ticks of a logarithmic scale are powers of ten, two at least", () => {
  assertEquals(labelsOf(logScale([0.0004, 0.7])), ["10⁻³", "10⁻²", "10⁻¹"]);
  assertEquals(labelsOf(logScale([0.02, 0.7])), ["10⁻²", "10⁻¹", "10⁰"]);
  assertEquals(labelsOf(logScale([0.3, 0.7])), ["10⁻¹", "10⁰"]);
  assertEquals(labelsOf(logScale([16, 512])), ["10", "100", "1000"]);
  assertEquals(labelsOf(logScale([1e-12, 1e12])), ["10⁻¹²", "10⁻⁷", "10⁻²", "10³", "10⁸"]);
  assertEquals(labelsOf(logScale([1])), ["1", "10"]);
  // Two powers between the numbers are enough, one is not.
  assertEquals(labelsOf(logScale([5, 300])), ["10", "100"]);
  assertEquals(labelsOf(logScale([20, 300])), ["10", "100", "1000"]);
  assertEquals(logScale([0.02, 0.7]).minor.map(showNumber).slice(0, 9), [
    ...["0.02", "0.03", "0.04", "0.05", "0.06", "0.07", "0.08", "0.09", "0.2"],
  ]);
});

Deno.test("numbers are shown to three digits, small and large ones with a power of ten", () => {
  assertEquals([0, 3.14159, -20, 12345.6, 0.000123].map(showNumber), ["0", "3.14", "-20", "12300", "0.000123"]);
  assertEquals([1e9, -2.5e-8].map(showNumber), ["1·10⁹", "-2.5·10⁻⁸"]);
});

Deno.test("steps are 1, 2 or 5 times a power of ten", () => {
  assertEquals([0.3, 0.2, 3, 5, 60, 0.011].map(roundStep), [0.5, 0.2, 5, 5, 100, 0.02]);
});

Deno.test("bounds are those of the finite numbers", () => {
  assertEquals([boundsOf([3, NaN, -1, Infinity]), boundsOf([]), boundsOf([NaN]), boundsOf([5])], [
    ...[[-1, 3], [0, 1], [0, 1], [5, 5]] as const,
  ]);
});

Deno.test("linear scales have these ends and ticks", () => {
  const cases: [number[], Parameters<typeof linearScale>[1], number[], string][] = [
    [[0.0012, 0.0049], {}, [0.001, 0.005], "0.001 0.002 0.003 0.004 0.005"],
    [[7], {}, [2, 12], "2 4 6 8 10 12"],
    [[-4], {}, [-6, -2], "-6 -5 -4 -3 -2"],
    [[0], {}, [-1, 1], "-1.0 -0.5 0.0 0.5 1.0"],
    [[5, 5], { whole: true }, [4, 6], "4 5 6"],
    [[0.2, 0.4], { whole: true }, [0, 1], "0 1"],
    [[3, 7], { fromZero: true, steps: 2 }, [0, 10], "0 5 10"],
    [[0, 100], { steps: 10 }, [0, 100], "0 10 20 30 40 50 60 70 80 90 100"],
    [[12.34, 12.3404], {}, [12.34, 12.3404], "12.3400 12.3401 12.3402 12.3403 12.3404"],
    [[1e-7, 1.0004e-7], {}, [1e-7, 1.0004e-7], "1·10⁻⁷ 1.0001·10⁻⁷ 1.0002·10⁻⁷ 1.0003·10⁻⁷ 1.0004·10⁻⁷"],
    [[0, 99_999], {}, [0, 100_000], "0 5·10⁴ 1·10⁵"],
    [[0, 9e4], { steps: 3 }, [0, 1e5], "0 5·10⁴ 1·10⁵"],
  ];
  for (const [values, options, ends, labels] of cases) {
    const scale = linearScale(values, options);
    const { domain, type, minor } = scale;
    assertEquals([type, minor, labelsOf(scale).join(" ")], ["linear", [], labels], `${values}`);
    domain.forEach((end, i) => assert(Math.abs(end - ends[i]) <= 1e-12 * Math.abs(ends[i]), `${domain}`));
  }
});

Deno.test("logarithmic scales have these ends, ticks and minor marks", () => {
  const cases: [number[], number[], number[], [count: number, first?: number, last?: number]][] = [
    [[0.0004, 0.7], [0.000296714, 0.943669], [0.001, 0.01, 0.1], [31, 0.0003, 0.9]],
    [[0.3, 0.7], [0.1, 1], [0.1, 1], [8, 0.2, 0.9]],
    [[16, 512], [10, 1000], [10, 100, 1000], [16, 20, 900]],
    [[1e-12, 1e12], [1.09648e-13, 9.12011e12], [1e-12, 1e-7, 0.01, 1000, 1e8], [0]],
    [[1], [1, 10], [1, 10], [8, 2, 9]],
    [[5, 300], [4.24467, 353.384], [10, 100], [15, 5, 300]],
    [[100, 1000], [91.2011, 1096.48], [100, 1000], [8, 200, 900]],
    [[20, 90_000], [14.2857, 126_000], [100, 1000, 10_000, 100_000], [32, 20, 90_000]],
    [[1, 1e5], [0.630957, 158_489], [1, 10, 100, 1000, 10_000, 100_000], [0]],
  ];
  const rounded = (value: number | undefined) => value === undefined ? undefined : Number(value.toPrecision(6));
  for (const [values, ends, powers, [count, first, last]] of cases) {
    const { type, domain, ticks, minor } = logScale(values);
    assertEquals([type, domain.map(rounded), ticks.map(({ value }) => rounded(value))], ["log", ends, powers]);
    assertEquals([minor.length, rounded(minor[0]), rounded(minor.at(-1))], [count, first, last], `${values}`);
  }
  assertEquals(labelsOf(logScale([20, 90_000])), ["10²", "10³", "10⁴", "10⁵"]);
  assertEquals(labelsOf(logScale([20, 9000])), ["100", "1000", "10000"]);
});

Deno.test("round steps are the next ones, and numbers change their form at 10⁵ and 10⁻⁴", () => {
  assertEquals([1, 10, 9.99, 0.1, 1e-5, 7e5, 2.0000000001, 1.9].map(roundStep), [1, 10, 10, 0.1, 1e-5, 1e6, 2, 2]);
  assertEquals([99_949, 100_000, 1e-4, 0.99e-4, 1234.5678, -0.00012345].map(showNumber), [
    ...["99900", "1·10⁵", "0.0001", "9.9·10⁻⁵", "1230", "-0.000123"],
  ]);
});
