import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type MicroKernelShape, NARROW } from "./micro_kernels.ts";
import { panelCost, type ProductSize, tileSizes } from "./tile_sizes.ts";

const size = (parts: Partial<ProductSize>): ProductSize => ({
  ...{ rows: 1000, columns: 1000, batch: 1, depth: 384, packedDepth: 384, tiles: 0 },
  ...parts,
});

const tilesOf = (kernel: MicroKernelShape, { rows, columns, batch, ...rest }: ProductSize): number => {
  const tile = tileSizes(kernel, { rows, columns, batch, ...rest });
  return batch * Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
};

const kernels: readonly MicroKernelShape[] = [NARROW, { columns: 16, depth: 384, rows: [{ panel: 6, cost: 1 }] }];

Deno.test("tiles consist of whole panels, and end at the product's last panel or before", () => {
  const points = fc.integer({ min: 3, max: 5000 });
  fc.assert(
    fc.property(points, points, fc.nat(100), fc.constantFrom(...kernels), (rows, columns, tiles, kernel) => {
      const tile = tileSizes(kernel, size({ rows, columns, tiles }));
      assertEquals([tile.rows % tile.panel, tile.columns % kernel.columns], [0, 0]);
      assert(kernel.rows.some(({ panel }) => panel === tile.panel));
      assert(tile.rows < rows + tile.panel && tile.columns < columns + kernel.columns);
    }),
    { seed: 2, numRuns: 500 },
  );
});

Deno.test("there are at least the wanted number of tiles, unless they would be too small to be worth it", () => {
  for (const tiles of [4, 16, 64]) assert(tilesOf(NARROW, size({ tiles, depth: 4000 })) >= tiles);
  const small = size({ rows: 40, columns: 40, tiles: 64 });
  assertEquals(tilesOf(NARROW, small), 1);
  const shallow = size({ rows: 400, columns: 400, depth: 5, packedDepth: 5, tiles: 64 });
  assertEquals(tilesOf(NARROW, shallow), 2);
});

Deno.test("without a wanted number, tiles are as large as the caches allow", () => {
  const tile = tileSizes(NARROW, size({ rows: 4000, columns: 4000 }));
  assertEquals([tile.rows, tile.columns], [200, 256]);
  // A flat product may have more rows in a tile, because their panels and the tile are small.
  assert(tileSizes(NARROW, size({ rows: 4000, columns: 16, packedDepth: 16 })).rows > 1000);
});

Deno.test("the panel that wastes least on the last rows is chosen", () => {
  assertEquals(tileSizes(NARROW, size({ rows: 8 })).panel, 4);
  assertEquals(tileSizes(NARROW, size({ rows: 10 })).panel, 5);
  assertEquals(panelCost(NARROW, 10, 8), 80);
  assert(panelCost(NARROW, 11, 8) > panelCost(NARROW, 10, 8));
});
