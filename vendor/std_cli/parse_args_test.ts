import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli";

Deno.test("parseArgs reads booleans, strings, aliases and defaults with their types", () => {
  const flags = parseArgs(["lenet5", "--json", "-e", "3", "--update=sgd", "7"], {
    boolean: ["json", "help"],
    string: ["epochs", "update", "data"],
    alias: { epochs: "e", help: ["h"] },
    default: { update: "momentum" },
  });
  const json: boolean = flags.json;
  const update: string = flags.update;
  const data: string | undefined = flags.data;
  assertEquals([json, flags.help, flags.h, flags.epochs, flags.e, update, data], [
    true,
    false,
    false,
    "3",
    "3",
    "sgd",
    undefined,
  ]);
  assertEquals(flags._, ["lenet5", 7]);
});

Deno.test("parseArgs negates only what is negatable", () => {
  const flags = parseArgs(["--no-color", "--no-cache"], { boolean: ["color"], negatable: ["color"] });
  assertEquals(flags.color, false);
  assertEquals(flags["no-cache"], true);
});

Deno.test("parseArgs asks the callback about what it does not know", () => {
  const asked: unknown[] = [];
  const flags = parseArgs(["--sed=1", "x"], {
    string: ["seed"],
    unknown: (arg, key, value) => {
      asked.push([arg, key, value]);
      return false;
    },
  });
  assertEquals(asked, [["--sed=1", "sed", "1"], ["x", undefined, undefined]]);
  assertEquals(flags, { _: [] });
});

Deno.test("parseArgs stops early, leaves what follows -- alone, and collects", () => {
  assertEquals(parseArgs(["-v", "run", "--x"], { boolean: ["v"], stopEarly: true }), { v: true, _: ["run", "--x"] });
  assertEquals(parseArgs(["a", "--", "--b"]), { _: ["a", "--b"] });
  assertEquals(parseArgs(["a", "--", "--b"], { "--": true }), { _: ["a"], "--": ["--b"] });
  assertEquals(parseArgs(["-f", "1", "-f", "2"], { string: ["f"], collect: ["f"] }).f, ["1", "2"]);
});

Deno.test("parseArgs reads numbers, bare letters and false as words", () => {
  assertEquals(parseArgs(["-ab", "--rate", "0.5", "--json", "false"], { boolean: ["json"] }), {
    a: true,
    b: true,
    rate: 0.5,
    json: false,
    _: [],
  });
});
