import { assertEquals } from "@std/assert";
import { denseLayer, logisticRegression } from "../../layers/dense.ts";
import { momentum } from "../../optim/updates.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { type Model, model } from "../model.ts";
import { network } from "../network.ts";
import { input, smallDigits, untrained } from "../training/test_resuming.ts";
import { loadModel } from "./load_model.ts";
import { entriesOf } from "./tensor_entries.ts";

Deno.test("names of any text are saved and read again, or refused before the training", async () => {
  const words = [
    'a"b',
    "a\nb",
    "\\",
    "\ud800x",
    "__metadata__",
    "null",
    "é".repeat(300),
    "🙂",
    " ",
    "a/b",
    "~1",
    "\0",
    "</script>",
  ];
  await inFolder(async (folder) => {
    const file = `${folder}/named.ym`;
    for (const word of words) {
      const dense = denseLayer(input, { nUnits: 3, name: `${word} 1` });
      const net = network(word, [input, dense, logisticRegression(dense, { nClass: 10, name: word })]);
      const rule = () => ({ ...momentum({ learningRate: 0.1 }), name: word });
      const named = model({
        ...{ network: net, name: word, updates: rule, data: { ...smallDigits(1), name: word } },
        hyperparameters: { batchSize: 20, nEpochs: 1, [word]: word },
      });
      const { report, model: trained } = await named.train({ file });
      const read = loadModel(file, { updates: rule });
      assertEquals(read.report, report);
      assertEquals([read.name, read.network.toConf()], [word, trained.network.toConf()]);
      assertEquals(await treeOf(read), await treeOf(trained));
      assertEquals((await named.train({ file, resume: true })).report.validationError, report.validationError);
    }
    const unnamed = untrained.with({ updates: () => ({ ...momentum({ learningRate: 0.1 }), name: "" }) });
    const { report } = await unnamed.train({ file });
    assertEquals(loadModel(file, { updates: "momentum" }).report, report);
  });
});

/** The elements of all parameters of a model. */
function treeOf({ network }: Model): Promise<unknown> {
  return entriesOf(network.params);
}
