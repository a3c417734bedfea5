/**
 * Rules of this project for `deno lint`, as a plugin: functions of at most {@linkcode LONGEST} lines that take at most
 * {@linkcode MOST_ARGUMENTS} positional arguments, then a record of options.
 *
 * Tests and their helpers are exempt, since rows of a table are clearest as calls. So are the stand-ins in `vendor/`,
 * which keep the signatures of the real packages.
 *
 * @module
 */

/** The most lines that a function may have. */
const LONGEST = 40;

/** The most positional arguments that a function may take before its record of options. */
const MOST_ARGUMENTS = 3;

/** Exempt files, by their paths from the root. */
const exempt = /_test\.ts$|(?:^|\/)(?:testing|test_\w+)\.ts$|^(?:tests|vendor)\//;

const root = slashed(decodeURIComponent(new URL("..", import.meta.url).pathname)).replace(/^\/(?=[A-Za-z]:)/, "");

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}

type FunctionNode =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

type Check = (node: FunctionNode, source: Deno.lint.SourceCode) => string | undefined;

/** True for a record of options: one that is destructured, or whose type is named so. */
function isRecord(parameter: Deno.lint.Parameter, source: Deno.lint.SourceCode): boolean {
  if (parameter.type === "AssignmentPattern") return isRecord(parameter.left, source);
  if (parameter.type === "ObjectPattern") return true;
  if (parameter.type !== "Identifier" || parameter.typeAnnotation === undefined) return false;
  return /(?:Options|Settings)\b(?:<.*>)?$/.test(source.getText(parameter.typeAnnotation));
}

const tooManyArguments: Check = ({ params }, source) => {
  if (params.length <= MOST_ARGUMENTS) return undefined;
  if (params.length === MOST_ARGUMENTS + 1 && isRecord(params[MOST_ARGUMENTS], source)) return undefined;
  return `${params.length} positional arguments: expected at most ${MOST_ARGUMENTS}, then a record of options`;
};

const tooManyLines: Check = (node, source) => {
  const lines = source.getText(node).split("\n").length;
  return lines > LONGEST ? `a function of ${lines} lines: expected at most ${LONGEST}` : undefined;
};

/** Makes a rule that checks each function. */
function functionRule(check: Check): Deno.lint.Rule {
  return {
    create(context) {
      const path = slashed(context.filename);
      if (exempt.test(path.startsWith(root) ? path.slice(root.length) : path)) return {};
      const visit = (node: FunctionNode): void => {
        const message = check(node, context.sourceCode);
        if (message) context.report({ node, message });
      };
      return { FunctionDeclaration: visit, FunctionExpression: visit, ArrowFunctionExpression: visit };
    },
  };
}

const plugin: Deno.lint.Plugin = {
  name: "project",
  rules: { "few-arguments": functionRule(tooManyArguments), "short-functions": functionRule(tooManyLines) },
};

// A plugin of `deno lint` is the default export of its file.
export default plugin;
