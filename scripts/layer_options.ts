/**
 * Writes the page of the options of all layers, `docs/layer_options.md`, from their declarations:
 *
 * ```sh
 * deno run -A scripts/layer_options.ts
 * ```
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import type { AnyDeclaration } from "../core/options/option.ts";
import { describeOption } from "../core/options/text.ts";
import { subjects } from "../layers/test_kinds.ts";

/** The page, from the root. */
export const LAYER_OPTIONS_PAGE = "docs/layer_options.md";

const HEAD = `# Options of layers

Every option of every layer, what it must be, and its default. Layers refuse all others, and suggest the nearest name. The
page is generated from the declarations by \`scripts/layer_options.ts\`. All layers also take a \`name\`.
`;

function table(options: AnyDeclaration): string {
  const rows = Object.entries(options).filter(([name]) => name !== "name").map(([name, option]) => {
    const must = option.required ? " (required)" : "";
    const expected = option.expected.replace("[either, options]", "a list of one of these and its options");
    const cells = [`\`${name}\``, `${describeOption(option)}${must}`, expected];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return rows.length === 0
    ? "It takes only `name`."
    : ["| option | meaning | value |", "| - | - | - |", ...rows].join("\n");
}

/** The text of the page, whose tables are not aligned yet. */
export function layerOptionsPage(): string {
  const sections = Object.entries(subjects).sort(([a], [b]) => a < b ? -1 : 1).map(([name, { kind }]) =>
    `\n## ${name}\n\n${table(kind.options)}\n`
  );
  return [HEAD, ...sections].join("");
}

if (import.meta.main) {
  const root = fromFileUrl(new URL("../", import.meta.url));
  await Deno.writeTextFile(root + LAYER_OPTIONS_PAGE, layerOptionsPage());
  await new Deno.Command(Deno.execPath(), { args: ["fmt", LAYER_OPTIONS_PAGE], cwd: root }).output();
}
