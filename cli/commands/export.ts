/**
 * The command that writes a saved model in other formats.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import { join } from "@std/path";
import { suggestName } from "../../core/nearest.ts";
import { foreignFile } from "../../model/files/folder.ts";
import { cardOptions, exportModel } from "../../model/files/model_folder.ts";
import type { Model } from "../../model/model.ts";
import { command } from "../command.ts";
import { type Ending, UsageError } from "../errors.ts";
import { columns, wrap } from "../help.ts";
import { jsonLine } from "../json_lines.ts";
import { helpOptions, outputOptions } from "../options/common.ts";
import { section, valued } from "../options/option.ts";
import { refuseUnused } from "../options/unused.ts";
import { openModel } from "../files/saved_model.ts";
import { checkFolderToBe, checkTarget } from "../files/check_writable.ts";

interface CardOptions {
  readonly summary: string | undefined;
  readonly license: string | undefined;
}

/** Writes a model, and may return a note for the user. */
type Writer = (model: Model, target: string, card: CardOptions) => void | Promise<string | void>;

/** Exports a folder; its card contains only the given fields. */
const exportAsFolder: Writer = async (model, target, { summary, license }) => {
  const card = { ...(summary !== undefined && { summary }), ...(license !== undefined && { license }) };
  const { keptCard } = await exportModel(model, target, card);
  const file = join(target, "README.md");
  return keptCard ? `The model card ${file} was edited and is kept; remove it to write a new one` : undefined;
};

/** Options of the model card. */
const ofCard = {
  summary: "needs a folder as the target, which has a model card",
  license: "needs a folder as the target, which has a model card",
};

/** The writers by file extension; a target without an extension is a folder. */
const writers: Readonly<Record<string, Writer>> = {
  yp: (model, target) => model.network.saveParams(target),
  yc: (model, target) => void model.toConf(target),
};

/** Exports a saved model. */
export const exportCommand = command({
  name: "export",
  summary: "Writes a saved model as a folder for the Hugging Face hub, or only its parameters or configuration",
  usage: "MODEL TARGET [options]",
  examples: ["export lenet5.ym lenet5", "export runs/lenet5 lenet5.yp", "export lenet5.ym lenet5.yc"],
  options: {
    ...section("Model card", {
      summary: valued("TEXT", cardOptions.summary),
      license: valued("NAME", cardOptions.license),
    }),
    ...outputOptions,
    ...helpOptions,
  },
  details: (_program, width) =>
    [
      ...wrap("MODEL is a saved model (.ym) or a run folder. TARGET is one of", width),
      columns([
        ["NAME.yp", "the parameters, as safetensors"],
        ["NAME.yc", "the configuration, as JSON"],
        ["NAME", "a folder: model.safetensors, config.json, and a model card, README.md"],
      ], width),
    ].join("\n"),
  async run(
    { words: [source, target, ...rest], options: { json, summary, license } },
    { output },
  ): Promise<Ending> {
    if (source === undefined || target === undefined || rest.length > 0) {
      throw new UsageError("expected a saved model and a target: export MODEL TARGET");
    }
    if (target === "") throw new UsageError('expected a target, got ""');
    const write = writerOf(target);
    if (write !== exportAsFolder) refuseUnused({ summary, license }, ofCard);
    const model = openModel(source);
    const remark = await write(model, target, { summary, license });
    if (remark) output.note(`${inOneLine(remark)}\n`);
    if (json) output.result(jsonLine("exported", { network: model.network.name, target }));
    else output.result(inOneLine(target));
    return "ok";
  },
});

/** The writer of a target. The target is checked before anything is read. */
function writerOf(target: string): Writer {
  const ending = /\.(?<ending>\w+)$/.exec(target)?.groups?.ending;
  if (ending === undefined || target.endsWith("/")) {
    checkFolderToBe(target);
    const foreign = foreignFile(target);
    if (foreign === undefined) return exportAsFolder;
    throw new UsageError(
      `cannot export to ${target}: ${foreign} is not of an exported model, and would be lost; choose another folder, ` +
        "or remove the file",
    );
  }
  if (!Object.hasOwn(writers, ending)) {
    throw new UsageError(
      `cannot export to ${target} (folder names have no extension)${suggestName(ending, Object.keys(writers))}`,
    );
  }
  checkTarget(target);
  return writers[ending];
}
