/**
 * Reads the tensors of a network from any file that has them: a model, parameters, or a safetensors file of another
 * program.
 *
 * @module
 */

import type { ByteSource } from "./byte_source.ts";
import { isModelFormat, modelFrom } from "./container.ts";
import { checkParameters } from "./parameters.ts";
import { readSafetensors, type TensorEntries } from "./safetensors.ts";
import { readSafetensorsHeader } from "./safetensors_header.ts";

/**
 * The parameters and the state of the layers in a file, by layer and name: of a model those that it predicts with.
 *
 * @throws {FileFormatError} if it is damaged, of another kind, or of a later version.
 */
export function layerTensorsFrom(source: ByteSource): TensorEntries {
  if (isModelFormat(readSafetensorsHeader(source).metadata)) {
    const { params = {}, state = {} } = modelFrom(source).groups;
    return { ...params, ...state };
  }
  const { tensors, metadata } = readSafetensors(source);
  checkParameters(metadata, source.file);
  return tensors;
}
