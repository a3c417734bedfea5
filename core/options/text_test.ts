import { assertEquals } from "@std/assert";
import { describeOptions, findNamed, nested } from "./nested.ts";
import { count, positive, share, whole } from "./numbers.ts";
import { openShape, pair } from "./shapes.ts";
import { tensorOption } from "./kinds.ts";
import { describeDeclaration, describeOption, parseOption } from "./text.ts";
import { callable, either, flag, list, oneOf, text } from "./values.ts";
import { ones } from "../creation.ts";

Deno.test("text of a command line becomes a value, or undefined if it is invalid", () => {
  assertEquals([parseOption(count(), "20"), parseOption(count(), "0"), parseOption(count(), "")], [
    20,
    undefined,
    undefined,
  ]);
  assertEquals([parseOption(positive(), "1e-3"), parseOption(positive(), "two")], [0.001, undefined]);
  assertEquals([parseOption(whole(), "-5"), parseOption(whole(), " ")], [-5, undefined]);
  assertEquals([parseOption(flag(), "true"), parseOption(flag(), "false"), parseOption(flag(), "1")], [
    true,
    false,
    undefined,
  ]);
  assertEquals(parseOption(oneOf(["nesterovMomentum", "sgd"]), "nesterov-Momentum"), "nesterovMomentum");
  assertEquals([parseOption(text(), "a b"), parseOption(text(), "")], ["a b", undefined]);
  assertEquals([parseOption(pair(), "2,3"), parseOption(pair(), "[2, 3]"), parseOption(pair(), "2")], [
    [2, 3],
    [2, 3],
    undefined,
  ]);
  assertEquals(parseOption(openShape(), "null,28"), [null, 28]);
  assertEquals(parseOption(list(share()), "0.5,1"), [0.5, 1]);
  assertEquals(parseOption(either([count(), oneOf(["all"])]), "all"), "all");
  assertEquals(parseOption(either([count(), callable()]), "all"), undefined);
  assertEquals(parseOption(tensorOption(), "1"), undefined);
  const rule = nested<string>({ sgd: { make: () => 0, options: {} } }, { what: "update rule" });
  assertEquals([parseOption(rule, "sgd"), parseOption(rule, "adam")], ["sgd", undefined]);
});

Deno.test("help is generated from a declaration: words and default", () => {
  assertEquals(describeOption(count({ default: 100, help: "examples per step" })), "examples per step (default: 100)");
  assertEquals(describeOption(pair({ help: "stride", otherwise: "the size" })), "stride (default: the size)");
  assertEquals(describeOption(pair({ help: "stride", default: [1, 1] })), "stride (default: 1,1)");
  assertEquals(describeOption(text({ help: "name" })), "name");
  assertEquals(describeDeclaration({ rho: share({ default: 0.9, help: "decay" }) }), [
    ["rho", "decay (default: 0.9); a number from 0 to 1"],
  ]);
});

Deno.test("options are written as JSON: functions by name, choices with their options, tensors as shapes", () => {
  function relu(x: number): number {
    return x;
  }
  const options = {
    size: pair(),
    activation: nested<unknown>({ relu: { make: relu, options: { alpha: share() } } }, { what: "activation" }),
    start: tensorOption(),
    rate: either([positive(), callable()]),
    left: text(),
  };
  const describe = (given: object) => describeOptions(options, given);
  assertEquals(describe({ size: [1, 2], activation: [relu, { alpha: 0.5 }], left: undefined }), {
    size: [1, 2],
    activation: ["relu", { alpha: 0.5 }],
  });
  assertEquals(describe({ activation: relu, start: ones([2, 3]), rate: relu }), {
    activation: "relu",
    start: { given: [2, 3] },
    rate: { function: "relu" },
  });
  assertEquals(describe({ activation: Math.abs, rate: 0.5 }), { activation: { function: "abs" }, rate: 0.5 });
});

Deno.test("a name that is not in a registry is refused with the nearest one", () => {
  const registry = { adam: 1, sgd: 2 };
  assertEquals(findNamed(registry, "sgd", "update rule"), 2);
  let message = "";
  try {
    findNamed(registry, "adm", "update rule");
  } catch (error) {
    message = String(error);
  }
  assertEquals(message, 'RangeError: Cannot find update rule "adm": did you mean adam?');
});
