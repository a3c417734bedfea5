/**
 * The process that the kill tests stop: saves a model of many tensors over the one that is there, or reads it.
 *
 * Arguments: the path of the file, and the number that all its elements get; without the number the file is read.
 *
 * @module
 */

import { type ModelFile, readModel, writeModel } from "./container.ts";

/** Tensors of the model; each of them is one write of the save, and the header another. */
export const TENSORS = 64;

/** A model in which every element is `mark`. */
export function markedModel(mark: number): ModelFile {
  const entries = Array.from({ length: TENSORS }, (_, i) => {
    const values = new Float32Array(1000 + i).fill(mark);
    return [`layer ${i}/W`, { dtype: "f32", shape: [values.length], values }] as const;
  });
  return { configuration: { mark }, state: { epoch: mark }, groups: { parameters: Object.fromEntries(entries) } };
}

if (import.meta.main) {
  const [path, mark] = Deno.args;
  if (mark === undefined) readModel(path);
  else writeModel(path, markedModel(Number(mark)));
}
