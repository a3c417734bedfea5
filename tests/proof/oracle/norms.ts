/**
 * Norms of trees of tensors.
 *
 * @module
 */

import { globalNorm } from "../../../optim/clipping.ts";
import { plainSpecials } from "./draw.ts";
import type { Operation } from "./operation.ts";
import { elementsOf } from "./reductions.ts";

/** One entry per norm. */
export const norms: { readonly globalNorm: Operation } = {
  globalNorm: {
    bound: { ulp: 4, of: "√n · result", signedZeros: false },
    gradient: { ulp: 4, least: 1 },
    sample: (draw) => {
      const numbers = { style: draw.style(), exponents: [-120, 120], specials: plainSpecials } as const;
      const count = draw.whole(1, 3);
      return {
        inputs: Array.from({ length: count }, () => draw.value("f32", draw.shape({ most: 600 }), numbers)),
        apply: (...tensors) => globalNorm({ tensors }),
        expected: (...leaves) => {
          const squares = leaves.flatMap(({ values }) => [...values]).map((x) => x * x);
          const value = Math.sqrt(squares.reduce((a, b) => a + b, 0));
          return elementsOf("f32", [], () => ({ value, unit: value * Math.sqrt(Math.max(1, squares.length)) }));
        },
      };
    },
  },
};
