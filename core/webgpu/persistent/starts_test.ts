import { assertEquals } from "@std/assert";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { NestStep, ProgramStep } from "../../nest/program.ts";
import { makeNest, makePhase, makeSlot, reduce, store } from "../test_support.ts";
import { withStarts } from "./starts.ts";

const table = new ExpressionTable();
const i = table.variable("i", 4);

/** A nest that reads one buffer and stores into another one. */
function copying(from: number, to: number): NestStep {
  const nest = makeNest({
    slots: [makeSlot(4), makeSlot(4, "write")],
    outer: [i],
    phases: [makePhase({ stores: [store(1, i, table.load("f32", 0, i))] })],
  });
  return { kind: "nest", nest, buffers: [from, to] };
}

function summing(from: number, to: number): NestStep {
  const k = table.variable("k", 4);
  const one = copying(from, to);
  const phases = [
    makePhase({ inner: [k], reductions: [reduce(0, "sum", table.load("f32", 0, k))] }),
    makePhase({ stores: [store(1, i, table.result("f32", 0))] }),
  ];
  return { ...one, nest: { ...one.nest, phases } };
}

const loop = (...steps: ProgramStep[]): ProgramStep => ({ kind: "loop", counter: table.variable("t", 3), steps });

/** The numbers of the starts of each loop, and of all other steps that are not loops. */
function numbersOf(steps: readonly ProgramStep[]): (number | number[])[] {
  const numberOf = (step: ProgramStep): number => steps.indexOf(step);
  return withStarts(steps).map((step) => step.kind === "nest" ? numberOf(step) : step.starts.map(numberOf));
}

Deno.test("starts are the nests directly before a loop that store what the loop writes", () => {
  const turns = loop(copying(1, 2), loop(copying(2, 3)));
  assertEquals(numbersOf([copying(0, 1), copying(0, 3), copying(0, 2), turns]), [0, [1, 2]]);
  assertEquals(numbersOf([copying(0, 2), copying(0, 1), turns]), [0, 1, []]);
  assertEquals(numbersOf([copying(0, 2), turns, copying(0, 2), turns, copying(0, 2)]), [[0], [2], 4]);
  assertEquals(numbersOf([turns, turns]), [[], []]);
});

Deno.test("sums are no starts", () => {
  const turns = loop(copying(1, 2));
  assertEquals(numbersOf([summing(0, 2), copying(0, 2), turns]), [0, [1]]);
});
