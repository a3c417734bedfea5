import { assertEquals } from "@std/assert";
import { LAYER_OPTIONS_PAGE, layerOptionsPage } from "../../scripts/layer_options.ts";
import { root } from "./pages.ts";

/** A text without the alignment of tables and the ends of lines. */
function words(text: string): string[] {
  return text.replaceAll(/-+/g, "-").split(/\s+/);
}

Deno.test("the page of layer options is what scripts/layer_options.ts writes", async () => {
  assertEquals(words(await Deno.readTextFile(root + LAYER_OPTIONS_PAGE)), words(layerOptionsPage()));
});
