import { assertEquals } from "@std/assert";
import { ones } from "./creation.ts";
import { jit, versionOf } from "./jit.ts";
import type { Nest } from "./nest/nest.ts";
import type { ProgramStep } from "./nest/program.ts";
import { loopsOf, short, threeDigits } from "./plan_text.ts";
import type { Tensor } from "./tensor.ts";
import "./wasm/default_device.ts";

Deno.test("numbers have three digits and the prefix of their unit", () => {
  assertEquals(
    [0, 7, 999, 999.5, 1000, 12_345, 999_499, 999_500, 1.5e6, 2e9, 3e12, 4e15].map(short),
    ["0", "7", "999", "1.00 k", "1.00 k", "12.3 k", "999 k", "1.00 M", "1.50 M", "2.00 G", "3.00 T", "4.00e+3 T"],
  );
});

Deno.test("numbers with three digits have all whole ones, and no exponent", () => {
  assertEquals(
    [0, 0.01234, 12.345, 999.4, 999.5, 999.9, 1000, 1234.5, 98_765].map(threeDigits),
    ["0.00", "0.0123", "12.3", "999", "1000", "1000", "1000", "1235", "98765"],
  );
});

function nestsOf(steps: readonly ProgramStep[]): Nest[] {
  return steps.flatMap((step) => step.kind === "nest" ? [step.nest] : nestsOf(step.steps));
}

Deno.test("loops are shown as extents, the inner ones after a point", () => {
  const loops = (fn: (x: Tensor) => Tensor, x: Tensor): string[] => {
    const { plan } = versionOf(jit(fn), x).compiled;
    return nestsOf(plan.program.steps).map(loopsOf);
  };
  assertEquals(loops((x) => x.exp(), ones([5])), ["5"]);
  assertEquals(loops((x) => x.exp(), ones([])), ["1"]);
  assertEquals(loops((x) => x.sum({ axis: 1 }), ones([3, 7])), ["3 · 7"]);
  assertEquals(loops((x) => x.sub(x.max({ axis: 1, keepDims: true })), ones([3, 7])), ["3 · 7"]);
  assertEquals(loops((x) => x.matmul(ones([7, 2])), ones([3, 7])), ["3×2 · 7"]);
});
