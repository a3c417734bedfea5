/**
 * Packs any expressions: four points or four depths at a time where they are in one row, otherwise one by one.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import type { ExpressionWriter } from "../write/expressions.ts";
import { costAlong } from "../schedule/loop_schedule.ts";
import { countersOf, decode, divide, forEachPoint, vectorLoops } from "../write/iteration.ts";
import { LANES } from "../encode/lanes.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";
import type { Packing } from "./panel_writer.ts";
import { transpose } from "../scalar/shuffles.ts";

/** Writes the packing of a block. Values of panels past the block's end are left unchanged. */
export function writeGeneralPacking(writer: ExpressionWriter, packing: Packing): void {
  new Packer(writer, writer.scope, packing).write();
}

/** Whether reading four successive depths of a point is cheaper than reading four successive points. */
export function isAlongDepth({ side, schedule }: Packing): boolean {
  const depth = schedule.depthInner.at(-1) ?? schedule.depthSplit;
  const last = side.variables.at(-1);
  return !last || costAlong([side.value], depth) < costAlong([side.value], last);
}

/** The number of points that are packed together, in a vector. */
const GROUP = LANES;

/** The iterations of a loop. */
interface Range {
  readonly from: Local;
  readonly to: Local;
}

/** Writes the values of the block's points at a depth, or at four depths in lanes, to an address. */
type DepthBody = (at: Local, vector: boolean) => void;

class Packer {
  /** Whether four depths are loaded at a time, instead of four points of the side. */
  readonly #alongDepth: boolean;

  constructor(readonly writer: ExpressionWriter, readonly scope: CodeScope, readonly packing: Packing) {
    this.#alongDepth = isAlongDepth(packing);
  }

  write(): void {
    const { packing: { side, from, target } } = this;
    if (this.#alongDepth || side.variables.length !== 1) this.#panels(from, this.#pointer(target.panels));
    else this.#wholePanels();
  }

  /**
   * Packs the full panels depth by depth, so that memory is read in order: going down four columns of a large matrix,
   * each row would be on another page. The remaining panels come after.
   */
  #wholePanels(): void {
    const { scope, packing: { side, from, to, target: { panels, panelBytes } } } = this;
    const [count] = divide(scope, scope.op("i32.sub", [to, from]), side.panel);
    const end = scope.op("i32.add", [from, scope.op("i32.mul", [count, scope.i32(side.panel)])]);
    this.#eachDepth(panels, (at) => {
      const panel = this.#pointer(at);
      scope.loop({ from, to: end, step: side.panel }, (first) => {
        const vectors = Math.floor(side.panel / GROUP);
        for (let one = 0; one < vectors; one++) this.#across({ first, panel }, GROUP * one);
        for (let one = GROUP * vectors; one < side.panel; one++) this.#across({ first, panel }, one);
        scope.code.get(panel).get(panelBytes).op("i32.add").set(panel);
      });
    });
    const packed = scope.op("i32.mul", [count, panelBytes]);
    this.#panels(end, this.#pointer(scope.op("i32.add", [panels, packed])));
  }

  /** Packs a vector of the panel that starts with the point `first` at one depth, or one of its last values. */
  #across({ first, panel }: { readonly first: Local; readonly panel: Local }, offset: number): void {
    const { scope, writer, packing: { side: { panel: points, value: element, variables: [variable] } } } = this;
    scope.deeper(() => {
      const point = offset ? scope.op("i32.add", [first, scope.i32(offset)]) : first;
      const vector = offset % GROUP === 0 && offset + GROUP <= points;
      if (vector) scope.spread(variable, [point], this.#isAligned());
      else scope.bind(variable, point);
      const value = writer.vector(element);
      if (vector) this.#storeLanes(panel, value, 4 * offset);
      else this.#storeLane(panel, value, { offset: 4 * offset });
    }, (code) => scope.code.append(code));
  }

  /** Packs panel by panel, from the point `from` on. */
  #panels(from: Local, panel: Local): void {
    const { scope, packing: { side, to, target: { panelBytes } } } = this;
    scope.loop({ from, to, step: side.panel }, (first) => {
      for (let offset = 0; offset < side.panel; offset += GROUP) {
        const size = Math.min(GROUP, side.panel - offset);
        const point = offset ? scope.op("i32.add", [first, scope.i32(offset)]) : first;
        const at = offset ? scope.op("i32.add", [panel, scope.i32(4 * offset)]) : panel;
        this.#group(point, at, size);
      }
      scope.code.get(panel).get(panelBytes).op("i32.add").set(panel);
    });
  }

  /** Packs `size` points from `point` on. The value of the first one at depth 0 goes to `target`. */
  #group(point: Local, target: Local, size: number): void {
    const { scope, packing: { to } } = this;
    const singles = (): void => {
      const past = scope.op("i32.add", [point, scope.i32(size)]);
      const end = scope.op("select", [past, to, scope.op("i32.lt_s", [past, to])]);
      scope.loop({ from: point, to: end, step: 1 }, (one) => {
        const distance = scope.op("i32.sub", [one, point]);
        const at = scope.op("i32.add", [target, scope.op("i32.shl", [distance, scope.i32(2)])]);
        this.#single(one, at);
      });
    };
    if (size < GROUP) return singles();
    const whole = this.#isWhole(point);
    scope.when(whole, () => this.#alongDepth ? this.#transposed(point, target) : this.#parallel(point, target));
    scope.when(scope.op("i32.eqz", [whole]), singles);
  }

  /** Whether four points from `point` on are in the block and, if they are loaded together, in one row. */
  #isWhole(point: Local): Local {
    const { scope, packing: { side, to } } = this;
    const inside = scope.op("i32.le_s", [scope.op("i32.add", [point, scope.i32(GROUP)]), to]);
    const last = side.variables.at(-1);
    if (this.#alongDepth || side.variables.length === 1 || this.#isAligned()) return inside;
    const column = scope.op("i32.rem_u", [point, scope.i32(last!.extent)]);
    return scope.op("i32.and", [inside, scope.op("i32.le_s", [column, scope.i32(last!.extent - GROUP)])]);
  }

  /** Packs four points at a time, depth by depth. */
  #parallel(point: Local, target: Local): void {
    const { scope, packing: { side } } = this;
    const counters = countersOf(scope, side.variables, point);
    counters.slice(0, -1).forEach((counter, i) => scope.bind(side.variables[i], counter));
    scope.spread(side.variables.at(-1)!, [counters.at(-1)!], this.#isAligned());
    this.#eachDepth(target, (at) => {
      this.#storeLanes(at, this.writer.vector(side.value));
    });
  }

  /** Whether groups of points start at multiples of 4 of the last variable. */
  #isAligned(): boolean {
    const { panel, variables } = this.packing.side;
    return panel % GROUP === 0 && (variables.length === 1 || variables.at(-1)!.extent % GROUP === 0);
  }

  #isDepthAligned(variable: Variable): boolean {
    const { depthSplit, depthBlock } = this.packing.schedule;
    return variable !== depthSplit || depthBlock % GROUP === 0 || depthBlock === variable.extent;
  }

  /** Packs four depths of four points at a time. */
  #transposed(point: Local, target: Local): void {
    const { scope, writer, packing: { side } } = this;
    const points = [0, 1, 2, 3].map((i) => i ? scope.op("i32.add", [point, scope.i32(i)]) : point);
    const counters = points.map((one) => countersOf(scope, side.variables, one));
    side.variables.forEach((variable, i) => scope.bind(variable, ...counters.map((of) => of[i])));
    scope.replicate(GROUP);
    const values = (): Local[] => {
      const lanes: Local[] = [];
      scope.eachCopy(() => lanes.push(writer.vector(side.value)));
      return lanes;
    };
    this.#alongLastDepth(target, GROUP, (at, vector) => {
      if (vector) transpose(scope, values()).forEach((local, i) => this.#storeLanes(at, local, 4 * side.panel * i));
      else values().forEach((local, i) => this.#storeLane(at, local, { offset: 4 * i }));
    });
  }

  #single(point: Local, target: Local): void {
    const { scope, writer, packing: { side } } = this;
    decode(scope, side.variables, point);
    if (this.#alongDepth) {
      this.#alongLastDepth(target, 1, (at, vector) => {
        const value = writer.vector(side.value);
        for (let lane = 0; lane < (vector ? GROUP : 1); lane++) {
          this.#storeLane(at, value, { lane, offset: 4 * side.panel * lane });
        }
      });
    } else {
      this.#eachDepth(target, (at) => {
        this.#storeLane(at, writer.vector(side.value));
      });
    }
  }

  /** Writes `body` for each depth of the block, with the address of its values. */
  #eachDepth(target: Local, body: (at: Local) => void): void {
    const { scope, packing: { schedule, side, depthFrom, depthTo } } = this;
    const at = this.#pointer(target);
    scope.loop({ from: depthFrom, to: depthTo, step: 1 }, (counter) => {
      scope.bind(schedule.depthSplit, counter);
      forEachPoint(scope, schedule.depthInner, () => {
        body(at);
        this.#advance(at, side.panel);
      });
    });
  }

  /** As `#eachDepth`, with four depths in lanes along the last loop as far as possible, in `points` copies. */
  #alongLastDepth(target: Local, points: number, body: DepthBody): void {
    const { scope, packing: { schedule, side, depthFrom, depthTo } } = this;
    const at = this.#pointer(target);
    const loops = [schedule.depthSplit, ...schedule.depthInner];
    const last = loops.pop()!;
    const along = (range: Range): void => {
      this.#lanes(last, { ...range, points }, (vector) => {
        body(at, vector);
        this.#advance(at, (vector ? GROUP : 1) * side.panel);
      });
    };
    if (loops.length === 0) return along({ from: depthFrom, to: depthTo });
    const [split, ...between] = loops;
    scope.loop({ from: depthFrom, to: depthTo, step: 1 }, (counter) => {
      scope.bind(split, counter);
      // The body is long, so these loops are not unrolled.
      const rangeOf = ({ extent }: Variable): Range => ({ from: scope.i32(0), to: scope.i32(extent) });
      forEachPoint(scope, between, () => along(rangeOf(last)), { rangeOf });
    });
  }

  #lanes(
    variable: Variable,
    { from, to, points }: Range & { readonly points: number },
    body: (vector: boolean) => void,
  ): void {
    const { scope } = this;
    const aligned = this.#isDepthAligned(variable);
    if (points === 1) {
      return vectorLoops(scope, { variable, from, to, copies: 1, blocks: 1, aligned }, body);
    }
    const end = scope.op("i32.sub", [to, scope.i32(GROUP - 1)]);
    const rest = scope.loop({ from, to: end, step: GROUP }, (counter) => {
      scope.spread(variable, new Array<Local>(points).fill(counter), aligned);
      body(true);
    });
    scope.loop({ from: rest, to, step: 1 }, (counter) => {
      scope.bind(variable, counter);
      body(false);
    });
  }

  /** Stores four values, `offset` bytes after an address. */
  #storeLanes(at: Local, value: Local, offset = 0): void {
    this.scope.code.get(at).get(value).op("v128.store", offset);
  }

  /** Stores one lane of four, `offset` bytes after an address. */
  #storeLane(at: Local, value: Local, { lane = 0, offset = 0 } = {}): void {
    this.scope.code.get(at).get(value).op("v128.store32_lane", lane, offset);
  }

  #pointer(target: Local): Local {
    const at = this.scope.local("i32");
    this.scope.code.get(target).set(at);
    return at;
  }

  #advance(at: Local, values: number): void {
    this.scope.code.get(at).i32(4 * values).op("i32.add").set(at);
  }
}
