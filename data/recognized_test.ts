import { assert, assertEquals } from "@std/assert";
import { ImagePreprocessing } from "./images/image_preprocessing.ts";
import { isOfImages, isOfTables, isTable } from "./recognized.ts";
import { fitPreprocessing } from "./steps/fit_preprocessing.ts";
import { tableOf } from "./table/table_of.ts";

Deno.test("tables and preprocessings are recognized without their classes, and imitations are not", () => {
  const table = tableOf([{ a: 1, b: "x" }, { a: 2, b: "y" }]);
  const tables = fitPreprocessing(table, { targets: "b" });
  const images = new ImagePreprocessing({
    ...{ size: [2, 2], channels: 1, fit: "stretch", background: "white", classes: ["a"] } as const,
  });
  const all: readonly unknown[] = [table, tables, images, table.take([0]), table.select(["a"])];
  assertEquals(all.map(isTable), [true, false, false, true, true]);
  assertEquals(all.map(isOfTables), [false, true, false, false, false]);
  assertEquals(all.map(isOfImages), [false, false, true, false, false]);
  for (const other of [undefined, null, 1, "table", [], { ...table }, { configuration: tables.configuration }]) {
    assert(!isTable(other) && !isOfTables(other) && !isOfImages(other));
  }
});
