/**
 * Numbers, lines and scales as text: at and beside the numbers at which functions change what they do.
 *
 * @module
 */

import { callOf, quoted } from "../../cli/own_call.ts";
import { columns, wrap } from "../../cli/help.ts";
import { deviceLine } from "../../cli/device_line.ts";
import { loadingProgress } from "../../cli/loading_progress.ts";
import { tableOf } from "../../cli/table.ts";
import * as entry from "../../model/mod.ts";
import * as texts from "../../model/number_text.ts";
import { barOf, fitLine, widthOf } from "../../model/progress/fit_line.ts";
import { errorText, lossText, measuredText, measuresOf, shortText } from "../../model/progress/measures.ts";
import { formatError } from "../../model/training/log_lines.ts";
import { frame, versionEvent } from "../../views/events/event_file.ts";
import { horizontalAxis, valueAxis } from "../../views/search/axis.ts";
import { boundsOf, linearScale, logScale, roundStep, showNumber } from "../../views/scale.ts";
import { cut, cutMiddle, wrapText } from "../../views/wrap_text.ts";
import { terminalCurves } from "../../views/terminal_curves.ts";
import { historyOf } from "../../views/testing.ts";
import { tile } from "../../views/tiles.ts";
import { outcomeOf } from "./reader_results.ts";
import type { Recording } from "./recording.ts";
import { table } from "./table_of_calls.ts";

/** Numbers at and beside the powers of ten, 60, and 0. */
const numbers: readonly number[] = [
  ...[
    0,
    1e-7,
    9.9999e-5,
    1e-4,
    1.00001e-4,
    9.99e-4,
    1e-3,
    0.00123456,
    0.0099996,
    0.01,
    0.05,
    0.1,
    0.49951,
    0.5,
    0.99951,
  ],
  ...[1, 1.5, 2, 9.9996, 10, 12.3456, 59.4, 59.5, 59.9996, 60, 61.5, 99.996, 100, 119.5, 123.456, 599, 600, 999.96],
  ...[1000, 1234.5, 3599.4, 3599.6, 3600, 3661, 9999.5, 12_345, 86_399, 86_400, 99_999, 99_999.6, 100_000, 172_861],
  ...[999_999, 999_999.5, 1e6, 1.5e6, 12_345_678, 1e9, 1e21, NaN, Infinity],
];
const signed = [...numbers, ...numbers.map((number) => -number)];

const sentences = [
  "",
  "word",
  "two words",
  " leading blank",
  "trailing blank ",
  "two  blanks",
  "averylongwordwithoutanyblank",
  "learningRateOfTheSecondLayer",
  "path/to/some_file-name.ts",
  "version1.2.3:4+5",
  "A sentence of several words, some of which are longer than others.",
  "éàü ∑ wide letters 漢字",
  "ABCdefGHI9jkl",
];

async function formatTexts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const of = async (title: string, call: (argument: never) => unknown, given: readonly unknown[]): Promise<void> => {
    found[title] = await table(call, given);
  };
  await of("numberText", texts.numberText, signed);
  for (const decimals of [0, 1, 3]) {
    await of(`decimalsText ${decimals}`, (x: number) => texts.decimalsText(x, decimals), signed);
  }
  await of("secondsText", texts.secondsText, numbers);
  await of("wholeSecondsText", texts.wholeSecondsText, numbers);
  await of("speedText", texts.speedText, numbers);
  await of("formatSec", entry.formatSec, signed);
  for (const unit of ["%", ""] as const) await of(`formatError ${unit}`, (x: number) => formatError(x, unit), signed);
  await of("showNumber", showNumber, signed);
  await of("roundStep", roundStep, numbers);
  for (const width of [1, 4, 9, 12, 20, 40]) {
    await of(`wrap ${width}`, (text: string) => wrap(text, width), sentences);
    await of(`cut ${width}`, (text: string) => cut(text, width), sentences);
    await of(`cutMiddle ${width}`, (text: string) => cutMiddle(text, width), sentences);
    for (const lines of [1, 2, 3]) {
      await of(`wrapText ${width} ${lines}`, (text: string) => wrapText(text, width, lines), sentences);
    }
  }
  const rows = sentences.slice(1).map((one, i) => [one, sentences[i]] as const);
  for (const width of [20, 37, 38, 61, 62, 63, 100]) {
    found[`columns ${width}`] = columns(rows, width);
    const cells = [["x", 1.5, undefined, "abc"], ["", 123_456, 7, "a longer text"]] as const;
    found[`table ${width}`] = tableOf(["first", "second number", "third", "fourth"], cells, width).join("\n");
    found[`empty table ${width}`] = tableOf(["first", "second number"], [], width).join("\n");
  }
  await of("widthOf", widthOf, sentences);
  for (const cells of [0, 1, 5, 20]) {
    await of(`bar ${cells}`, (share: number) => barOf(share, cells), [0, 0.024, 0.025, 0.1, 0.5, 0.974, 0.999, 1]);
  }
  const parts = [
    { text: "epoch 1/3", order: 0 },
    { text: "[###....]", short: "[##]", order: 2 },
    { text: "12 s left", order: 1 },
    { text: "loss 0.5", order: 3 },
    { text: "error 12 %", order: 4, glued: true },
  ];
  await of("fitLine", (room: number) => fitLine(parts, room), [
    0,
    5,
    9,
    10,
    16,
    18,
    20,
    26,
    28,
    30,
    40,
  ]);
  for (const metric of [null, "categoricalError", "categoricalAccuracy", "ownMetric", ""]) {
    for (const errorUnit of ["%", ""] as const) {
      const measures = measuresOf({ objective: "meanSquaredError", metric, errorUnit });
      const sets = [{ error: 12.345, loss: 0.5 }, { error: null, loss: 1234.5 }, { error: 0, loss: 0 }, {
        error: 100,
        loss: NaN,
      }];
      await of(`measured, ${metric} ${errorUnit}`, (one: { error: number | null; loss: number }) => [
        measuredText("test", one, measures),
        shortText("test", one, measures),
        lossText(one.loss, measures),
        one.error === null ? "" : errorText(one.error, measures),
        one.error === null ? "" : errorText(one.error, measures, "short"),
      ], sets);
    }
  }
  await of("quoted", quoted, ["", "a", "a b", "it's", "a=1,2..3", "$x", "-n", "é"]);
  await of("callOf", (path: string) => callOf(path, "/home/me/project"), [
    "file:///home/me/project/main.ts",
    "file:///home/me/other/ma%20in.ts",
    "https://jsr.io/@yadll/yadll/0.1.0/cli/mod.ts",
    "jsr:@yadll/yadll/cli",
  ]);
  const devices = [
    { kind: "wasm", name: "WebAssembly", software: false },
    { kind: "webgpu", name: "GPU", software: false },
    { kind: "webgpu", name: "llvmpipe", software: true },
  ] as const;
  for (const choice of ["auto", "wasm", "webgpu"] as const) {
    await of(`device, ${choice}`, (one: typeof devices[number]) => deviceLine(choice, one), devices);
  }
  return found;
}

/** The progress of a download on a terminal of some width; none if it is undefined. */
function downloads(width: number | undefined): string {
  const printed: string[] = [];
  let time = 0;
  const output = { result: () => {}, note: (text: string) => void printed.push(text), columns: () => width };
  const progress = loadingProgress(output, () => time);
  const url = "https://example.org:8080/a/b.gz";
  for (const [received, total, later] of [[0, 100, 0], [10, 100, 99], [10, 100, 1], [55, 100, 100], [100, 100, 1]]) {
    time += later;
    progress.tell({ kind: "download", file: "b.gz", url, received: received * 1e5, total: total * 1e5 });
  }
  progress.tell({ kind: "download", file: "c", url: "https://other.org/c", received: 1_250_000, total: undefined });
  time += 200;
  progress.tell({ kind: "download", file: "c", url: "https://other.org/c", received: 1_350_000, total: undefined });
  progress.tell({ kind: "damaged", file: "x.gz", reason: "its checksum is wrong" });
  progress.finish();
  progress.finish();
  return printed.join("");
}

async function viewTexts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const ranges = [[0, 1], [1, 1], [-3, 7], [0.001, 1000], [95, 100], [1e-9, 1e9], [0, 0], [12, 13, 17], [2e6, 5e6], []];
  for (const [i, values] of ranges.entries()) {
    found[`bounds ${i}`] = await outcomeOf(() => boundsOf(values));
    for (
      const options of [{}, { steps: 7 }, { whole: true }, { fromZero: true }, {
        whole: true,
        fromZero: true,
        steps: 2,
      }]
    ) {
      found[`linear scale ${i} ${JSON.stringify(options)}`] = await outcomeOf(() => linearScale(values, options));
    }
    if (values.every((value) => value > 0)) {
      found[`log scale ${i}`] = await outcomeOf(() => logScale(values));
    }
    found[`value axis ${i}`] = await outcomeOf(() => shownAxis(valueAxis(values, [10, 200]), values));
    found[`horizontal axis ${i}`] = await outcomeOf(() => shownAxis(horizontalAxis(values, [10, 200]), values));
  }
  const names = ["tanh", "relu", "sigmoid", "tanh"];
  found["axis of names"] = await outcomeOf(() => shownAxis(horizontalAxis(names, [10, 200]), names));
  for (const width of [undefined, 20, 60]) found[`downloads, ${width}`] = downloads(width);
  const histories: Readonly<Record<string, readonly number[]>> = {
    "falling": [40, 20, 10, 5],
    "tiny": [0.002, 0.001, 0.0009],
    "at the limits": [100_000, 99_999, 1e-3],
    "large": [1e5, 5e4],
    "flat": [3, 3, 3],
    "rising": [1, 2, 30],
    "one": [7],
    "zero": [0, 0],
  };
  for (const [name, errors] of Object.entries(histories)) {
    for (const [columns, rows] of [[40, 6], [17, 3], [80, 1]]) {
      for (const errorUnit of ["%", ""] as const) {
        const title = `curves, ${name}, ${columns}×${rows} ${errorUnit}`;
        found[title] = await outcomeOf(async () =>
          String(await terminalCurves({ history: historyOf(...errors), errorUnit }, { columns, rows }))
        );
      }
    }
  }
  const images = [[0, 0.5, 1, 0.25, 0.1, 0.9], [1, 1, 0, 0, 1, 0], [-1, 2, 0.1, 0.9, 0.3, 0.2]];
  for (const zoom of [1, 2, 3]) {
    for (const columns of [1, 2, 3]) {
      for (const stretch of [true, false]) {
        const options = { shape: [2, 3], columns, stretch, zoom } as const;
        const { width, height, pixels } = tile(images, options);
        const rows = Array.from({ length: height }, (_, row) => pixels.slice(row * width, (row + 1) * width).join(" "));
        found[`tiles ${JSON.stringify(options)}`] = rows.join("\n");
      }
    }
  }
  found["frame"] = await outcomeOf(() => frame(Uint8Array.of(1, 2, 3, 250)));
  found["version event"] = await outcomeOf(() => versionEvent(1_700_000_000.5));
  return found;
}

function shownAxis(axis: object, values: readonly unknown[]): unknown {
  const functions = Object.entries(axis).filter((entry): entry is [string, (value: unknown) => unknown] =>
    typeof entry[1] === "function"
  );
  return {
    ...axis,
    ...Object.fromEntries(functions.map(([name, call]) => [`${name} of values`, values.map((value) => call(value))])),
  };
}

/** Numbers, tables and lines as text. */
export const formatRecording: Recording = { name: "formats", texts: formatTexts };

/** Scales, axes, curves and tiles. */
export const viewFunctionRecording: Recording = { name: "view_functions", texts: viewTexts };
