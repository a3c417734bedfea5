/**
 * Rules of this project for `deno lint`, as a plugin: functions of at most {@linkcode LONGEST} lines that take at most
 * {@linkcode MOST_ARGUMENTS} positional arguments, then a record of options.
 *
 * @module
 */

/** The most lines that a function may have. */
const LONGEST = 40;

/** The most positional arguments that a function may take before its record of options. */
const MOST_ARGUMENTS = 3;

type FunctionNode =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

/** A record of options: destructured, with `{}` as default, or of a type that says so. */
function isRecord(parameter: Deno.lint.Parameter, source: string): boolean {
  return parameter.type === "ObjectPattern" || /^\s*\{|=\s*\{\}$|:\s*[\w<>., ]*(?:Options|Settings)\b/.test(source);
}

function tooManyArguments(node: FunctionNode, context: Deno.lint.RuleContext): string | undefined {
  const { params } = node;
  if (params.length <= MOST_ARGUMENTS) return undefined;
  const last = params[params.length - 1];
  if (last.type === "TSParameterProperty") return `${params.length} positional arguments`;
  const record = isRecord(last, context.sourceCode.getText(last));
  if (record && params.length === MOST_ARGUMENTS + 1) return undefined;
  return `${params.length} positional arguments: at most ${MOST_ARGUMENTS}, then a record of options`;
}

function tooManyLines(node: FunctionNode, context: Deno.lint.RuleContext): string | undefined {
  const lines = context.sourceCode.getText(node).split("\n").length;
  return lines > LONGEST ? `${lines} lines: a function has at most ${LONGEST}` : undefined;
}

/** A rule that looks at each function. */
function functionRule(
  fault: (node: FunctionNode, context: Deno.lint.RuleContext) => string | undefined,
): Deno.lint.Rule {
  return {
    create(context) {
      if (/_test\.ts$|\/tests\/|\/bench\/|\/testing\.ts$|\/test_\w+\.ts$/.test(context.filename)) return {};
      const check = (node: FunctionNode): void => {
        const message = fault(node, context);
        if (message) context.report({ node, message });
      };
      return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
    },
  };
}

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: { "few-arguments": functionRule(tooManyArguments), "short-functions": functionRule(tooManyLines) },
};

export default plugin;
