import { assertEquals } from "@std/assert";
import {
  classCountKind,
  classesKind,
  curvesKind,
  groupsKind,
  rateRangeKind,
  reportKind,
  runsKind,
  setKind,
} from "./argument_kinds.ts";

const curves = { errorUnit: "%", history: [{ epoch: 1 }], model: "m", batches: 3, validationError: null };
const report = {
  ...curves,
  ...{ network: "n", data: "d", dataHash: "h", updates: "sgd", stop: "patience" },
  ...{ parameters: 9, seed: 1, epochs: 2, iterations: 6, batches: 3, samplesPerSecond: 10 },
  ...{ validationError: 0.5, bestIteration: null, testError: 1 },
  ...{ hyperparameters: {}, device: { name: "wasm" }, versions: {}, seconds: {} },
};

/** A record with other fields. */
const other = (record: object, fields: object): unknown => ({ ...record, ...fields });

Deno.test("a report has all of its fields, each of its own kind", () => {
  assertEquals(reportKind.accepts(report), true);
  for (const name of Object.keys(report)) {
    assertEquals(reportKind.accepts(other(report, { [name]: Symbol() })), false, name);
  }
  for (const name of ["model", "parameters", "testError", "seconds", "stop"]) {
    assertEquals(reportKind.accepts(other(report, { [name]: undefined })), false, name);
  }
  assertEquals(reportKind.accepts(other(report, { stop: "never" })), false);
  assertEquals(reportKind.accepts(other(report, { device: {} })), false);
  for (const stop of ["epochs", "patience", "aborted", "overfit"]) {
    assertEquals(reportKind.accepts(other(report, { stop })), true);
  }
  assertEquals([null, 3, [report]].map((one) => reportKind.accepts(one)), [false, false, false]);
});

Deno.test("curves need a history and the unit of its errors, and the other fields may be missing", () => {
  assertEquals(curvesKind.accepts({ errorUnit: "%", history: [] }), true);
  assertEquals(curvesKind.accepts(curves), true);
  for (const fields of [{ errorUnit: 3 }, { history: {} }, { history: [3] }, { model: 3 }, { batches: "3" }]) {
    assertEquals(curvesKind.accepts(other(curves, fields)), false, JSON.stringify(fields));
  }
  for (const name of ["validationError", "validationLoss", "bestIteration"]) {
    assertEquals(["x", null, 2].map((one) => curvesKind.accepts(other(curves, { [name]: one }))), [false, true, true]);
  }
  assertEquals([{ a: curves }, {}, { a: curves, b: 3 }, [curves]].map((one) => runsKind.accepts(one)), [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("points of a range of learning rates have rates above zero", () => {
  const point = { rate: 0.1, loss: 2, smoothed: NaN };
  const range = { suggestion: 0.1, lowest: null, points: [point] };
  const accepts = (fields: object, ofPoint: object = {}) =>
    rateRangeKind.accepts({ ...range, points: [point, { ...point, ...ofPoint }], ...fields });
  assertEquals([accepts({}), accepts({ suggestion: null, points: [] })], [true, true]);
  for (const fields of [{ suggestion: "0.1" }, { lowest: undefined }, { points: {} }, { points: [3] }]) {
    assertEquals(accepts(fields), false, JSON.stringify(fields));
  }
  for (const fields of [{ rate: 0 }, { rate: -1 }, { rate: "1" }, { loss: null }, { smoothed: undefined }]) {
    assertEquals(accepts({}, fields), false, JSON.stringify(fields));
  }
});

Deno.test("classes are lists or arrays of numbers, and there are up to 65536 of them", () => {
  const given = [[1, 2], [], Int32Array.of(1), Float64Array.of(), ["1"], new DataView(new ArrayBuffer(4)), "12", null];
  assertEquals(given.map((one) => classesKind.accepts(one)), [true, true, true, true, false, false, false, false]);
  assertEquals([0, 65_536, -1, 65_537].map((one) => classCountKind.accepts(one)), [true, true, false, false]);
});

Deno.test("a set has inputs and targets, and groups have images", () => {
  const sets = [{ x: 1, y: 2 }, { x: 1 }, { y: 2 }, null, "xy"];
  assertEquals(sets.map((one) => setKind.accepts(one)), [true, false, false, false, false]);
  const groups = [[{ images: [[1, 2]] }], [{ images: [Float32Array.of(1)], label: "a", stretch: true }], [], [{}], [[
    1,
  ]]];
  assertEquals(groups.map((one) => groupsKind.accepts(one)), [true, true, true, false, false]);
  assertEquals(groupsKind.accepts([{ images: [["1"]] }]), false);
});
