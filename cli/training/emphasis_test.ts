import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";

const base = ["logistic_regression", "--data", "digits", "--train-size", "60", "--epochs", "2"];

/** The training losses of the epochs of a command line. */
async function losses(...args: string[]): Promise<number[]> {
  const { code, out, err } = await run("train", ...base, "--json", "--quiet", ...args);
  assertEquals(code, 0, err);
  return out.split("\n").map((line) => JSON.parse(line)).filter(({ event }) => event === "epoch")
    .map(({ trainLoss }) => trainLoss);
}

Deno.test("class weights and label smoothing change the loss of a training, and equal weights do not", async () => {
  const plain = await losses();
  assertEquals(await losses("--class-weights", "1,1,1,1,1,1,1,1,1,1"), plain);
  assert((await losses("--class-weights", "9,1,1,1,1,1,1,1,1,1"))[1] !== plain[1]);
  assert((await losses("--class-weights", "balanced"))[1] !== plain[1]);
  assert((await losses("--label-smoothing", "0.3"))[1] > plain[1]);
});

Deno.test("a search trains with class weights and label smoothing, which its journal has", async () => {
  await inFolder(async (folder) => {
    const journal = `${folder}/search.jsonl`;
    const args = ["search", ...base, "--set", "learningRate=0.01,0.1", "--quiet", "--journal", journal];
    const emphasis = ["--class-weights", "balanced", "--label-smoothing", "0.2"];
    assertEquals((await run(...args, ...emphasis)).code, 0);
    const [first] = (await Deno.readTextFile(journal)).split("\n");
    const { train } = JSON.parse(first).definition ?? JSON.parse(first);
    assertEquals([train.classWeights, train.labelSmoothing], ["balanced", 0.2]);
    const other = await run(...args);
    assertEquals(other.code, 3);
    assertStringIncludes(other.err, "train.classWeights");
  });
});

Deno.test("weights that are none, or not as many as classes, are refused", async () => {
  const refuse = async (code: number, text: string, ...args: string[]) => {
    const found = await run("train", ...base, ...args);
    assertEquals(found.code, code);
    assertStringIncludes(found.err, text);
  };
  await refuse(
    2,
    'option --class-weights cannot be heavy: expected "balanced", or a list of weights',
    "--class-weights",
    "heavy",
  );
  await refuse(3, "expected one for each of 10 classes, the outputs of the network, got 2", "--class-weights", "1,2");
  await refuse(2, "option --label-smoothing cannot be 2", "--label-smoothing", "2");
});
