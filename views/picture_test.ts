import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "../model/files/errors.ts";
import { Picture } from "./picture.ts";

const dot = new Picture({ svg: "<svg/>", width: 1, height: 2, description: "a dot" });

Deno.test("notebooks get the SVG, and a sentence", () => {
  const bundle = Reflect.get(dot, Symbol.for("Jupyter.display")).call(dot);
  assertEquals(bundle, { "image/svg+xml": "<svg/>", "text/plain": "a dot" });
});

Deno.test("a picture is saved completely, and an old one is kept if that fails", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/dot.svg`;
  await Deno.writeTextFile(file, "old");
  await dot.save(file);
  assertEquals(await Deno.readTextFile(file), "<svg/>\n");
  await Deno.remove(folder, { recursive: true });
  await assertRejects(() => dot.save(file), FileError, "nothing was saved");
});
