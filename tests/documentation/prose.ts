/**
 * The prose of files: pages, and the comments and sentences in source files.
 *
 * Everything else is replaced by spaces, so that positions and lines stay what they are in the file.
 *
 * @module
 */

/** Code, quotations and addresses within prose. */
const exempt = [
  /```[^]*?```/,
  /`[^`]*`/,
  /"(?:[^"\n]|\n(?!\n))*"/,
  /“[^”]*”/,
  /\]\([^)]*\)/,
  /https?:\S+/,
  /\{@\w+ [^}]*\}/,
];
const exemptions = new RegExp(exempt.map(({ source }) => source).join("|"), "g");

/** The tokens of TypeScript that may contain prose, or that look as if they did. */
const tokens = {
  comment: /\/\/[^\n]*|\/\*[^]*?\*\//,
  string: /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/,
  template: /`(?:\\.|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^`\\])*`/,
  regExp: /(?<=(?:[(,=:[!&|?{};>\n]|\breturn)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/,
};
const anyToken = new RegExp(
  Object.entries(tokens).map(([name, { source }]) => `(?<${name}>${source})`).join("|"),
  "g",
);

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}

function withoutCode(text: string): string {
  return text.replaceAll(exemptions, blank);
}

/** The text of a comment, without the stars and slashes around it. */
function commentProse(comment: string): string {
  return withoutCode(comment.replaceAll(/^\s*(?:\/\*+|\*+\/|\*(?=\s|$))|\*\/$|^\/\/+/gm, blank));
}

/** Code in a string: inline code, and expressions of a template. */
const codeInString = /\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|`[^`]*`/g;

/** A string is prose if it contains words, not a single name or path. */
function stringProse(literal: string): string {
  const text = literal.slice(1, -1).replaceAll(codeInString, blank);
  const isProse = /\w \w/.test(text);
  return isProse ? ` ${text} ` : blank(literal);
}

/** The prose of a source file: its comments, and strings that are sentences. */
export function sourceProse(text: string): string {
  let prose = "";
  let end = 0;
  for (const match of text.matchAll(anyToken)) {
    const { comment, string, template } = match.groups ?? {};
    prose += blank(text.slice(end, match.index));
    if (comment !== undefined) prose += commentProse(comment);
    else if (string !== undefined || template !== undefined) prose += stringProse(match[0]);
    else prose += blank(match[0]);
    end = match.index + match[0].length;
  }
  return prose + blank(text.slice(end));
}

/** The prose of a page: its text without code, but with the comments in blocks of TypeScript. */
export function pageProse(text: string): string {
  const blocks = /^([ ]*```)(.*)\n([^]*?)^\1$/gm;
  let prose = "";
  let end = 0;
  for (const match of text.matchAll(blocks)) {
    const [whole, fence, info, code] = match;
    prose += paragraphs(text.slice(end, match.index)) + blank(fence + info) + "\n";
    prose += info.startsWith("ts") ? sourceProse(code) : blank(code);
    prose += blank(fence);
    end = match.index + whole.length;
  }
  return prose + paragraphs(text.slice(end));
}

function paragraphs(text: string): string {
  return withoutCode(text.replaceAll(/^ {4}.*$/gm, blank));
}
