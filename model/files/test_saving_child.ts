/**
 * The process that the kill tests stop: it saves a model of many tensors over an existing one, or reads it.
 *
 * Arguments: the path of the file, the value of all its elements, and the number of tensors; without the value, the file
 * is read.
 *
 * @module
 */

import { type ModelFile, readModel, writeModel } from "./container.ts";

/** The number of tensors in the model by default; each of them is one write of the save, and the header is another. */
export const TENSORS = 12;

/** A model in which every element is `mark`. */
export function markedModel(mark: number, tensors: number = TENSORS): ModelFile {
  const entries = Array.from({ length: tensors }, (_, i) => {
    const values = new Float32Array(1000 + i).fill(mark);
    return [`layer ${i}/W`, { dtype: "f32", shape: [values.length], values }] as const;
  });
  return { configuration: { mark }, state: { epoch: mark }, groups: { parameters: Object.fromEntries(entries) } };
}

if (import.meta.main) {
  const [path, mark, tensors = TENSORS] = Deno.args;
  if (mark === undefined) readModel(path);
  else writeModel(path, markedModel(Number(mark), Number(tensors)));
}
