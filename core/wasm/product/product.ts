/**
 * Writes the nests that are products of two matrices: tiles of packed panels, and the later phases of the nest, which
 * run on each tile while it is in the cache.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { expressionsOf, laterPhases, type Nest, pointsOf } from "../../nest/nest.ts";
import { mergeableTail } from "../../nest/strides.ts";
import { PIECE } from "../../native/instruction_sets.ts";
import { operands } from "../../native/operands.ts";
import { FunctionWriter } from "../encode/assembler.ts";
import { LANES } from "../encode/lanes.ts";
import { type PackedSide, type ProductSchedule, tileWidthOf, workspaceOf } from "../schedule/product_schedule.ts";
import { CodeScope, type Local } from "../scalar/code_scope.ts";
import { ExpressionWriter } from "../write/expressions.ts";
import { decode, divide, greatest, least, vectorLoops } from "../write/iteration.ts";
import { writeStores } from "../write/loads.ts";
import { writePacking } from "./packing.ts";
import { writeScatteredChannels } from "./scattered_channels.ts";
import { writeScatteredColumns } from "./scattered_columns.ts";
import type { DepthRange } from "./scattered_tables.ts";

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

/** Successive points. */
interface Run {
  readonly from: Local;
  readonly to: Local;
}

/** The range of a side's points, and the address of its panels. */
interface Block extends Run {
  readonly panels: Local;
  readonly panelBytes: Local;
}

/** A tile: its sides, and the address of its results. */
interface Tile {
  readonly rows: Block;
  readonly columns: Block;
  readonly results: Local;
}

/** How columns are read from a copy of the image. */
type Scattered = NonNullable<ProductSchedule["scattered"]>;

/** The arguments of a micro-kernel. `adds` is not 0 if the tile already holds sums. */
interface Operands {
  readonly tile: Tile;
  readonly depth: Local;
  readonly adds: Local;
}

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
  /** The bytes from one row of a tile to the next. */
  readonly #stride: number;

  constructor(readonly nest: Nest, readonly plan: ProductPlan, readonly scope: CodeScope) {
    const firstSlot = 2 + nest.counters.length;
    this.#expressions = new ExpressionWriter(scope, nest.slots.map((_, i) => firstSlot + i), plan.recorder);
    this.#workspace = firstSlot + nest.slots.length;
    this.#schedule = plan.schedule;
    this.#stride = 4 * tileWidthOf(plan.schedule);
  }

  write(): void {
    const { scope, nest } = this;
    const { rows, columns, batch } = this.#schedule;
    nest.counters.forEach((counter, i) => scope.bind(counter, 2 + i));
    const places = workspaceOf(this.#schedule);
    const at = (offset: number): Local => scope.op("i32.add", [this.#workspace, scope.i32(offset)]);
    const [columnPanels, results] = [at(places.columns), at(places.tile)];
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
      this.#finish(tile);
    });
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
  #depthSteps(): Run {
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
    if (this.#schedule.native) this.#multiplyNatively({ tile, depth, adds: started });
    else this.#multiply({ tile, depth, adds: started });
    scope.code.i32(1).set(started);
  }

  /** Copies the rows of the image that the columns need. */
  #scatter(scattered: Scattered, { from, to, panels }: Block, { depthFrom, depthTo }: Omit<DepthRange, "depth">): void {
    const { scope } = this;
    const { columns: { variables }, depthSplit, depthInner } = this.#schedule;
    const { extent } = variables.at(-1)!;
    const places = workspaceOf(this.#schedule);
    const at = (offset: number): Local => scope.op("i32.add", [this.#workspace, scope.i32(offset)]);
    const block = {
      from: divide(scope, from, extent)[0],
      to: divide(scope, to, extent)[0],
      ...{ depth: [depthSplit, ...depthInner], depthFrom, depthTo, copy: panels },
      ...{ vectors: at(places.vectors), distances: at(places.distances) },
    };
    if (scattered.form === "points") writeScatteredColumns(this.#expressions, { scattered, ...block });
    else writeScatteredChannels(this.#expressions, { scattered, variables, ...block });
  }

  #clear({ results }: Tile): void {
    const { scope } = this;
    const { rows } = this.#schedule;
    scope.loop({ from: scope.i32(0), to: scope.i32(this.#stride * rows.block), step: 16 }, (offset) => {
      scope.code.get(results).get(offset).op("i32.add").get(scope.i32x4(0)).op("v128.store");
    });
  }

  /** Calls the micro-kernel for each pair of panels. A panel of columns stays in the first-level cache. */
  #multiply({ tile: { rows, columns, results }, depth, adds }: Operands): void {
    const { scope, plan: { kernel } } = this;
    const column = scope.local("i32");
    const tileColumn = scope.local("i32");
    scope.code.get(columns.panels).set(column).get(results).set(tileColumn);
    const [rowPanel, stride] = [this.#schedule.rows.panel, scope.i32(this.#stride)];
    const columnPanel = this.#schedule.columns.panel;
    scope.loop({ from: columns.from, to: columns.to, step: columnPanel }, () => {
      const row = scope.local("i32");
      const tileRow = scope.local("i32");
      scope.code.get(rows.panels).set(row).get(tileColumn).set(tileRow);
      scope.loop({ from: rows.from, to: rows.to, step: rowPanel }, () => {
        const { code } = scope;
        for (const argument of [row, column, tileRow, depth, stride, adds]) code.get(argument);
        code.op("call", kernel);
        code.get(row).get(rows.panelBytes).op("i32.add").set(row);
        code.get(tileRow).i32(rowPanel * this.#stride).op("i32.add").set(tileRow);
      });
      scope.code.get(column).get(columns.panelBytes).op("i32.add").set(column);
      scope.code.get(tileColumn).i32(4 * columnPanel).op("i32.add").set(tileColumn);
    });
  }

  /** Calls the machine code for all panels of the tile. */
  #multiplyNatively({ tile: { rows, columns, results }, depth, adds }: Operands): void {
    const { scope, plan: { kernel, schedule } } = this;
    const { code } = scope;
    const places = workspaceOf(schedule);
    const at = (offset: number): Local => scope.op("i32.add", [this.#workspace, scope.i32(offset)]);
    const record = at(places.operands);
    const { scattered } = schedule;
    const values: Readonly<Record<keyof typeof operands, Local>> = {
      rows: rows.panels,
      columns: scattered ? at(places.vectors) : columns.panels,
      tile: results,
      depth,
      stride: scope.i32(this.#stride),
      adds,
      rowCount: scope.op("i32.sub", [rows.to, rows.from]),
      columnCount: this.#tileColumn(scope.op("i32.sub", [columns.to, columns.from])),
      rowPanelBytes: rows.panelBytes,
      columnPanelBytes: scattered ? scope.i32(4 * schedule.columns.panel / PIECE) : columns.panelBytes,
      distances: scattered ? at(places.distances) : scope.i32(0),
    };
    const names = Object.keys(operands) as (keyof typeof operands)[];
    for (const name of names) code.get(record).get(values[name]).op("i32.store", operands[name]);
    code.get(record).op("call", kernel);
  }

  /** The column of the tile that holds a point, if that is the first one of a row and counts from the tile's first one. */
  #tileColumn(point: Local): Local {
    const { scope } = this;
    const { columns: { variables }, scattered } = this.#schedule;
    if (!scattered || this.#isDense) return point;
    const [row] = divide(scope, point, variables.at(-1)!.extent);
    return scope.op("i32.mul", [row, scope.i32(scattered.width)]);
  }

  /** Whether successive points are next to each other in the tile. */
  get #isDense(): boolean {
    const { columns: { variables }, scattered } = this.#schedule;
    return !scattered || scattered.width === variables.at(-1)!.extent;
  }

  /** Writes the phases after the product, for each value of the tile. */
  #finish({ rows, columns, results }: Tile): void {
    const { scope, nest } = this;
    const { variables } = this.#schedule.columns;
    const merged = this.#isDense ? mergeableTail(variables, expressionsOf(laterPhases(nest))) : 1;
    const outer = variables.slice(0, variables.length - merged);
    const inner = variables.slice(variables.length - merged);
    const extent = pointsOf(inner);
    const aligned = outer.length === 0 || extent % LANES === 0;
    scope.loop({ from: rows.from, to: rows.to, step: 1 }, (row) => {
      decode(scope, this.#schedule.rows.variables, row);
      const distance = scope.op("i32.sub", [row, rows.from]);
      const tileRow = scope.op("i32.add", [results, scope.op("i32.mul", [distance, scope.i32(this.#stride)])]);
      inner.slice(0, -1).forEach((variable) => scope.bind(variable, scope.i32(0)));
      this.#runs({ outer, extent }, columns, ({ skipped, ...run }) => {
        const start = scope.op("i32.sub", [tileRow, scope.op("i32.shl", [skipped, scope.i32(2)])]);
        this.#store(inner.at(-1)!, start, { ...run, aligned });
      });
    });
  }

  /**
   * Cuts the block's columns into runs along the last variable, of at most `extent` points. `body` gets the range of a
   * run, and the number to subtract from its points to get columns of the tile.
   */
  #runs(
    { outer, extent }: { readonly outer: readonly Variable[]; readonly extent: number },
    columns: Run,
    body: (run: Run & { readonly skipped: Local }) => void,
  ): void {
    const { scope } = this;
    if (outer.length === 0) return body({ from: columns.from, to: columns.to, skipped: columns.from });
    const [first] = divide(scope, columns.from, extent);
    const [past] = divide(scope, scope.op("i32.add", [columns.to, scope.i32(extent - 1)]), extent);
    scope.loop({ from: first, to: past, step: 1 }, (segment) => {
      decode(scope, outer, segment);
      const begin = scope.op("i32.mul", [segment, scope.i32(extent)]);
      const from = greatest(scope, scope.op("i32.sub", [columns.from, begin]), scope.i32(0));
      const to = least(scope, scope.op("i32.sub", [columns.to, begin]), scope.i32(extent));
      if (this.#isDense) return body({ from, to, skipped: scope.op("i32.sub", [columns.from, begin]) });
      const column = this.#tileColumn(scope.op("i32.sub", [begin, columns.from]));
      body({ from, to, skipped: scope.op("i32.sub", [scope.i32(0), column]) });
    });
  }

  /** Writes the stores of a run along `variable`, whose results are in the tile at `tileStart`. */
  #store(variable: Variable, tileStart: Local, run: Run & { readonly aligned: boolean }): void {
    const { scope, nest } = this;
    const [product, ...later] = nest.phases;
    vectorLoops(scope, { variable, ...run, copies: 1, blocks: 1 }, (vector) => {
      const offset = scope.op("i32.shl", [scope.variable(variable), scope.i32(2)]);
      const address = scope.op("i32.add", [tileStart, offset]);
      scope.bindResult(product.reductions[0].id, [scope.op(vector ? "v128.load" : "v128.load32_splat", [address])]);
      for (const { stores } of later) writeStores(this.#expressions, stores);
    });
  }
}
