/**
 * Small functions of data and trainings on many arguments.
 *
 * @module
 */

import { orientationOf } from "../../data/images/orientation.ts";
import { headerChunk, pixelChunk, pngOf } from "../../data/images/test_png.ts";
import * as data from "../../data/mod.ts";
import { crc32, plainCrc32, PlainSha256, sha256 } from "../../data/checksums.ts";
import { checkLimit, checkPacked, limitOf } from "../../data/formats/limits.ts";
import { isMissing, numberOf } from "../../data/formats/csv_numbers.ts";
import { parsePythonLiteral } from "../../data/formats/python_literal.ts";
import { partition } from "../../data/partition.ts";
import { RandomStream, scramble } from "../../data/random_stream.ts";
import { takeExamples } from "../../data/take.ts";
import * as entry from "../../model/mod.ts";
import { isHopeless } from "../../model/search/give_up.ts";
import { drawFrom } from "../../model/search/distribution.ts";
import { isOfShard, parseShard } from "../../model/search/shard.ts";
import {
  afterValidation,
  beginPatience,
  isExhausted,
  validationInterval,
} from "../../model/training/early_stopping.ts";
import { describe } from "./describe.ts";
import { outcomeOf } from "./reader_results.ts";
import type { Recording } from "./recording.ts";
import { table } from "./table_of_calls.ts";

const x = data.samples(Array.from({ length: 11 }, (_, i) => [i, i * i]));
const set = { x, y: Int32Array.from({ length: 11 }, (_, i) => i * 7 % 3) };
const groups = ["a", "b", "a", "c", "c", "d", "b", "e", "e", "e", "a"];

async function dataTexts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const lengths = [...Array.from({ length: 130 }, (_, i) => i), 191, 192, 193, 1000];
  const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i * i % 251);
  found["SHA-256"] = await table((length: number) => {
    const [plain, host] = [new PlainSha256(), sha256()];
    for (const one of [plain, host]) {
      one.add(bytes(length).subarray(0, length >> 1));
      one.add(bytes(length).subarray(length >> 1));
    }
    return [plain.digest(), host.digest()];
  }, lengths);
  found["CRC-32"] = await table(
    (length: number) => [plainCrc32(bytes(length)), crc32(bytes(length))],
    lengths.slice(0, 20),
  );
  found["random numbers"] = await table((seed: number) => {
    const random = new RandomStream(seed, 3);
    return [
      scramble(seed),
      random.uniform(),
      random.uniform(-2, 5),
      random.below(10),
      random.below(1000),
      random.bell(2),
    ];
  }, [0, 1, 2, 77, -1, 2 ** 31, 2 ** 32 + 1]);
  const divisions = {
    "in order": { seed: undefined },
    "shuffled": { seed: 5 },
    "by class": { seed: 5, classes: set.y },
    "by class in order": { seed: undefined, classes: set.y },
    "by group": { seed: 5, groups },
    "by group in order": { seed: undefined, groups },
  };
  for (const [name, given] of Object.entries(divisions)) {
    for (const shares of [[1], [0.5, 0.5], [0.7, 0.2, 0.1], [0.05, 0.95], [1 / 3, 1 / 3, 1 / 3]]) {
      found[`partition ${name}, ${shares.map((share) => share.toFixed(2))}`] = await outcomeOf(() =>
        partition({ count: 11, shares, ...given })
      );
    }
  }
  for (
    const options of [{}, { shuffle: false }, { seed: 3, stratify: true }, { seed: 3, groups }, {
      shuffle: false,
      groups,
    }]
  ) {
    const title = JSON.stringify(options);
    found[`split ${title}`] = await outcomeOf(() => data.split(set, [0.6, 0.4], options as never));
    for (const folds of [2, 3, 11]) {
      found[`${folds} folds ${title}`] = await outcomeOf(() => data.kFolds(set, folds, options as never));
    }
  }
  found["taken"] = await outcomeOf(() => takeExamples(set, Int32Array.of(10, 0, 3, 3)));
  for (const classes of [[0, 1, 2], [5, 0], [0], [], [1.5], [-1]]) {
    found[`one-hot ${classes}`] = await outcomeOf(() => data.oneHotEncoding(classes));
    found[`one-hot ${classes} of 6`] = await outcomeOf(() => data.oneHotEncoding(classes, 6));
  }
  for (const rows of [[[0, 1], [1, 0]], [[0.2, 0.3, 0.5]], [[1, 1]], [[0, 0, 0]], [[NaN, 1]]]) {
    found[`decoded ${JSON.stringify(rows)}`] = await outcomeOf(() => data.oneHotDecoding(data.samples(rows)));
  }
  const { z, min, max } = data.normalize(x);
  found["normalized"] = await outcomeOf(
    () => [
      data.normalize(x),
      data.revertNormalize(z, min, max),
      data.applyNormalize(data.samples([[20, -3]]), min, max),
    ],
  );
  for (const epsilon of [1e-6, 0.5]) {
    const { z, mean, std } = data.standardize(x, epsilon);
    found[`standardized ${epsilon}`] = await outcomeOf(
      () => [data.standardize(x, epsilon), data.revertStandardize(z, mean, std)],
    );
  }
  found["constant feature"] = await outcomeOf(
    () => [data.normalize(data.samples([[1, 2], [1, 3]])), data.standardize(data.samples([[1, 2], [1, 3]]))],
  );
  for (const preprocessing of ["normalize", "standardize"] as const) {
    found[`data, ${preprocessing}`] = await outcomeOf(() => data.data([set, { x, y: set.y }], { preprocessing }));
  }
  found["digest"] = await outcomeOf(() => data.digestOf([set, { x, y: set.y.slice().reverse() }]));
  for (const length of [1, 2, 3]) found[`alphabet ${length}`] = await outcomeOf(() => data.alphabetLoader(length));
  found["numbers in CSV"] = await table(numberOf, [
    "",
    "1",
    "-1",
    "+1",
    "1.",
    ".5",
    ".",
    "1e5",
    "1E-5",
    "1e",
    "e5",
    "--1",
    "0x1",
    "1_0",
    "nan",
    "NaN",
    "inf",
    "-Infinity",
    "infinity",
    " 1",
    "1 ",
    "٣",
    "1,5",
  ]);
  found["missing in CSV"] = await table(isMissing, [
    "",
    "nan",
    "NaN",
    "NA",
    "n/a",
    "null",
    "NULL",
    "none",
    "?",
    "-",
    "0",
    "missing",
  ]);
  found["literals"] = await table(parsePythonLiteral, [
    "1",
    "-2",
    "1.5",
    "True",
    "False",
    "None",
    "'a'",
    '"b"',
    "'a\\'b'",
    "()",
    "(1,)",
    "(1, 2)",
    "(1 2)",
    "[1, [2]]",
    "{}",
    "{'a': 1}",
    "{'a': 1, }",
    "{'a' 1}",
    "{1: 2}",
    "{'a': 1, 'a': 2}",
    "(",
    "'a",
    "1 2",
    "",
    "  1  ",
    "1e5",
    "1L",
    "((((((((1,),),),),),),),)",
    "(((((((((1,),),),),),),),),)",
  ]);
  found["limits"] = await table(([bytes, limit]: readonly [number, number]) => checkLimit(bytes, limit, "x"), [
    [9, 10],
    [10, 10],
    [11, 10],
  ]);
  found["limits of sizes"] = await table(([limit, size]: readonly (number | undefined)[]) => limitOf(limit, size), [
    [5, 9],
    [undefined, 9],
    [undefined, 2 ** 31],
    [undefined, undefined],
  ]);
  found["packed"] = await table(([packed, content]: readonly [number, number]) => checkPacked(packed, content, "x"), [
    ...[[0, 0], [0, 1031], [0, 1032], [1, 1032], [1, 2063], [1, 2064], [2, 2064]],
    ...[[1_048_576, 0], [1_048_577, 0], [1_049_577, 1000], [1_049_578, 1000], [1_049_579, 1001]],
  ]);
  const exif = (length: number, ...entries: readonly (readonly [number, number])[]) => {
    const content = Uint8Array.of(
      ...[77, 77, 0, 42, 0, 0, 0, 8, 0, entries.length],
      ...entries.flatMap(([tag, value]) => [tag >> 8, tag & 255, 0, 3, 0, 0, 0, 1, 0, value, 0, 0]),
    );
    return pngOf([
      headerChunk({ width: 1, height: 1, depth: 8, color: 0 }),
      ["eXIf", content.slice(0, length)],
      pixelChunk(Uint8Array.of(0, 1)),
    ]);
  };
  found["orientations"] = await table((value: number) => orientationOf(exif(99, [0x0112, value])), [
    ...Array(11).keys(),
  ]);
  found["orientation behind another entry"] = await outcomeOf(() => orientationOf(exif(99, [0x0110, 2], [0x0112, 6])));
  found["cut orientation"] = await table((length: number) => orientationOf(exif(length, [0x0110, 2], [0x0112, 6])), [
    ...Array(36).keys(),
  ]);
  return found;
}

async function trainingTexts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const errors = [50, 49.9, 49.7, 40, 40, 39.8, 39.79, 30, NaN, 29.85, 29.85, 20];
  for (const patience of [0, 1, 4, 10]) {
    let state = beginPatience(patience);
    const lines = errors.map((error, i) => {
      state = afterValidation(state, 2 * i, error);
      return `${error}: ${JSON.stringify(state)} ${isExhausted(state, 2 * i)}`;
    });
    found[`patience ${patience}`] = lines.join("\n");
  }
  found["validation intervals"] = await table(
    ([batches, patience]: readonly [number, number]) => validationInterval(batches, patience),
    [
      ...[[10, 100], [10, 20], [10, 19], [10, 3], [10, 2], [10, 1], [10, 0], [1, 5], [3, 7]],
    ],
  );
  const curves = [[50, 40, 30], [60, null, 20], [10], [null, null, 5]];
  for (const curve of [[45, 41], [45, 40], [45, 39, 29], [55, null], [null, null], [51, 31, 31, 31]]) {
    for (const epochs of [1, 2, 3]) {
      found[`hopeless ${JSON.stringify(curve)} after ${epochs}`] = `${isHopeless(curve, curves, { epochs })} ${
        isHopeless(curve, [], { epochs })
      }`;
    }
  }
  found["shards"] = await table((text: string) => {
    const shard = parseShard(text);
    return [JSON.stringify(shard), ...Array.from({ length: 7 }, (_, number) => String(isOfShard(shard, number)))];
  }, ["0/1", "0/2", "1/2", "2/3", "2/2", "-1/2", "1/0", "a/b", "1", "1/2/3", "01/2", " 1/2", "1.5/2"]);
  const distributions = [
    entry.between(-2, 5),
    entry.logBetween(0.01, 100),
    entry.wholeBetween(3, 9),
    entry.wholeBetween(-4, -3),
  ];
  for (const one of distributions) {
    const random = new RandomStream(6, 1);
    found[`draws ${JSON.stringify(one)}`] = await describe(Array.from({ length: 12 }, () => drawFrom(one, random)));
  }
  found["ranges that are none"] = (await Promise.all([
    ...[[2, 1], [1, 1], [NaN, 1], [0, Infinity]].flatMap(([low, high]) => [
      outcomeOf(() => entry.between(low, high)),
      outcomeOf(() => entry.logBetween(low, high)),
      outcomeOf(() => entry.wholeBetween(low, high)),
    ]),
    outcomeOf(() => entry.logBetween(0, 1)),
    outcomeOf(() => entry.wholeBetween(0.5, 3)),
  ])).join("\n");
  return found;
}

/** Checksums, random numbers, divisions and parsers. */
export const dataFunctionRecording: Recording = { name: "data_functions", texts: dataTexts };

/** Early stopping, shards and distributions. */
export const trainingFunctionRecording: Recording = { name: "training_functions", texts: trainingTexts };
