/**
 * Tests each option of the card of an exported model against what its definition says.
 */

import { assert, assertEquals } from "@std/assert";
import { random } from "../core/mod.ts";
import { type CardOptions, exportModel, model } from "../model/mod.ts";
import { cardOptions } from "../model/files/model_folder.ts";
import { buildLine, lineNetwork } from "../model/search/test_line_search.ts";
import { inFolder } from "./in_folder.ts";
import { testOptions } from "./option_definitions.ts";

/** The card of a model that was trained for an epoch. */
async function cardOf(options: CardOptions): Promise<string> {
  const hyperparameters = { nEpochs: 1, batchSize: 2 };
  const { model: trained } = await model({ ...buildLine(), hyperparameters }).train();
  let card = "";
  await inFolder(async (folder) => {
    await exportModel(trained, folder, options);
    card = await Deno.readTextFile(`${folder}/README.md`);
  });
  return card;
}

/** The value of a field of the card's header; `undefined` without the field. */
function fieldOf(card: string, name: string): unknown {
  const line = card.split("\n").find((line) => line.startsWith(`${name}: `));
  return line === undefined ? undefined : JSON.parse(line.slice(name.length + 2));
}

testOptions<CardOptions>("exportModel", cardOptions, {
  summary: async () => {
    assert((await cardOf({ summary: "Draws a line." })).includes("# line\n\nDraws a line.\n"));
    assert((await cardOf({})).includes("# line\n\nThe network line, trained on data.\n"));
  },
  task: async () => {
    for (const task of ["tabular-classification", undefined]) {
      const [{ results: [result] }] = fieldOf(await cardOf(task ? { task } : {}), "model-index") as {
        readonly results: readonly { readonly task: unknown }[];
      }[];
      assertEquals(result.task, { type: task ?? "tabular-regression" });
    }
    // Without figures, too, for the hub to find the model by its task.
    const net = lineNetwork();
    await inFolder(async (folder) => {
      const untrained = model({ network: net.withWeights(net.init(random.key(1))) });
      await exportModel(untrained, folder, { task: "tabular-regression" });
      const card = await Deno.readTextFile(`${folder}/README.md`);
      assertEquals(fieldOf(card, "pipeline_tag"), "tabular-regression");
    });
    assertEquals(fieldOf(await cardOf({}), "pipeline_tag"), undefined);
  },
  license: async () => {
    assertEquals([fieldOf(await cardOf({ license: "mit" }), "license"), fieldOf(await cardOf({}), "license")], [
      "mit",
      undefined,
    ]);
  },
  tags: async () => {
    assertEquals([fieldOf(await cardOf({ tags: ["a", "b"] }), "tags"), fieldOf(await cardOf({}), "tags")], [
      ["yadll", "a", "b"],
      ["yadll"],
    ]);
  },
});
