/**
 * Writes the nests that are products of two matrices: tiles of packed panels, and what the nest does with each result
 * while the tile is in the cache.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { expressionsOf, type Nest, pointsOf } from "../../nest/nest.ts";
import { mergeableTail } from "../../nest/strides.ts";
import { FunctionWriter } from "../encode/assembler.ts";
import { ExpressionWriter } from "../write/expressions.ts";
import { decode, divide, greatest, least, vectorLoops } from "../write/iteration.ts";
import { writeStores } from "../write/loads.ts";
import { writePacking } from "./packing.ts";
import { type ProductSchedule, type Side, workspaceOf } from "../schedule/product_schedule.ts";
import { type Local, Scope } from "../write/scope.ts";
import { COLUMNS_AT, MULTIPLY, OWN, WIDE_COLUMNS, type WideKernels } from "./wide_microkernel.ts";

/** The index of the function made by `writeMicroKernel` for the schedule's panels; where it is wide, the program's kernels. */
export type MicroKernels = number | WideKernels;

/** The range of a side's points, and where its panels lie. */
interface Block {
  readonly from: Local;
  readonly to: Local;
  readonly panels: Local;
  readonly panelBytes: Local;
}

/** What is multiplied, how deep, and where to; `adds` is not 0 where the tile holds sums already. */
interface Operands {
  readonly rows: Block;
  readonly columns: Block;
  readonly tile: Local;
  readonly depth: Local;
  readonly adds: Local;
}

/** The function `(begin, end, ...counters, ...slots, workspace)` that computes some tiles. */
export function writeProduct(nest: Nest, schedule: ProductSchedule, kernels: MicroKernels): FunctionWriter {
  const params = ["begin", "end", ...nest.counters, ...nest.slots, "workspace"].map(() => "i32" as const);
  const writer = new FunctionWriter(params);
  new Product(nest, schedule, kernels, new Scope(writer)).write();
  return writer;
}

class Product {
  readonly #expressions: ExpressionWriter;
  readonly #workspace: Local;
  readonly #stride: number;

  constructor(
    readonly nest: Nest,
    readonly schedule: ProductSchedule,
    readonly kernels: MicroKernels,
    readonly scope: Scope,
  ) {
    const firstSlot = 2 + nest.counters.length;
    this.#expressions = new ExpressionWriter(scope, nest.slots.map((_, i) => firstSlot + i));
    this.#workspace = firstSlot + nest.slots.length;
    this.#stride = 4 * schedule.columns.block;
  }

  write(): void {
    const { scope, nest, schedule } = this;
    const { rows, columns, batch, depthPoints } = schedule;
    nest.counters.forEach((counter, i) => scope.bind(counter, 2 + i));
    const places = workspaceOf(rows.block, columns.block, depthPoints, schedule.wide);
    const at = (offset: number): Local => scope.op("i32.add", [this.#workspace, scope.i32(offset)]);
    const [columnPanels, tile] = [at(places.columns), at(places.tile)];
    scope.loop(0, 1, 1, (unit) => {
      const [rest, columnBlock] = divide(scope, unit, Math.ceil(columns.points / columns.block));
      const [batchPoint, rowBlock] = divide(scope, rest, Math.ceil(rows.points / rows.block));
      decode(scope, batch, batchPoint);
      const blocks = {
        rows: this.#block(rows, rowBlock, this.#workspace),
        columns: this.#block(columns, columnBlock, columnPanels),
      };
      this.#depth(blocks.rows, blocks.columns, tile);
      this.#finish(blocks.rows, blocks.columns, tile);
    });
  }

  #block(side: Side, block: Local, panels: Local): Block {
    const { scope } = this;
    const from = scope.op("i32.mul", [block, scope.i32(side.block)]);
    const to = least(scope, scope.op("i32.add", [from, scope.i32(side.block)]), scope.i32(side.points));
    return { from, to, panels, panelBytes: scope.i32(4 * side.panel * this.schedule.depthPoints) };
  }

  /** Packs and multiplies, one block of the depth after the other. */
  #depth(rows: Block, columns: Block, tile: Local): void {
    const { scope, schedule: { depthOuter, depthSplit, depthBlock, depthSteps, piece, skip } } = this;
    const started = scope.local("i32");
    scope.code.i32(0).set(started);
    const first = piece ? scope.op("i32.mul", [scope.variable(piece.variable), scope.i32(piece.steps)]) : scope.i32(0);
    const last = piece
      ? least(scope, scope.op("i32.add", [first, scope.i32(piece.steps)]), scope.i32(depthSteps))
      : scope.i32(depthSteps);
    scope.loop(first, last, 1, (step) => {
      const [outer, block] = divide(scope, step, Math.ceil(depthSplit.extent / depthBlock));
      decode(scope, depthOuter, outer);
      const body = (): void => this.#depthBlock(rows, columns, tile, block, started);
      if (!skip) return body();
      const conditions = skip.conditions.map((condition) => this.#expressions.scalar(condition));
      scope.when(conditions.reduce((a, b) => scope.op("i32.and", [a, b])), body);
    });
    if (skip || piece) scope.when(scope.op("i32.eqz", [started]), () => this.#clear(tile));
  }

  /** Packs and multiplies one block of the depth, onto the tile where it has been `started`. */
  #depthBlock(rows: Block, columns: Block, tile: Local, block: Local, started: Local): void {
    const { scope, schedule } = this;
    const { depthSplit, depthBlock, depthInner } = schedule;
    const depthFrom = scope.op("i32.mul", [block, scope.i32(depthBlock)]);
    const end = scope.op("i32.add", [depthFrom, scope.i32(depthBlock)]);
    const depthTo = least(scope, end, scope.i32(depthSplit.extent));
    const pack = (side: Side, { from, to, panels, panelBytes }: Block, memory: number): void =>
      writePacking(this.#expressions, {
        ...{ schedule, side, from, to, depthFrom, depthTo },
        target: { memory, panels, panelBytes },
      });
    pack(schedule.rows, rows, 0);
    const turns = scope.op("i32.sub", [depthTo, depthFrom]);
    const depth = scope.op("i32.mul", [turns, scope.i32(pointsOf(depthInner))]);
    const operands: Operands = { rows, columns, tile, depth, adds: started };
    if (typeof this.kernels === "number") {
      pack(schedule.columns, columns, 0);
      this.#multiply(this.kernels, operands);
    } else {
      this.#multiplyWide(this.kernels, operands, (panel) => pack(schedule.columns, panel, OWN));
    }
    scope.code.i32(1).set(started);
  }

  #clear(tile: Local): void {
    const { scope, schedule: { rows, columns } } = this;
    scope.loop(scope.i32(0), scope.i32(4 * rows.block * columns.block), 16, (offset) => {
      scope.code.get(tile).get(offset).op("i32.add").get(scope.i32x4(0)).op("v128.store");
    });
  }

  /** Calls the micro-kernel for each pair of panels; a panel of columns stays in the first-level cache. */
  #multiply(kernel: number, { rows, columns, tile, depth, adds }: Operands): void {
    const { scope, schedule } = this;
    const column = scope.local("i32");
    const tileColumn = scope.local("i32");
    scope.code.get(columns.panels).set(column).get(tile).set(tileColumn);
    const [rowPanel, stride] = [schedule.rows.panel, scope.i32(this.#stride)];
    scope.loop(columns.from, columns.to, schedule.columns.panel, () => {
      const row = scope.local("i32");
      const tileRow = scope.local("i32");
      scope.code.get(rows.panels).set(row).get(tileColumn).set(tileRow);
      scope.loop(rows.from, rows.to, rowPanel, () => {
        const { code } = scope;
        for (const argument of [row, column, tileRow, depth, stride, adds]) code.get(argument);
        code.op("call", kernel);
        code.get(row).get(rows.panelBytes).op("i32.add").set(row);
        code.get(tileRow).i32(rowPanel * this.#stride).op("i32.add").set(tileRow);
      });
      scope.code.get(column).get(columns.panelBytes).op("i32.add").set(column);
      scope.code.get(tileColumn).i32(4 * schedule.columns.panel).op("i32.add").set(tileColumn);
    });
  }

  /** Packs one panel of columns after the other into the thread's own memory, and multiplies all panels of rows with it. */
  #multiplyWide(kernels: WideKernels, operands: Operands, pack: (panel: Block) => void): void {
    const { rows, columns, tile, depth, adds } = operands;
    const { scope, schedule: { depthSplit, depthBlock, depthInner, rows: { panel } } } = this;
    const last = depthSplit.extent % depthBlock || depthBlock;
    const depths = new Set([depthBlock, last].map((turns) => turns * pointsOf(depthInner)));
    const points = scope.op("i32.sub", [rows.to, rows.from]);
    const [turns] = divide(scope, scope.op("i32.add", [points, scope.i32(panel - 1)]), panel);
    const tileColumn = scope.local("i32");
    scope.code.get(tile).set(tileColumn);
    scope.loop(columns.from, columns.to, WIDE_COLUMNS, (from) => {
      const to = least(scope, scope.op("i32.add", [from, scope.i32(WIDE_COLUMNS)]), columns.to);
      pack({ ...columns, from, to, panels: scope.i32(COLUMNS_AT) });
      for (const one of depths) {
        scope.when(scope.op("i32.eq", [depth, scope.i32(one)]), () => {
          const { code } = scope;
          code.i32(kernels.number({ rows: panel, depth: one })).get(rows.panels).get(turns).get(rows.panelBytes);
          code.get(tileColumn).i32(this.#stride).get(adds).op("call", MULTIPLY);
        });
      }
      scope.code.get(tileColumn).i32(4 * WIDE_COLUMNS).op("i32.add").set(tileColumn);
    });
  }

  /** The phases after the product, for each value of the tile. */
  #finish(rows: Block, columns: Block, tile: Local): void {
    const { scope, schedule, nest } = this;
    const variables = schedule.columns.variables;
    const later = expressionsOf({ ...nest, phases: nest.phases.slice(1) });
    const merged = mergeableTail(variables, later);
    const outer = variables.slice(0, variables.length - merged);
    const inner = variables.slice(variables.length - merged);
    scope.loop(rows.from, rows.to, 1, (row) => {
      decode(scope, schedule.rows.variables, row);
      const distance = scope.op("i32.sub", [row, rows.from]);
      const tileRow = scope.op("i32.add", [tile, scope.op("i32.mul", [distance, scope.i32(this.#stride)])]);
      inner.slice(0, -1).forEach((variable) => scope.bind(variable, scope.i32(0)));
      this.#segments(outer, pointsOf(inner), columns, (from, to, skipped) => {
        const start = scope.op("i32.sub", [tileRow, scope.op("i32.shl", [skipped, scope.i32(2)])]);
        this.#store(inner.at(-1)!, from, to, start, outer.length === 0 || pointsOf(inner) % 4 === 0);
      });
    });
  }

  /**
   * Cuts the block's columns into runs along the last variable; `body` is given the run's range and what must be taken
   * from its numbers to get columns of the tile.
   */
  #segments(
    outer: readonly Variable[],
    extent: number,
    columns: Block,
    body: (from: Local, to: Local, skipped: Local) => void,
  ): void {
    const { scope } = this;
    if (outer.length === 0) return body(columns.from, columns.to, columns.from);
    const [first] = divide(scope, columns.from, extent);
    const [past] = divide(scope, scope.op("i32.add", [columns.to, scope.i32(extent - 1)]), extent);
    scope.loop(first, past, 1, (segment) => {
      decode(scope, outer, segment);
      const begin = scope.op("i32.mul", [segment, scope.i32(extent)]);
      const from = greatest(scope, scope.op("i32.sub", [columns.from, begin]), scope.i32(0));
      const to = least(scope, scope.op("i32.sub", [columns.to, begin]), scope.i32(extent));
      body(from, to, scope.op("i32.sub", [columns.from, begin]));
    });
  }

  #store(variable: Variable, from: Local, to: Local, tileStart: Local, aligned: boolean): void {
    const { scope, nest } = this;
    const [product, ...later] = nest.phases;
    vectorLoops(scope, { variable, from, to, copies: 1, blocks: 1, aligned }, (vector) => {
      const offset = scope.op("i32.shl", [scope.variable(variable), scope.i32(2)]);
      const address = scope.op("i32.add", [tileStart, offset]);
      scope.bindResult(product.reductions[0].id, [scope.op(vector ? "v128.load" : "v128.load32_splat", [address])]);
      for (const { stores } of later) writeStores(this.#expressions, stores);
    });
  }
}
