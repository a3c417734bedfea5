import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { networks } from "../examples/networks.ts";
import { UsageError } from "./errors.ts";
import { helpText } from "./help.ts";
import { optionTable, parseCommand } from "./options.ts";

const parse = (...args: string[]) => parseCommand(args, networks);

Deno.test("a command line has a network and options, with defaults for the rest", () => {
  const { network, action, epochs, seed, device, data, json } = parse("lenet5", "--epochs", "3");
  assertEquals({ network, action, epochs, seed, device, data, json }, {
    network: "lenet5",
    action: "train",
    epochs: 3,
    seed: 1,
    device: "auto",
    data: "auto",
    json: false,
  });
});

Deno.test("names may have hyphens or underscores", () => {
  const { network, batchSize, update } = parse(
    "logistic-regression",
    "--batch_size=20",
    "--update",
    "nesterov_momentum",
  );
  assertEquals([network, batchSize, update], ["logistic_regression", 20, "nesterovMomentum"]);
  assertEquals([parse("--network_list").action, parse("-n").action, parse("-h").action], ["list", "list", "help"]);
});

Deno.test("what is unknown is refused with the nearest known name", () => {
  const refuse = (message: string, ...args: string[]) => assertThrows(() => parse(...args), UsageError, message);
  refuse("unknown network lenet: did you mean lenet5?", "lenet");
  refuse("unknown option --epoch: did you mean --epochs?", "mlp", "--epoch=3");
  refuse("unknown option -x: see --help", "mlp", "-x");
  refuse("unknown device webgup: did you mean webgpu?", "mlp", "--device", "webgup");
  refuse("unknown update adm: did you mean adam?", "mlp", "--update", "adm");
  refuse("no network is named: expected one of logistic_regression", "--json");
  refuse("unexpected argument lenet5", "mlp", "lenet5");
});

Deno.test("numbers are checked", () => {
  const refuse = (message: string, ...args: string[]) => assertThrows(() => parse("mlp", ...args), UsageError, message);
  refuse("option --epochs cannot be 0: expected a whole number of at least 1", "--epochs", "0");
  refuse("option --pretraining-epochs cannot be -1: expected a whole number of at least 0", "--pretraining-epochs=-1");
  refuse("option --epochs cannot be two", "--epochs", "two");
  refuse("option --epochs needs a value: --epochs N", "--epochs");
  refuse("option --learning-rate cannot be -1: expected a number above 0", "--learning-rate=-1");
  refuse("option --seed cannot be 1.5: expected a whole number", "--seed", "1.5");
  assertEquals(parse("mlp", "--seed=-5", "--learning-rate", "1e-3").seed, -5);
});

Deno.test("the help names every option and network, examples first", () => {
  const help = helpText("mnist", networks);
  for (const name of [...Object.keys(optionTable), ...Object.keys(networks)]) assertStringIncludes(help, name);
  assertEquals(help.split("\n")[2], "Examples:");
});
