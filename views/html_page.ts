/**
 * Self-contained HTML pages.
 *
 * @module
 */

import { escapeXml } from "./escape_xml.ts";
import { background, good, ink } from "./theme.ts";

/** The cells of a row, as plain text. */
export type TableRow = readonly string[];

const STYLE = `
:root { color-scheme: light dark; --ink: ${ink[0]}; --ground: ${background[0]}; --accent: ${good[0]} }
@media (prefers-color-scheme: dark) { :root { --ink: ${ink[1]}; --ground: ${background[1]}; --accent: ${good[1]} } }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 56rem;
  margin: 0 auto; padding: 1.5rem }
h1 { font-size: 1.6rem; overflow-wrap: anywhere }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
figure { margin: 1.5rem 0; overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem 1.25rem .25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent);
  vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 600 }
tbody th { font-weight: 400; opacity: .75; white-space: nowrap }
pre { overflow-x: auto; font: 13px/1.5 ui-monospace, monospace }
summary { cursor: pointer }
.results { display: flex; flex-wrap: wrap; gap: .75rem 2.25rem; margin: 1rem 0 }
.results dt { opacity: .75 }
.results dd { margin: 0 }
.results strong { display: block; font-size: 1.4rem; font-weight: 600; color: var(--accent) }
.warning { border-left: 4px solid #d55e00; padding: .25rem .75rem; font-weight: 600 }
@media print { details > * { display: block } }
`;

/** Makes a page that may load nothing and run nothing; `lines` are HTML. */
export function pageOf(title: string, lines: readonly string[]): string {
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    ...lines,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** Makes a heading and the content below it, which is HTML. */
export function htmlSection(heading: string, content: string): string {
  return `<section>\n<h2>${escapeXml(heading)}</h2>\n${content}\n</section>`;
}

/** Makes a table; the first cell of each row is its heading. */
export function htmlTable(rows: readonly TableRow[], titles?: TableRow): string {
  const head = titles
    ? [`<thead><tr>${titles.map((title) => `<th>${escapeXml(title)}</th>`).join("")}</tr></thead>`]
    : [];
  const body = rows.map(([first, ...others]) =>
    `<tr><th>${escapeXml(first)}</th>${others.map((cell) => `<td>${escapeXml(cell)}</td>`).join("")}</tr>`
  );
  return ["<table>", ...head, "<tbody>", ...body, "</tbody>", "</table>"].join("\n");
}
