import { assertEquals } from "@std/assert";
import { simplify } from "../graph/simplify/simplify.ts";
import { evaluateExpression } from "../nest/evaluate.ts";
import type { ProgramStep } from "../nest/program.ts";
import { showNest } from "../nest/show.ts";
import { scan } from "../scan.ts";
import type { Tensor } from "../tensor.ts";
import { type Computation, graphOf, planOf } from "../../tests/oracle.ts";
import { Cluster } from "./fusion_rules.ts";
import { fuse } from "./fuse.ts";
import type { FusedScan } from "./fused_graph.ts";

const matrix = { shape: [5, 2], dtype: "f32" } as const;

/** The only loop of a function of a matrix. */
function loopOf(fn: Computation): FusedScan {
  const { groups } = fuse(simplify(graphOf(fn, [matrix])), { maxSlots: 512 });
  const loops = groups.map(({ work }) => work).filter((work): work is FusedScan =>
    !(work instanceof Cluster) && !("op" in work)
  );
  assertEquals(loops.length, 1);
  return loops[0];
}

const start = (x: Tensor): Tensor => x.sum({ axis: 0 }).mul(0.5);

type Body = (carries: Tensor[], row: Tensor) => [Tensor[], Tensor[]];

/** A loop over the rows with two carries, of which all outputs are needed. */
const loop = (body: Body, options = {}) => (x: Tensor): Tensor[] => {
  const [last, outputs] = scan(body, [start(x), start(x).neg()], x, options);
  return [...last, ...outputs].map((one) => one.exp());
};

const historiesOf = (body: Body): unknown => [...loopOf(loop(body)).histories];

Deno.test("an output that is a carry before or after its turn needs no memory of its own", () => {
  const next = ([a, b]: Tensor[], row: Tensor): Tensor[] => [a.add(row), b.mul(row)];
  assertEquals(historiesOf((c, row) => [next(c, row), [c[0]]]), [[2, { carry: 0, after: false }]]);
  assertEquals(historiesOf((c, row) => [next(c, row), [c[1]]]), [[2, { carry: 1, after: false }]]);
  const after = (which: number): Body => (c, row) => {
    const carries = next(c, row);
    return [carries, [carries[which]]];
  };
  assertEquals([historiesOf(after(0)), historiesOf(after(1))], [
    [[2, { carry: 0, after: true }]],
    [[2, { carry: 1, after: true }]],
  ]);
  assertEquals(historiesOf((c, row) => [next(c, row), [row.neg()]]), []);
});

Deno.test("a turn computes the carries and the needed outputs that are no carries, in their order", () => {
  const body: Body = ([a, b], row) => {
    const carries = [a.add(row), b.mul(row)];
    return [carries, [row.sin(), carries[0], row.cos()]];
  };
  const computed = (fn: Computation) => loopOf(fn).computed.map(({ index, node }) => `${index} ${node.op}`);
  assertEquals(computed(loop(body)), ["0 add", "1 mul", "2 sin", "4 cos"]);
  const onlyLast = (x: Tensor): Tensor => loop(body)(x)[4];
  assertEquals(computed(onlyLast), ["0 add", "1 mul", "4 cos"]);
  assertEquals([...loopOf(onlyLast).picks.keys()], [4]);
  assertEquals([...loopOf(loop(body)).picks.keys()].toSorted(), [0, 1, 2, 3, 4]);
});

Deno.test("the row of a turn is counted from the end of a reversed loop, and is 0 if there is only one", () => {
  const body: Body = ([a, b], row) => [[a.add(row), b.mul(row)], []];
  const { counter, turn, time } = loopOf(loop(body));
  assertEquals([counter.extent, turn, time], [5, counter, counter]);
  const reversed = loopOf(loop(body, { reverse: true }));
  assertEquals(reversed.turn, reversed.counter);
  const place = (of: FusedScan, turn: number): number =>
    evaluateExpression(of.time, { variable: () => turn, result: () => NaN, load: () => NaN });
  assertEquals([0, 1, 4].map((turn) => place(reversed, turn)), [4, 3, 0]);
  const once = loopOf((x) => loop(body)(x.slice([1, 0], [2, 2])));
  assertEquals([once.turn.kind === "literal" && once.turn.value, once.turn], [0, once.time]);
});

/** The kernels in the loop of a function of a matrix, as text. */
function kernelsIn(fn: Computation): string[] {
  const { program: { steps } } = planOf(graphOf(fn, [matrix]), { name: "loop", maxSlots: 512, donated: new Set() });
  const inner = steps.flatMap((step): readonly ProgramStep[] => step.kind === "loop" ? step.steps : []);
  return inner.map((step) => step.kind === "nest" ? showNest(step.nest) : "a loop");
}

Deno.test("rows and constants are read from the memory of the graph around the loop, rows by the turn", () => {
  const body: Body = ([a, b], row) => [[a.add(row), b.mul(row)], []];
  const both = (row: string): string =>
    `add+mul (s0: readwrite f32[4], s1: read f32[10], s2: readwrite f32[4])
 for i0 < 2:
  for once:
    s0[i0 + -2*(t0 % 2) + 2] = (s0[i0 + 2*(t0 % 2)] + s1[${row}])
    s2[i0 + -2*(t0 % 2) + 2] = (s2[i0 + 2*(t0 % 2)] * s1[${row}])`;
  assertEquals(kernelsIn(loop(body)), [both("2*t0 + i0")]);
  assertEquals(kernelsIn(loop(body, { reverse: true })), [both("-2*t0 + i0 + 8")]);
  const [constant] = kernelsIn((x) => loop(([a, b]) => [[a.add(start(x)), b], []])(x));
  assertEquals(
    constant,
    `add (s0: readwrite f32[4], s1: read f32[2])
 for i0 < 2:
  for once:
    s0[i0 + -2*(t0 % 2) + 2] = (s0[i0 + 2*(t0 % 2)] + s1[i0])`,
  );
});
