import { assert, assertEquals } from "@std/assert";
import { isTileable, type Nest } from "../../nest/nest.ts";
import type { TileSchedule } from "../schedule/schedule.ts";
import { chooseTile } from "../schedule/tile_cost.ts";
import { convolution, convolutionKernelGradient, product } from "../test_contractions.ts";
import type { Pattern } from "../test_patterns.ts";
import { renderTile } from "./tile.ts";

function nestOf({ program: { steps: [step] } }: Pattern): Nest {
  if (step.kind !== "nest") throw new Error("Cannot test a loop: expected a nest");
  return step.nest;
}

/** What the loop over the steps of a product's depth does. */
interface Step {
  readonly multiplyAdds: number;
  /** All other instructions. */
  readonly others: number;
  readonly divisions: number;
  readonly loops: number;
}

/** The instructions in the loop over steps. */
function stepOf(nest: Nest, tile: Partial<TileSchedule> = {}): Step {
  if (!isTileable(nest)) throw new Error("Cannot count the steps: expected a product");
  const { lines } = renderTile(nest, { ...chooseTile(nest, "hardware").schedule, ...tile });
  const first = lines.findIndex((line) => line.trimStart().startsWith("for (var step"));
  const indent = lines[first].search(/\S/);
  const last = lines.findIndex((line, i) => i > first && line.search(/\S/) === indent);
  const body = lines.slice(first + 1, last).flatMap((line) => line.split("; ")).map((line) => line.trim());
  const products = body.filter((line) => line.includes("fma("));
  const others = body.filter((line) => !line.includes("fma(") && line !== "}");
  return {
    multiplyAdds: products.reduce((sum, line) => sum + (line.includes("vec4") ? 4 : 1), 0),
    others: others.length,
    divisions: others.filter((line) => / [/%] /.test(line)).length,
    loops: others.filter((line) => line.startsWith("for ")).length,
  };
}

const images = { batch: 100, channels: 4, size: [12, 12], filters: 50, kernel: [5, 5] } as const;

const products: Readonly<Record<string, Pattern>> = {
  "a product": product(512, 256, 128),
  "a product with the left side transposed": product(256, 512, 128, "TN"),
  "a product with the right side transposed": product(512, 512, 128, "NT"),
  "a product whose depth has no whole number of steps": product(512, 512, 100),
};

/** The tile of a convolution of many images. */
const large = { alongThreads: 16, acrossThreads: 16, groups: 1, staged: 25 };

for (const [description, pattern] of Object.entries(products)) {
  Deno.test(`a step of ${description} has three multiply-adds for each other instruction`, () => {
    const { multiplyAdds, others, divisions, loops } = stepOf(nestOf(pattern));
    assert(multiplyAdds >= 3 * others, `${multiplyAdds} multiply-adds, ${others} other instructions`);
    assertEquals({ divisions, loops }, { divisions: 0, loops: 0 });
  });
}

Deno.test("a step of a convolution has three multiply-adds for each other instruction in large tiles", () => {
  const { multiplyAdds, others } = stepOf(nestOf(convolution(images)), large);
  assert(multiplyAdds >= 3 * others, `${multiplyAdds} multiply-adds, ${others} other instructions`);
});

Deno.test("a step of a convolution and of its kernel's gradient has no divisions", () => {
  for (const pattern of [convolution(images), convolutionKernelGradient(images)]) {
    const { divisions, loops } = stepOf(nestOf(pattern));
    assertEquals({ divisions, loops }, { divisions: 0, loops: 0 });
  }
});
