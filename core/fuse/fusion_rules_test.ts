import { assert, assertEquals } from "@std/assert";
import { logSoftmax, softmax, variance } from "../functions/reduction.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import { conv2d } from "../functions/convolution.ts";
import { gather } from "../functions/selection.ts";
import { type Argument, type Computation, graphOf, numbers } from "../../tests/oracle.ts";
import type { Tensor } from "../tensor.ts";
import { Cluster, loops, variablesOf } from "./fusion_rules.ts";
import { fuse } from "./fuse.ts";

interface Kernel {
  /** The operations that the kernel writes or reduces, in the order in which they joined. */
  readonly ops: string;
  readonly cluster: Cluster | undefined;
}

function kernelsOf(fn: Computation, inputs: readonly Argument[], maxSlots = 8): Kernel[] {
  return fuse(graphOf(fn, inputs), { maxSlots }).groups.map(({ nodes, work }) => ({
    ops: [...nodes].map(({ op }) => op).join(" "),
    cluster: work instanceof Cluster ? work : undefined,
  }));
}

const opsOf = (fn: Computation, inputs: readonly Argument[], maxSlots?: number): string[] =>
  kernelsOf(fn, inputs, maxSlots).map(({ ops }) => ops);

const matrix = [numbers([6, 10])];
const two = [numbers([6, 10]), numbers([6, 10], { seed: 2 })];
const product = [numbers([6, 10]), numbers([10, 8]), numbers([8])];

Deno.test("elementwise operations on a product or a reduction join it", () => {
  assertEquals(opsOf((x, w, b) => x.matmul(w).add(b).tanh(), product), ["dot tanh"]);
  assertEquals(opsOf((x) => x.sum({ axis: 1 }).mul(2).exp(), matrix), ["sum exp"]);
  assertEquals(opsOf((x) => [x.sum({ axis: 0 }), x.sum({ axis: 0 }).neg()], matrix).length, 1);
});

Deno.test("an operation that needs elements of other rows starts its own kernel", () => {
  const turned: Computation = (x, w) => {
    const y = x.matmul(w);
    return y.add(y.flip(0));
  };
  assertEquals(opsOf(turned, product), ["dot", "add"]);
  const mirrored: Computation = (x) => {
    const y = x.tanh();
    return [y, y.add(y.flip(0))];
  };
  assertEquals(opsOf(mirrored, matrix), ["tanh", "add"]);
  assertEquals(opsOf((x) => x.sum({ axis: 1 }).broadcastTo([5, 6]).add(1), matrix), ["sum", "add"]);
  const places = numbers([6], { dtype: "i32", low: 0, high: 6 });
  assertEquals(opsOf((x, i) => gather(x.sum({ axis: 1 }), i), [...matrix, places]), ["sum", "gather"]);
});

Deno.test("a result that is moved as a whole stays in the kernel", () => {
  assertEquals(opsOf((x, w) => x.matmul(w).transpose().mul(2), product), ["dot mul"]);
  assertEquals(opsOf((x, w) => x.matmul(w).reshape([48]).mul(2), product), ["dot mul"]);
  assertEquals(opsOf((x, w) => x.matmul(w).flip([0, 1]).tanh(), product), ["dot tanh"]);
  const image = [numbers([2, 3, 6, 6]), numbers([4, 3, 3, 3])];
  assertEquals(opsOf((x, w) => conv2d(x, w).transpose([0, 2, 3, 1]).add(1), image), ["conv add"]);
});

Deno.test("operations on each element of a row join the reductions over the row, in later phases", () => {
  const [{ ops, cluster }, ...others] = kernelsOf((x) => softmax(x), matrix);
  assertEquals([ops, others.length], ["maxOf sum mul", 0]);
  assertEquals([...cluster!.reductions.values()].map(({ phase }) => phase), [0, 1]);
  assertEquals([...cluster!.members.values()].map(({ level, phase }) => [level, phase]), [["place", 2]]);
  assertEquals(opsOf((x) => variance(x, { axis: 1 }), matrix).length, 1);
  assertEquals(opsOf((x) => logSoftmax(x), matrix).length, 1);
});

Deno.test("the level of a member follows from its elements", () => {
  const [{ cluster }] = kernelsOf((x) => [x.sum({ axis: 1 }).neg(), x.sub(x.sum({ axis: 1, keepDims: true }))], matrix);
  assertEquals([...cluster!.members.values()].map(({ level }) => level), ["row", "place"]);
  assertEquals([...cluster!.row, ...cluster!.inner].map((i) => i.kind === "variable" ? i.extent : 1), [6, 10]);
});

Deno.test("reductions over equal loops share a kernel, and those over different loops do not", () => {
  assertEquals(opsOf((x) => [x.sum({ axis: 1 }), x.max({ axis: 1 })], matrix), ["sum maxOf"]);
  assertEquals(opsOf((x) => [x.sum({ axis: 1 }), x.max({ axis: 0 })], matrix), ["sum", "maxOf"]);
  assertEquals(opsOf((x) => [x.sum({ axis: 1 }), x.reshape([10, 6]).max({ axis: 1 })], matrix), ["sum", "maxOf"]);
  assertEquals(opsOf((x) => [x.sum({ axis: 1 }), x.max({ axis: 0 })], [numbers([6, 6])]), ["sum", "maxOf"]);
});

Deno.test("products share no kernel with other products or reductions", () => {
  assertEquals(opsOf((x, w, b) => [x.matmul(w), x.matmul(w.add(b))], product), ["dot reshape", "add", "dot reshape"]);
  const both: Computation = (x, w) => {
    const y = x.matmul(w);
    return [y, y.sum({ axis: 1 })];
  };
  assertEquals(opsOf(both, product), ["dot reshape", "sum"]);
});

Deno.test("a product is marked as one with its loops, and a reduction is not", () => {
  const [{ cluster }] = kernelsOf((x, w, b) => x.matmul(w).add(b), product);
  const { batch, rows, columns, depth } = cluster!.contraction!;
  assertEquals([batch, rows, columns, depth].map((list) => list.map(({ extent }) => extent)), [[], [6], [8], [10]]);
  assertEquals(kernelsOf((x) => x.sum(), matrix)[0].cluster!.contraction, undefined);
});

Deno.test("elementwise kernels of equal shapes join, and those of different shapes do not", () => {
  assertEquals(opsOf((x, y) => [x.add(y), x.mul(y)], two), ["add mul"]);
  assertEquals(opsOf((x, y) => [x.add(y), x.slice([1]).neg()], two), ["add", "neg"]);
});

Deno.test("long rows are left to a second kernel, unless there are few of them", () => {
  const centred = (x: Tensor): Tensor => x.sub(x.max({ axis: 1, keepDims: true }));
  assertEquals(opsOf(centred, [numbers([16, 8192])]), ["maxOf sub"]);
  assertEquals(opsOf(centred, [numbers([16, 8193])]), ["maxOf", "sub"]);
  assertEquals(opsOf(centred, [numbers([2, 8193])]), ["maxOf sub"]);
  const chained: Computation = (x) => centred(x).exp().sum({ axis: 1 });
  assertEquals(opsOf(chained, [numbers([16, 8192])]), ["maxOf sum"]);
  assertEquals(opsOf(chained, [numbers([16, 8193])]), ["maxOf", "sum"]);
});

Deno.test("a cluster uses no more buffers than a kernel may use", () => {
  const sums: Computation = (a, b, c, d) => [a.add(b), a.mul(b).add(c), a.sub(c).add(d)];
  const four = [1, 2, 3, 4].map((seed) => numbers([5], { seed }));
  assertEquals(opsOf(sums, four, 8).length, 1);
  assert(opsOf(sums, four, 4).length > 1);
});

Deno.test("a cluster that refuses a node stays unchanged", () => {
  const { parameters: [x], results: [sum, wide, neg] } = graphOf((x) => {
    const sum = x.sum({ axis: 1 });
    return [sum, sum.flip(0).add(sum), sum.neg()];
  }, matrix);
  const table = new ExpressionTable();
  const cluster = new Cluster(sum, {
    table,
    holds: (node) => node === x || node === sum,
    load: (node, index) => table.load(node.dtype, 0, index[0]),
  });
  assertEquals(cluster.admit(wide), false);
  assertEquals(cluster.members.size, 0);
  assertEquals(cluster.admit(neg), true);
  assertEquals(cluster.members.get(neg)!.index, cluster.row);
});

Deno.test("loops have a variable for each axis longer than 1", () => {
  const table = new ExpressionTable();
  const index = loops(table, [1, 3, 1, 4], "i");
  assertEquals(index.map(({ kind }) => kind), ["literal", "variable", "literal", "variable"]);
  assertEquals(variablesOf(index).map(({ extent }) => extent), [3, 4]);
  assertEquals(variablesOf(loops(table, [], "i")), []);
});
