import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { testOnEveryDevice } from "../on_every_device.ts";
import { caseFolders, readCase } from "./case.ts";
import { runDirectory } from "./run.ts";

const folderOf = (selection: string): string => fromFileUrl(new URL(`./cases/${selection}`, import.meta.url));

for (const selection of ["onnx", "odd"]) {
  testOnEveryDevice(`every case of cases/${selection} has the expected result`, async () => {
    const lines: string[] = [];
    const total = await runDirectory(folderOf(selection), (line) => lines.push(line));
    assertEquals(lines.filter((line) => !/^(ok|total) /.test(line)), []);
    assert(total.ok > 100);
  });
}

Deno.test("every operator of the layers and update rules is among the cases", async () => {
  const folders = await Promise.all(["onnx", "odd"].map((selection) => caseFolders(folderOf(selection))));
  const ops = new Set((await Promise.all(folders.flat().map(readCase))).map(({ op }) => op));
  const wanted = [
    ..."MatMul Gemm Conv ConvTranspose MaxPool AveragePool Softmax LogSoftmax RNN LSTM GRU BatchNormalization".split(
      " ",
    ),
    ..."Dropout Adam Adagrad Momentum Relu Elu Selu Softplus Sigmoid Tanh ReduceSum ReduceMean ReduceMax".split(" "),
    ..."ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare ArgMax".split(" "),
  ];
  assertEquals(wanted.filter((op) => !ops.has(op)), []);
});
