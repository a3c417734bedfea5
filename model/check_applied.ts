/**
 * Whether a layer returns what it declares. Shapes are known while a function is traced, so compiled code has no checks.
 *
 * @module
 */

import { isRecord } from "./files/json.ts";
import { showValue } from "../core/options/show.ts";
import { showShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { titleOf } from "../layers/define_layer.ts";
import type { Applied, Layer } from "../layers/layer.ts";
import type { NamedLayer } from "./layer_list.ts";

/**
 * What a layer returned, if it fits what the layer declares.
 *
 * @param action what is tried, for the message: `apply network "mlp"`
 * @throws {TypeError} if the output is no tensor or has another shape, or if the state of the layer is missing.
 */
export function checkApplied(action: string, { name, layer }: NamedLayer, applied: unknown): Applied {
  const title = (): string => titleOf({ kind: layer.kind, name });
  if (!isApplied(applied)) {
    throw new TypeError(
      `Cannot ${action}: expected ${title()} to return { output, state } with a tensor as output, got ${
        showValue(applied)
      }`,
    );
  }
  if (fits(applied.output, layer)) return applied;
  throw new TypeError(
    `Cannot ${action}: expected ${title()} to return an output of the shape ${
      showShape(layer.outputShape)
    }, which it declares as outputShape, got ${showShape(applied.output.shape)}`,
  );
}

function isApplied(applied: unknown): applied is Applied {
  return isRecord(applied) && applied.output instanceof Tensor && isRecord(applied.state);
}

function fits({ shape }: Tensor, { outputShape }: Layer): boolean {
  return shape.length === outputShape.length &&
    outputShape.every((extent, axis) => extent === null || extent === shape[axis]);
}
