import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ImagePreprocessing, loadModel } from "../mod.ts";
import { jpegCases, pngFile, withImages } from "../data/images/test_images.ts";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("drawn pictures are told apart, as the example promises", async () => {
  await withImages({ "here/empty": "" }, async (folder) => {
    const printed = await runExample("photos", [], folder);
    const promised = wordsOf(await promisedOutput("photos"));
    assertEquals(wordsOf(printed).slice(0, 6), promised.slice(0, 6));
    const [, error] = /error ([\d.]+) %/.exec(printed) ?? [];
    assert(Number(error) < 15, printed);
    const { preprocessing } = loadModel(`${folder}/photos.ym`);
    assert(preprocessing instanceof ImagePreprocessing);
    assertEquals(preprocessing.classes, ["circle", "cross", "triangle"]);
  });
});

Deno.test("a folder of pictures of one's own is learned, broken ones are named, and another picture is predicted", async () => {
  const gray = (level: number) => pngFile(6, 1, Array<number>(48).fill(level));
  const files = Object.fromEntries(
    Array.from({ length: 14 }, (_, i) => [[`dark/${i}.png`, gray(10 + i)], [`light/${i}.png`, gray(220 + i)]]).flat(),
  );
  await withImages({ ...files, "light/broken.png": "", "light/a.jpg": jpegCases.gray.file }, async (folder) => {
    const printed = await runExample("photos", [folder, `${folder}/dark/3.png`], folder);
    assertStringIncludes(printed, "29 pictures: dark 14, light 15\n");
    assertStringIncludes(
      printed,
      `Cannot read ${folder}/light/broken.png: expected a PNG or JPEG file, got an empty file`,
    );
    assertStringIncludes(printed, "\ndark/3.png: dark (");
  });
});
