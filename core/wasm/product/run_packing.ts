/**
 * Packs a side whose successive points are next to each other in memory, or every second one, row by row: each vector
 * of a panel is read from its row at once. Where a vector reaches over the end of a row, a second one is read from the
 * next row.
 *
 * @module
 */

import { dependsOn, type Expression, type Variable } from "../../nest/expression.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import type { Local } from "../scalar/code_scope.ts";
import { countersOf } from "../write/iteration.ts";
import { isReadAtOnce, type PackedSource } from "../schedule/packed_source.ts";
import { type PanelWriter, readLanes } from "./panel_writer.ts";

/** Whether the points of a side can be packed along its last variable. */
export function hasRuns({ side }: PanelWriter, source: PackedSource): boolean {
  const last = side.variables.at(-1);
  return last !== undefined && last.extent >= LANES && isReadAtOnce(source, last);
}

/** Packs panels of runs. */
export function packRuns(panels: PanelWriter, source: PackedSource): void {
  new RunPacker(panels, source).write();
}

/** The copies of the code for a panel's vectors: those of a second row come after all those of the first. */
interface Vectors {
  /** The number of vectors of a panel. */
  readonly count: number;
  /** For each vector, the lanes that belong to the first row; absent if all do. */
  readonly inFirstRow: readonly Local[];
}

class RunPacker {
  readonly #last: Variable;
  readonly #stride: number;

  constructor(readonly panels: PanelWriter, readonly source: PackedSource) {
    this.#last = panels.side.variables.at(-1)!;
    this.#stride = coefficientOf(source.index, this.#last);
  }

  write(): void {
    const { panels, source: { table } } = this;
    const { side: { panel: points } } = panels;
    const backward = this.#stride < 0 ? this.#stride * (LANES - 1) : 0;
    const { taps, index, around } = panels.tapsOf(table, table.affine([[this.source.index, 1]], backward));
    panels.eachPanel((first, panel) => {
      const vectors = this.#bindVectors(first);
      const at = panels.pointer(panel);
      panels.eachDepth(around, () => {
        const read = this.#reader(index);
        taps.forEach(({ substitute, offset }, tap) => {
          const conditions = this.source.conditions.map(({ holds }) => substitute(holds));
          const values = this.#joined(read(conditions, offset), vectors);
          values.forEach((value, i) => {
            const lanes = Math.min(LANES, points - LANES * i);
            panels.storePoints(value, { at, offset: panels.stride * tap + 16 * i, lanes });
          });
        });
        panels.advance(at, panels.stride * taps.length);
      });
    });
  }

  /** Binds the side's variables to the points of the panel's vectors. */
  #bindVectors(first: Local): Vectors {
    const { scope, side: { variables, panel } } = this.panels;
    const { extent } = this.#last;
    const distances = Array.from({ length: Math.ceil(panel / LANES) }, (_, i) => LANES * i);
    const count = distances.length;
    if (extent % panel === 0) {
      const counters = countersOf(scope, variables, first);
      variables.slice(0, -1).forEach((variable, i) => scope.bind(variable, counters[i]));
      const column = counters.at(-1)!;
      const starts = distances.map((distance) =>
        distance ? scope.op("i32.add", [column, scope.i32(distance)]) : column
      );
      scope.spread(this.#last, starts);
      return { count, inFirstRow: [] };
    }
    const points = this.panels.pointsFrom(first, distances);
    const crosses = variables.length > 1 && (extent % LANES !== 0 || panel % LANES !== 0);
    if (!crosses) {
      this.#bindRows(points.map((point) => countersOf(scope, variables, point)));
      return { count, inFirstRow: [] };
    }
    const rows = points.map((point) => this.#twoRows(point));
    this.#bindRows([...rows.map(({ counters }) => counters), ...rows.map(({ next }) => next)]);
    return { count, inFirstRow: rows.map(({ inFirstRow }) => inFirstRow) };
  }

  /** The counters of a vector from `point` on, and those of a vector of the next row for the lanes past the end. */
  #twoRows(point: Local): { readonly counters: Local[]; readonly next: Local[]; readonly inFirstRow: Local } {
    const { scope, side: { variables, points } } = this.panels;
    const counters = countersOf(scope, variables, point);
    const column = counters.at(-1)!;
    const left = scope.op("i32.sub", [scope.i32(this.#last.extent), column]);
    const nextRow = scope.op("i32.add", [point, left]);
    const crosses = scope.op("i32.and", [
      scope.op("i32.lt_s", [left, scope.i32(LANES)]),
      scope.op("i32.lt_s", [nextRow, scope.i32(points)]),
    ]);
    const next = countersOf(scope, variables, scope.op("select", [nextRow, point, crosses]));
    next[next.length - 1] = scope.op("select", [scope.op("i32.sub", [scope.i32(0), left]), column, crosses]);
    const inFirstRow = scope.op("i32x4.lt_s", [scope.i32x4(0, 1, 2, 3), scope.op("i32x4.splat", [left])]);
    return { counters, next, inFirstRow };
  }

  #bindRows(counters: readonly (readonly Local[])[]): void {
    const { scope, side: { variables } } = this.panels;
    variables.slice(0, -1).forEach((variable, i) => scope.bind(variable, ...counters.map((of) => of[i])));
    const starts = counters.map((of) => of.at(-1)!);
    scope.spread(this.#last, starts);
  }

  /** Reads all copies of the vectors at `index` and some bytes after it, where the conditions hold. */
  #reader(index: Expression): (conditions: readonly Expression[], offset: number) => Local[] {
    const { panels: { scope, writer }, source: { table, slot } } = this;
    const all = (parts: readonly Expression[]): Expression | undefined =>
      parts.filter((part) => part.kind !== "literal" || !part.value)
        .reduce<Expression | undefined>((sum, part) => table.both(sum, part), undefined);
    const safe = new Map<Expression | undefined, Local[]>();
    const addresses = (row: Expression | undefined): Local[] => {
      let known = safe.get(row);
      if (known) return known;
      const made: Local[] = known = [];
      scope.eachCopy(() => {
        const address = writer.address(slot, index);
        made.push(row ? scope.op("select", [address, writer.slots[slot], writer.scalar(row)]) : address);
      });
      safe.set(row, known);
      return known;
    };
    return (conditions, offset) => {
      const row = all(conditions.filter((one) => !dependsOn(one, this.#last)));
      const lanes = all(conditions.filter((one) => dependsOn(one, this.#last)));
      const from = addresses(row);
      const values: Local[] = [];
      scope.eachCopy((copy) => {
        const loaded = readLanes(scope, this.#stride, { address: from[copy], offset });
        const masks = [row, lanes].filter((mask) => mask !== undefined).map((mask) => writer.vector(mask));
        values.push(masks.reduce((value, mask) => scope.op("v128.and", [value, mask]), loaded));
      });
      return values;
    };
  }

  /** One vector for each of a panel, of the lanes of the first and the second row. */
  #joined(copies: readonly Local[], { count, inFirstRow }: Vectors): Local[] {
    const { scope } = this.panels;
    return copies.slice(0, count).map((value, i) =>
      inFirstRow.length === 0 ? value : scope.op("v128.bitselect", [value, copies[count + i], inFirstRow[i]])
    );
  }
}
