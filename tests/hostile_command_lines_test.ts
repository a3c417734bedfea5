import { assert, assertEquals, assertMatch } from "@std/assert";
import { exitCodes, main, networks } from "../cli/mod.ts";
import { commands } from "../cli/commands.ts";
import { dashed } from "../cli/options/option.ts";
import { misspelled } from "./options_of.ts";

/** Runs a command line, which must be refused: exit code 2, and a first line that says why. Returns that line. */
async function refused(args: unknown): Promise<string> {
  const notes: string[] = [];
  const output = { result: () => {}, note: (text: string) => notes.push(text), columns: () => undefined };
  const code = await Reflect.apply(main, undefined, [args, { output }]);
  const [line, ...others] = notes.join("").replaceAll("\n\n", "\n").split("\n").filter((one) => one !== "");
  assertEquals(code, exitCodes.usage, `${JSON.stringify(args)}: ${line}`);
  assertMatch(line, /^error: /);
  assert(others.every((one) => one.startsWith("See ")), others.join("\n"));
  assert(!/ is not a |cannot read|\[object|this is a bug/i.test(line), line);
  return line;
}

/** Words before an option, so that only the option is wrong. */
function start(command: string): string[] {
  return command === "train" || command === "search" ? [command, Object.keys(networks)[0]] : [command];
}

Deno.test("each option of each command is refused with one line if it is misspelled or lacks its value", async () => {
  for (const { name, options } of commands) {
    for (const [option, declared] of Object.entries(options)) {
      const flag = dashed(option);
      if (flag.length > 6) {
        const wrong = `--${misspelled(flag.slice(2))}`;
        const line = await refused([...start(name), wrong, "1"]);
        assert(line.startsWith(`error: unknown option ${wrong}`), line);
      }
      if (declared.kind === "switch") {
        assert((await refused([...start(name), `${flag}=maybe`])).includes(`option ${flag} takes no value, got maybe`));
      } else if (!("bare" in declared)) {
        assert((await refused([...start(name), flag])).includes(`option ${flag} needs a value`));
        assert((await refused([...start(name), `${flag}=`])).includes(`option ${flag} needs a value`));
      }
    }
  }
});

Deno.test("command lines that make no sense are refused with one line", async () => {
  const [network] = Object.keys(networks);
  const lines = [
    [""],
    ["-"],
    ["--"],
    ["tarin"],
    ["--nope"],
    ["__proto__"],
    ["constructor"],
    ["train", "__proto__"],
    ["train", "a", "b"],
    ["train", "\u0000"],
    ["train", network, "--__proto__", "1"],
    ["train", network, "--set", "__proto__=1"],
    ["train", network, "--set", "=1"],
    ["train", network, "--epochs", "NaN"],
    ["train", network, "--epochs", "-1"],
    ["train", network, "--epochs", "2.5"],
    ["train", network, "--epochs", "1e400"],
    ["train", network, "--seed", "Infinity"],
    ["train", network, "--device", "gpu"],
    ["train", network, "--data", "digits", "--train-size", "1e9"],
    ["train", network, "--seed", "1\n2"],
    ["train", network, "--save", "a.ym", "--save", "b\nc.ym"],
    ["train", network, "--\n"],
    ["\n"],
    ["help", "a\nb"],
    ["export", "a.ym", ""],
    ["help", "nope"],
    ["evaluate"],
    ["export"],
    ["runs", "nope"],
  ];
  for (const line of lines) await refused(line);
});

Deno.test("arguments that are no list of strings are refused with one line", async () => {
  for (const args of [null, undefined, 5, "train", {}, [5], [null], ["train", undefined], ["train", , "x"]]) {
    assertMatch(await refused(args), /^error: expected the arguments as a list of strings, got /);
  }
});
