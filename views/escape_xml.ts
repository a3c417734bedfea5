/**
 * Plain text inside XML and HTML.
 *
 * @module
 */

/** Escapes the markup of XML and HTML in a text, and replaces characters that XML does not allow. */
export function escapeXml(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[&<>"']/g, (mark) => marks[mark]).replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "\ufffd");
}
