/**
 * What the command line prints for a small training, its run, its model, and a search.
 *
 * @module
 */

import { join } from "@std/path";
import { headerChunk, pixelChunk, pngOf } from "../../data/images/test_png.ts";
import { commands } from "../../cli/commands.ts";
import { digits } from "../../data/digits/digits.ts";
import { folder as formats } from "../formats/observe.ts";
import { recordSession, type Session } from "./command_line_session.ts";
import type { Recording } from "./recording.ts";

/** Few digits, on the device that every machine has. */
const small = "--data digits --train-size 300 --device wasm";

async function help(session: Session): Promise<void> {
  for (const columns of [undefined, 52, 80]) {
    const surroundings = columns === undefined ? {} : { columns };
    const at = columns === undefined ? "" : `, ${columns} columns`;
    await session.run(`help${at}`, "--help", surroundings);
    await session.run(`networks${at}`, "--network-list", surroundings);
    for (const { name } of commands) await session.run(`help of ${name}${at}`, `help ${name}`, surroundings);
    for (const name of ["mlp", "dbn", "lenet5"]) {
      await session.run(`help of ${name}${at}`, `train ${name} --help`, surroundings);
    }
  }
}

/** A digit, dark on light, away from the center of a picture that is larger than the network takes. */
function picture(index: number): Uint8Array<ArrayBuffer> {
  const { pixels } = digits(5, index + 1).slice(index, index + 1);
  const side = 40;
  const rows = new Uint8Array(side * (side + 1)).fill(250);
  for (let y = 0; y < side; y++) rows[y * (side + 1)] = 0;
  for (let y = 0; y < 28; y++) {
    for (let x = 0; x < 28; x++) rows[(y + 3) * (side + 1) + x + 9] = 250 - Math.floor(pixels[y * 28 + x] * 0.9);
  }
  return pngOf([headerChunk({ width: side, height: side, depth: 8, color: 0 }), pixelChunk(rows)]);
}

async function training(session: Session): Promise<void> {
  await session.run("training", `logistic_regression ${small} --epochs 2 --seed 3`);
  await session.run(
    "training on a terminal",
    `mlp ${small} --epochs 3 --set nUnits=30 --learning-rate 0.3 --out runs/mlp --plot`,
    {
      columns: 100,
    },
  );
  await session.run(
    "training on a narrow terminal",
    `mlp ${small} --epochs 2 --set nUnits=30 --update adam --no-color`,
    {
      columns: 44,
    },
  );
  await session.run(
    "training as JSON",
    `logistic-regression ${small} --epochs 2 --json --out runs/lr --no-early-stopping`,
  );
  await session.run(
    "training quietly",
    `logistic_regression ${small} --epochs 1 --quiet --save lr.ym --batch-size 500`,
  );
  await session.run("resumed", "train --out runs/lr --resume --epochs 4");
  await session.run("pre-training", `dbn ${small} --epochs 1 --pretraining-epochs 2`, { columns: 100 });
  await session.run("diverged", `mlp ${small} --epochs 2 --learning-rate 1e30`);
  await saved(session);
  await used(session);
}

/** Copies the recorded runs of earlier versions. */
function copyRuns(): void {
  for (const name of ["run_1", "run_1_killed"]) {
    Deno.mkdirSync(`others/${name}`, { recursive: true });
    for (const file of ["events.jsonl", "report.json"]) {
      if (name === "run_1" || file === "events.jsonl") {
        Deno.copyFileSync(join(formats, name, file), `others/${name}/${file}`);
      }
    }
  }
}

/** A run that was killed in its first epoch. */
function beginRun(): void {
  const [start] = Deno.readTextFileSync("others/run_1/events.jsonl").split("\n");
  Deno.mkdirSync("begun/a", { recursive: true });
  Deno.writeTextFileSync("begun/a/events.jsonl", `${start}\n`);
}

async function saved(session: Session): Promise<void> {
  copyRuns();
  beginRun();
  for (
    const [title, words] of [
      ["list", "list"],
      ["list of others", "list others"],
      ["begun", "list begun"],
      ["show begun", "show begun/a"],
      ["plot begun", "plot begun/a"],
      ["plot one epoch", "plot others/run_1_killed"],
      ["unfinished", "show others/run_1_killed"],
      ["of others", "compare others/run_1 others/run_1_killed"],
      ["show", "show mlp"],
      ["show by path", "show runs/lr"],
      ["compare", "compare mlp lr"],
      ["plot", "plot mlp"],
      ["plots", "plot runs/mlp runs/lr"],
    ]
  ) {
    await session.run(`runs: ${title}`, `runs ${words}`);
    await session.run(`runs: ${title}, on a terminal`, `runs ${words}`, { columns: 72 });
  }
  for (const words of ["list", "show mlp", "compare lr mlp"]) {
    await session.run(`runs: ${words} as JSON`, `runs ${words} --json`);
  }
  for (const file of ["runs/lr/events.jsonl", "runs/lr/report.json"]) session.note(file, Deno.readTextFileSync(file));
}

async function used(session: Session): Promise<void> {
  await session.run("evaluate", "evaluate runs/mlp --device wasm");
  await session.run("evaluate as JSON", "evaluate lr.ym --on training --json --device wasm");
  await session.run("evaluate on other data", "evaluate lr.ym --data digits --train-size 200 --device wasm");
  for (const index of [0, 3]) Deno.writeFileSync(`${index}.png`, picture(index));
  await session.run("predict", "predict runs/mlp 0.png 3.png --show --top 2 --device wasm");
  await session.run("predict as JSON", "predict lr.ym 0.png --json --ink dark --device wasm");
  await session.run("predict examples", "predict runs/mlp --examples 9 --device wasm");
  await session.run("export", ["export", "runs/mlp", "hub", "--summary", "A small network", "--license", "mit"]);
  await session.run("export as JSON", "export lr.ym lr.yc --json");
  for (const file of ["hub/README.md", "hub/config.json", "lr.yc"]) session.note(file, Deno.readTextFileSync(file));
}

async function search(session: Session): Promise<void> {
  const lists = "--set learningRate=0.01,0.1 --set update=sgd,adam";
  const grid = `search logistic_regression ${small} --epochs 2 ${lists}`;
  await session.run("search", `${grid} --journal all.jsonl --refit`);
  session.note("journal", Deno.readTextFileSync("all.jsonl"));
  await session.run("search, resumed on a terminal", `${grid} --journal all.jsonl --table all.csv`, { columns: 90 });
  await session.run("search on a terminal", `${grid} --no-early-stopping --give-up 1`, { columns: 70 });
  await session.run("search as JSON", `${grid} --json --refit --journal all.jsonl --table all.html`);
  for (const index of [0, 1]) {
    await session.run(`search, part ${index}`, `${grid} --shard ${index}/2 --journal ${index}.jsonl --quiet`);
  }
  await session.run("search, merged", "search merge 0.jsonl 1.jsonl --into both.jsonl --table both.md");
  for (const end of ["json", "svg"]) await session.run(`search, ${end}`, `search merge both.jsonl --table both.${end}`);
  for (const name of ["all.csv", "all.html", "both.md", "both.json", "both.svg", "both.jsonl"]) {
    session.note(name, Deno.readTextFileSync(name));
  }
  const random =
    `search mlp ${small} --epochs 1 --seed 4 --random 4 --set nUnits=5..20 --set learningRate=log:0.001..1`;
  await session.run("random search", `${random} --set momentum=0.5..0.9 --set activation=tanh,relu`);
}

/** The help texts of all commands, at several widths. */
export const helpRecording: Recording = { name: "help", texts: () => recordSession(help) };

/** Trainings, their runs, and what is done with their models. */
export const trainingRecording: Recording = { name: "training", texts: () => recordSession(training) };

/** Searches, their journals and tables. */
export const searchRecording: Recording = { name: "search", texts: () => recordSession(search) };
