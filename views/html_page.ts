/**
 * Self-contained HTML pages.
 *
 * @module
 */

import { escapeXml } from "./escape_xml.ts";
import { background, bad, good, ink } from "./theme.ts";

/** The cells of a row, as plain text. */
export type TableRow = readonly string[];

/** Pages that are narrower show narrow pictures and smaller tables. */
const NARROW = "40rem";

const STYLE = `
:root { color-scheme: light dark; --ink: ${ink[0]}; --ground: ${background[0]}; --accent: ${good[0]} }
@media (prefers-color-scheme: dark) { :root { --ink: ${ink[1]}; --ground: ${background[1]}; --accent: ${good[1]} } }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 56rem;
  margin: 0 auto; padding: 1.5rem }
h1, h2, p, dd, td, tbody th { overflow-wrap: anywhere }
h1 { font-size: 1.6rem }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
figure { margin: 1.5rem 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem 1.25rem .25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent);
  vertical-align: top }
th { font-weight: 600 }
tbody th { font-weight: 400; opacity: .75 }
pre { overflow-x: auto; font: 13px/1.5 ui-monospace, monospace }
summary { cursor: pointer }
.results { display: flex; flex-wrap: wrap; gap: .75rem 2.25rem; margin: 1rem 0 }
.results dt { opacity: .75 }
.results dd { margin: 0 }
.results div { max-width: 100% }
.results strong { display: block; font-size: 1.4rem; font-weight: 600; color: var(--accent) }
.warning { border-left: 4px solid ${bad[0]}; padding: .25rem .75rem; font-weight: 600 }
.narrow { display: none }
@media (max-width: ${NARROW}) {
  body { padding: 1rem }
  .wide { display: none }
  .narrow { display: block }
  table.narrow { display: table }
  th, td { padding-right: .5rem }
  .narrow table { font-size: 13px }
  .numbers th, .numbers td { font-size: 11px; padding-right: .3rem; overflow-wrap: normal }
  .numbers td { white-space: nowrap }
}
@media print { details > * { display: block } }
`;

/** Makes a page that may load nothing and run nothing; `lines` are HTML, and `style` is a further style sheet. */
export function pageOf(title: string, lines: readonly string[], style = ""): string {
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}${style}</style>`,
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

/** Options of a table. */
export interface TableOptions {
  /** The titles of its columns. */
  readonly titles?: TableRow;
  /** Classes of the element. */
  readonly kind?: string;
}

/** Makes a table; the first cell of each row is its heading. */
export function htmlTable(rows: readonly TableRow[], { titles, kind }: TableOptions = {}): string {
  const head = titles
    ? [`<thead><tr>${titles.map((title) => `<th>${escapeXml(title)}</th>`).join("")}</tr></thead>`]
    : [];
  const body = rows.map(([first, ...others]) =>
    `<tr><th>${escapeXml(first)}</th>${others.map((cell) => `<td>${escapeXml(cell)}</td>`).join("")}</tr>`
  );
  const start = kind === undefined ? "<table>" : `<table class="${kind}">`;
  return [start, ...head, "<tbody>", ...body, "</tbody>", "</table>"].join("\n");
}

/** The largest width of a letter in tables, and the space between columns, in pixels. */
const LETTER = 8;
const COLUMN_GAP = 16;
/** Texts in tables that are longer may take several lines. */
const LONG_TEXT = 40;

/**
 * Returns the style of a table of class `records`: if the page is too narrow for its columns, each row becomes a list
 * with the title of the column before each cell.
 */
export function recordStyle(titles: TableRow, rows: readonly TableRow[]): string {
  const width = titles.reduce((sum, title, column) => {
    const longest = Math.max(title.length, ...rows.map((row) => row[column].length));
    return sum + Math.min(LONG_TEXT, longest) * LETTER + COLUMN_GAP;
  }, 2 * COLUMN_GAP);
  const names = titles.map((title, i) => `.records td:nth-child(${i + 1})::before { content: ${cssText(title)} }`);
  return `
.records { font-size: 13px }
.records td, .records th { padding-right: ${COLUMN_GAP}px }
@media (max-width: ${width}px) {
  .records, .records tbody { display: block; font-size: 15px }
  .records thead { display: none }
  .records tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 0 2rem;
    padding: .5rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 30%, transparent) }
  .records td { display: flex; justify-content: space-between; gap: 1rem; padding: .1rem 0; border: 0; text-align: right }
  .records td:empty { display: none }
  .records td::before { flex: none; max-width: 60%; opacity: .75; text-align: left }
  ${names.join("\n  ")}
}
`;
}

/** A text in a style sheet: everything but letters, digits and spaces is escaped, so that nothing can end it. */
function cssText(text: string): string {
  return `"${text.replaceAll(/[^\w ]/gu, (sign) => `\\${sign.codePointAt(0)!.toString(16)} `)}"`;
}
