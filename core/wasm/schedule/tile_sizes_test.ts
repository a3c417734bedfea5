import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type MicroKernelShape, NARROW, WIDE } from "./micro_kernels.ts";
import { panelCost, type ProductSize, tileSizes } from "./tile_sizes.ts";

const size = (parts: Partial<ProductSize>): ProductSize => ({
  ...{ rows: 1000, columns: 1000, batch: 1, depth: 384, packedDepth: 384, tiles: 0 },
  ...parts,
});

const tilesOf = (kernel: MicroKernelShape, { rows, columns, batch, ...rest }: ProductSize): number => {
  const tile = tileSizes(kernel, { rows, columns, batch, ...rest });
  return batch * Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
};

Deno.test("tiles are whole panels, and reach no further than the last panel of the product", () => {
  const points = fc.integer({ min: 3, max: 5000 });
  fc.assert(
    fc.property(points, points, fc.nat(100), fc.constantFrom(NARROW, WIDE), (rows, columns, tiles, kernel) => {
      const tile = tileSizes(kernel, size({ rows, columns, tiles }));
      assertEquals([tile.rows % tile.panel, tile.columns % kernel.columns], [0, 0]);
      assert(kernel.rows.some(({ panel }) => panel === tile.panel));
      assert(tile.rows < rows + tile.panel && tile.columns < columns + kernel.columns);
    }),
    { seed: 2, numRuns: 500 },
  );
});

Deno.test("there are as many tiles as are wanted, unless they would be too small to be worth it", () => {
  for (const tiles of [4, 16, 64]) assert(tilesOf(NARROW, size({ tiles, depth: 4000 })) >= tiles);
  const small = size({ rows: 40, columns: 40, tiles: 64 });
  assertEquals(tilesOf(NARROW, small), 1);
  const shallow = size({ rows: 400, columns: 400, depth: 5, packedDepth: 5, tiles: 64 });
  assertEquals(tilesOf(NARROW, shallow), 2);
});

Deno.test("where no number of tiles is wanted they are as large as the caches allow", () => {
  const tile = tileSizes(NARROW, size({ rows: 4000, columns: 4000 }));
  assertEquals([tile.rows, tile.columns], [200, 256]);
  // A flat product has room for more rows, whose panels and tile are small.
  assert(tileSizes(NARROW, size({ rows: 4000, columns: 16, packedDepth: 16 })).rows > 1000);
});

Deno.test("of two panels the one that wastes less on the last rows is taken", () => {
  assertEquals(tileSizes(NARROW, size({ rows: 8 })).panel, 4);
  assertEquals(tileSizes(NARROW, size({ rows: 10 })).panel, 5);
  assertEquals(panelCost(NARROW, 10, 8), 80);
  assert(panelCost(NARROW, 11, 8) > panelCost(NARROW, 10, 8));
});
