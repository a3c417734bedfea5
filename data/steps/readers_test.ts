import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { anyPreprocessing } from "./any_preprocessing.ts";
import { provideReaders } from "./provide_readers.ts";

Deno.test("preprocessings are read by their kinds, and unknown kinds are refused with the nearest one", () => {
  provideReaders();
  const images = {
    kind: "images",
    size: [2, 2],
    channels: 1,
    fit: "stretch",
    background: "white",
    classes: ["a", "b"],
  };
  const scaling = { kind: "normalize", min: [0], max: [1] };
  for (const given of [images, scaling]) {
    const { configuration }: { configuration: unknown } = anyPreprocessing(given);
    assertEquals(configuration, given);
  }
  assertThrows(
    () => anyPreprocessing({ kind: "tables" }),
    TypeError,
    'Cannot read a preprocessing of kind "tables": did you mean table?',
  );
  assertThrows(() => anyPreprocessing({}), TypeError, "expected one of table, images, normalize, standardize");
});

Deno.test("a program without tables does not load what only they need, and says how to contain it", async () => {
  const module = new URL("any_preprocessing.ts", import.meta.url);
  const program = `const { anyPreprocessing } = await import("${module}");
    try { anyPreprocessing({ kind: "table" }); } catch (error) { console.log(error.message); }`;
  const args = ["eval", `--config=${fromFileUrl(new URL("../../deno.json", import.meta.url))}`, program];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    'Cannot read a preprocessing of kind "table": this bundle does not contain its reader; use loadModel or tableData ' +
      "somewhere in the program\n",
  );
});
