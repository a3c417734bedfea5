import { assert, assertEquals, assertThrows } from "@std/assert";
import { stackTiles, tile } from "./tiles.ts";

Deno.test("images are in rows with gray between them", () => {
  const { width, height, pixels } = tile([[0], [1], [0.2]], { shape: [1, 1], columns: 2, zoom: 1 });
  assertEquals([width, height], [5, 5]);
  assertEquals([...pixels.subarray(5, 10)], [128, 0, 128, 255, 128]);
  assertEquals([...pixels.subarray(15, 20)], [128, 51, 128, 128, 128]);
});

Deno.test("scaled images range from black to white, and uniform ones are gray", () => {
  const options = { shape: [2, 2], columns: 1, stretch: true, zoom: 1 } as const;
  const middle = (image: number[]) => [...tile([image], options).pixels.subarray(5, 7)];
  assertEquals(middle([-1, 3, 0, 0]), [0, 255]);
  assertEquals(middle([7, 7, 7, 7]), [128, 128]);
});

Deno.test("images may be wider than high, and values out of range are black or white", () => {
  const { width, height, pixels } = tile([[-1, 0.2, 2]], { shape: [1, 3], columns: 1, zoom: 1 });
  assertEquals([width, height], [5, 3]);
  assertEquals([...pixels.subarray(5, 10)], [128, 0, 51, 255, 128]);
});

Deno.test("zoomed images have each pixel several times, in its place", () => {
  const image = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((value) => value * 2 - 0.2);
  const shades = image.map((value) => Math.round(255 * Math.min(1, value)));
  for (const zoom of [1, 2, 3]) {
    const { width, height, pixels } = tile([image, image, image], { shape: [2, 3], columns: 2, zoom });
    assertEquals([width, height], [9 * zoom, 7 * zoom]);
    for (const [left, top] of [[1, 1], [5, 1], [1, 4]]) {
      for (let y = 0; y < 2 * zoom; y++) {
        const row = pixels.subarray((top * zoom + y) * width + left * zoom).subarray(0, 3 * zoom);
        const wanted = Array.from(row, (_, x) => shades[Math.floor(y / zoom) * 3 + Math.floor(x / zoom)]);
        assertEquals([...row], wanted);
      }
    }
  }
});

Deno.test("what is between images is the same whatever they contain", () => {
  for (const zoom of [1, 2, 3]) {
    for (const stretch of [true, false]) {
      const options = { shape: [2, 3], columns: 2, zoom, stretch } as const;
      const [dark, light] = [[0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1]].map((image) => {
        const { width, height, pixels } = tile([image, image, image], options);
        const isBetween = (at: number, extent: number) => Math.floor(at / zoom) % (extent + 1) === 0;
        return Array.from({ length: width * height }, (_, i) => {
          const [y, x] = [Math.floor(i / width), i % width];
          return isBetween(x, 3) || isBetween(y, 2) ? pixels[i] : -1;
        });
      });
      assertEquals(dark, light, `${zoom}`);
      const shades = new Set(dark.filter((one) => one >= 0));
      assertEquals([...shades].sort((a, b) => a - b), zoom === 1 ? [128] : [32, 255], `${zoom}`);
    }
  }
});

Deno.test("only pictures of the same width are stacked", () => {
  const picture = (width: number) => ({ width, height: 1, pixels: new Uint8Array(width) });
  assertEquals(stackTiles(picture(2), picture(2)).height, 2);
  const [above, below] = [1, 2].map((value) => ({ width: 2, height: 1, pixels: new Uint8Array(2).fill(value) }));
  assertEquals([...stackTiles(above, below).pixels], [1, 1, 2, 2]);
  assertThrows(() => stackTiles(picture(2), picture(3)), RangeError, "2 and 3 wide");
});

Deno.test("zoomed images have a frame that differs from white, black and gray ones", () => {
  const images = [[1], [0], [0.5]];
  for (const zoom of [2, 3, 4]) {
    const { width, height, pixels } = tile(images, { shape: [1, 1], columns: 2, zoom });
    assertEquals([width, height], [5 * zoom, 5 * zoom]);
    const at = (x: number, y: number): number => pixels[y * width + x];
    for (let number = 0; number < 3; number++) {
      const [left, top] = [number % 2 * 2 * zoom + zoom, Math.floor(number / 2) * 2 * zoom + zoom];
      const image = at(left, top);
      // Some line of the gap on each side differs clearly from the image.
      for (const [dx, dy] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) {
        const lines = Array.from({ length: zoom }, (_, i) => {
          const [fromX, fromY] = [dx > 0 ? zoom - 1 : 0, dy > 0 ? zoom - 1 : 0];
          return at(left + fromX + dx * (i + 1), top + fromY + dy * (i + 1));
        });
        assert(lines.some((line) => Math.abs(line - image) > 90), `${zoom}: ${lines} around ${image}`);
      }
    }
  }
});

Deno.test("frames and gaps are drawn line by line at each zoom", () => {
  const drawn = (zoom: number): string[] => {
    const { width, height, pixels } = tile([[0.5], [1]], { shape: [1, 1], columns: 2, zoom });
    const signs = new Map([[32, "#"], [255, "."], [128, "o"]]);
    return Array.from(
      { length: height },
      (_, row) => Array.from(pixels.subarray(row * width, (row + 1) * width), (level) => signs.get(level)).join(""),
    );
  };
  assertEquals(drawn(2), ["##########", "..........", "#.oo#...#.", "#.oo#...#.", "##########", ".........."]);
  const [edge, gap] = ["#".repeat(15), ".".repeat(15)];
  const row = "#.#ooo#.#...#.#";
  assertEquals(drawn(3), [edge, gap, edge, row, row, row, edge, gap, edge]);
  const [wideEdge, wideGap] = ["#".repeat(20), ".".repeat(20)];
  const wide = "#..#oooo#..#....#..#";
  assertEquals(drawn(4), [
    ...[wideEdge, wideGap, wideGap, wideEdge, wide, wide, wide, wide, wideEdge, wideGap, wideGap, wideEdge],
  ]);
  const { pixels } = tile([[0]], { shape: [1, 1], columns: 1 });
  assertEquals([pixels.length, pixels[2 * 6 + 2], pixels[1 * 6 + 2]], [36, 0, 255]);
});
