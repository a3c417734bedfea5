import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";

const model = join("tests", "formats", "run_1");

/** The names in a folder, sorted. */
const namesIn = (folder: string): string[] => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

Deno.test("a model is exported as a folder, or by the extension of the target, whose path is printed", async () => {
  await inFolder(async (folder) => {
    const hub = join(folder, "hub");
    for (const target of [hub, `${hub}/`, join(folder, "a.yp"), join(folder, "a.yc"), join(folder, "b.yc/")]) {
      const { code, out, err } = await run("export", model, target);
      assertEquals([code, out, err], [0, target, ""]);
    }
    assertEquals(namesIn(folder), ["a.yc", "a.yp", "b.yc", "hub"]);
    assertEquals(namesIn(hub), ["README.md", "config.json", "model.safetensors"]);
    assertEquals(namesIn(join(folder, "b.yc")), namesIn(hub));
    const { out } = await run("export", model, hub, "--json");
    assertEquals(JSON.parse(out), { event: "exported", version: 1, network: "lenet5", target: hub });
  });
});

Deno.test("the card has the given summary and license, and is kept if it was edited", async () => {
  await inFolder(async (folder) => {
    const card = join(folder, "README.md");
    assertEquals((await run("export", model, folder, "--summary", "Reads digits.", "--license", "mit")).err, "");
    const text = Deno.readTextFileSync(card);
    assertStringIncludes(text, "\nReads digits.\n");
    assertStringIncludes(text, 'license: "mit"\n');
    Deno.writeTextFileSync(card, "My own words.");
    const { code, err } = await run("export", model, folder);
    assertEquals([code, err], [
      0,
      `The model card ${card} was edited and is kept; remove it to write a new one\n`,
    ]);
    assertEquals(Deno.readTextFileSync(card), "My own words.");
  });
});

Deno.test("wrong targets are refused before anything is read or written", async () => {
  await inFolder(async (folder) => {
    const refuse = async (message: string, ...args: string[]): Promise<void> => {
      const { code, err } = await run("export", ...args);
      assertEquals([code, err.split("\n")[0]], [2, `error: ${message}`]);
    };
    for (const words of [[], [model], [model, "a", "b"]]) {
      await refuse("expected a saved model and a target: export MODEL TARGET", ...words);
    }
    await refuse('expected a target, got ""', model, "");
    const other = "(folder names have no extension): did you mean yp?";
    await refuse(`cannot export to ${join(folder, "a.yq")} ${other}`, model, join(folder, "a.yq"));
    for (const option of ["summary", "license"]) {
      const message = `option --${option} needs a folder as the target, which has a model card`;
      await refuse(message, model, join(folder, "a.yc"), `--${option}=mit`);
    }
    const foreign = join(folder, "config.json");
    Deno.writeTextFileSync(foreign, "{}");
    await refuse(
      `cannot export to ${folder}: ${foreign} is not of an exported model, and would be lost; choose another folder, ` +
        "or remove the file",
      ...[model, folder],
    );
    assertEquals(namesIn(folder), ["config.json"]);
  });
});
