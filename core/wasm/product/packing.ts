/**
 * Packs blocks of a product's two sides into panels. A panel holds, for each depth, the values of its points.
 *
 * @module
 */

import { coefficientOf } from "../../nest/strides.ts";
import type { ExpressionWriter } from "../write/expressions.ts";
import { hasChunks, packChunks } from "./chunk_packing.ts";
import { isAlongDepth, writeGeneralPacking } from "./general_packing.ts";
import { type PackedSource, packedSourceOf } from "../schedule/packed_source.ts";
import { type Packing, PanelWriter } from "./panel_writer.ts";
import { hasDepthRuns, packDepthRuns, packPoints } from "./point_packing.ts";
import { hasRuns, packRuns } from "./run_packing.ts";

/** Writes the packing of a block. Values of panels past the block's end may be anything. */
export function writePacking(writer: ExpressionWriter, packing: Packing): void {
  const panels = new PanelWriter(writer, packing);
  const source = packedSourceOf(packing.side.value, [...packing.side.variables, ...panels.depth]);
  const alongDepth = isAlongDepth(packing);
  if (!source || !alongDepth && isPlainRow(panels, source)) writeGeneralPacking(writer, packing);
  else if (alongDepth && hasDepthRuns(panels, source)) packDepthRuns(panels, source);
  else if (hasChunks(panels, source)) packChunks(panels, source);
  else if (hasRuns(panels, source)) packRuns(panels, source);
  else if (source.conditions.length === 0) packPoints(panels, source);
  else writeGeneralPacking(writer, packing);
}

/** Whether all points of a side are next to each other, so that whole rows of a matrix are read in order. */
function isPlainRow({ side: { variables } }: PanelWriter, { index, conditions }: PackedSource): boolean {
  return variables.length === 1 && coefficientOf(index, variables[0]) === 1 && conditions.length === 0;
}
