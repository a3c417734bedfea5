/**
 * Writes the nests that are products of two matrices: tiles of packed panels, and the later phases of the nest, which
 * run on each tile while it is in the cache.
 *
 * @module
 */

import { type Nest, pointsOf } from "../../nest/nest.ts";
import { FunctionWriter } from "../encode/assembler.ts";
import { type PackedSide, type ProductSchedule, workspaceOf } from "../schedule/product_schedule.ts";
import { CodeScope, type Local } from "../scalar/code_scope.ts";
import { ExpressionWriter } from "../write/expressions.ts";
import { decode, divide, least, type Range } from "../write/iteration.ts";
import { callMachineCode, callMicroKernels } from "./kernel_calls.ts";
import { writePacking } from "./packing.ts";
import { writeScatteredChannels } from "./scattered_channels.ts";
import { writeScatteredColumns } from "./scattered_columns.ts";
import type { DepthRange } from "./scattered_tables.ts";
import { storeTile } from "./store_tile.ts";
import { type Block, type Tile, tileStrideOf } from "./tile.ts";

/** How a product is written. */
export interface ProductPlan {
  readonly schedule: ProductSchedule;
  /**
   * The index of the function that multiplies panels: the one that `writeMicroKernel` wrote for them, or the imported one
   * for all panels of a tile if the schedule uses machine code.
   */
  readonly kernel: number;
  /** The function that records an index outside of its table, if the nest checks indices. */
  readonly recorder?: number | undefined;
}

/** How columns are read from a copy of the image. */
type Scattered = NonNullable<ProductSchedule["scattered"]>;

/** The function `(begin, end, ...counters, ...slots, workspace)` that computes a range of tiles. */
export function writeProduct(nest: Nest, plan: ProductPlan): FunctionWriter {
  const params = ["begin", "end", ...nest.counters, ...nest.slots, "workspace"].map(() => "i32" as const);
  const writer = new FunctionWriter(params);
  new Product(nest, plan, new CodeScope(writer)).write();
  return writer;
}

class Product {
  readonly #expressions: ExpressionWriter;
  readonly #workspace: Local;
  readonly #schedule: ProductSchedule;

  constructor(readonly nest: Nest, readonly plan: ProductPlan, readonly scope: CodeScope) {
    const firstSlot = 2 + nest.counters.length;
    this.#expressions = new ExpressionWriter(scope, nest.slots.map((_, i) => firstSlot + i), plan.recorder);
    this.#workspace = firstSlot + nest.slots.length;
    this.#schedule = plan.schedule;
  }

  write(): void {
    const { scope, nest } = this;
    const { rows, columns, batch } = this.#schedule;
    nest.counters.forEach((counter, i) => scope.bind(counter, 2 + i));
    const places = workspaceOf(this.#schedule);
    const [columnPanels, results] = [this.#at(places.columns), this.#at(places.tile)];
    scope.loop({ from: 0, to: 1, step: 1 }, (unit) => {
      const [rest, columnBlock] = divide(scope, unit, Math.ceil(columns.points / columns.block));
      const [batchPoint, rowBlock] = divide(scope, rest, Math.ceil(rows.points / rows.block));
      decode(scope, batch, batchPoint);
      const tile: Tile = {
        rows: this.#block(rows, rowBlock, this.#workspace),
        columns: this.#block(columns, columnBlock, columnPanels),
        results,
      };
      this.#depth(tile);
      storeTile(this.#expressions, { nest, schedule: this.#schedule, tile });
    });
  }

  /** An address in the workspace. */
  #at(offset: number): Local {
    return this.scope.op("i32.add", [this.#workspace, this.scope.i32(offset)]);
  }

  #block(side: PackedSide, block: Local, panels: Local): Block {
    const { scope } = this;
    const from = scope.op("i32.mul", [block, scope.i32(side.block)]);
    const to = least(scope, scope.op("i32.add", [from, scope.i32(side.block)]), scope.i32(side.points));
    return { from, to, panels, panelBytes: scope.i32(4 * side.panel * this.#schedule.depthPoints) };
  }

  /** Packs and multiplies, one block of the depth after another. */
  #depth(tile: Tile): void {
    const { scope } = this;
    const { depthOuter, depthSplit, depthBlock, skip, part } = this.#schedule;
    const started = scope.local("i32");
    scope.code.i32(0).set(started);
    scope.loop({ ...this.#depthSteps(), step: 1 }, (step) => {
      const [outer, block] = divide(scope, step, Math.ceil(depthSplit.extent / depthBlock));
      decode(scope, depthOuter, outer);
      const body = (): void => this.#depthBlock(tile, block, started);
      if (!skip) return body();
      const conditions = skip.conditions.map((condition) => this.#expressions.scalar(condition));
      scope.when(conditions.reduce((a, b) => scope.op("i32.and", [a, b])), body);
    });
    if (skip || part) scope.when(scope.op("i32.eqz", [started]), () => this.#clear(tile));
  }

  /** The range of the depth's blocks, or of those of one part if the depth is cut into parts. */
  #depthSteps(): Range {
    const { scope } = this;
    const { depthSteps, part } = this.#schedule;
    if (!part) return { from: scope.i32(0), to: scope.i32(depthSteps) };
    const from = scope.op("i32.mul", [scope.variable(part.variable), scope.i32(part.steps)]);
    return { from, to: least(scope, scope.op("i32.add", [from, scope.i32(part.steps)]), scope.i32(depthSteps)) };
  }

  /** Packs and multiplies one block of the depth, and adds it to the tile if that is already `started`. */
  #depthBlock(tile: Tile, block: Local, started: Local): void {
    const { scope } = this;
    const { depthSplit, depthBlock, depthInner, rows, columns } = this.#schedule;
    const depthFrom = scope.op("i32.mul", [block, scope.i32(depthBlock)]);
    const end = scope.op("i32.add", [depthFrom, scope.i32(depthBlock)]);
    const depthTo = least(scope, end, scope.i32(depthSplit.extent));
    const pack = (side: PackedSide, { from, to, panels, panelBytes }: Block): void =>
      writePacking(this.#expressions, {
        ...{ schedule: this.#schedule, side, from, to, depthFrom, depthTo },
        target: { panels, panelBytes },
      });
    pack(rows, tile.rows);
    const turns = scope.op("i32.sub", [depthTo, depthFrom]);
    const depth = scope.op("i32.mul", [turns, scope.i32(pointsOf(depthInner))]);
    const { scattered } = this.#schedule;
    if (scattered) this.#scatter(scattered, tile.columns, { depthFrom, depthTo });
    else pack(columns, tile.columns);
    const { kernel } = this.plan;
    const operands = { tile, depth, adds: started };
    if (this.#schedule.native) {
      callMachineCode(scope, this.#schedule, { ...operands, kernel, workspace: this.#workspace });
    } else callMicroKernels(scope, this.#schedule, { ...operands, kernel });
    scope.code.i32(1).set(started);
  }

  /** Copies the rows of the image that the columns need. */
  #scatter(scattered: Scattered, { from, to, panels }: Block, { depthFrom, depthTo }: Omit<DepthRange, "depth">): void {
    const { scope } = this;
    const { columns: { variables }, depthSplit, depthInner } = this.#schedule;
    const { extent } = variables.at(-1)!;
    const places = workspaceOf(this.#schedule);
    const block = {
      from: divide(scope, from, extent)[0],
      to: divide(scope, to, extent)[0],
      ...{ depth: [depthSplit, ...depthInner], depthFrom, depthTo, copy: panels },
      ...{ vectors: this.#at(places.vectors), distances: this.#at(places.distances) },
    };
    if (scattered.form === "points") writeScatteredColumns(this.#expressions, { scattered, ...block });
    else writeScatteredChannels(this.#expressions, { scattered, variables, ...block });
  }

  #clear({ results }: Tile): void {
    const { scope } = this;
    const { rows } = this.#schedule;
    scope.loop({ from: scope.i32(0), to: scope.i32(tileStrideOf(this.#schedule) * rows.block), step: 16 }, (offset) => {
      scope.code.get(results).get(offset).op("i32.add").get(scope.i32x4(0)).op("v128.store");
    });
  }
}
