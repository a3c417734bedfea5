/**
 * Mutants of `data/` that no test notices, each with the reason why this is no gap in the tests. Those that were found
 * first are in `accepted.ts`.
 *
 * @module
 */

import { acceptedInFormats } from "./accepted_in_formats.ts";
import { acceptedInImages } from "./accepted_in_images.ts";
import { type Accepted, ofLine } from "./accepted_mutant.ts";

/** Loops that run once too often, in which typed arrays are read or written past their ends: without any effect. */
const pastTheEnd: readonly Accepted[] = [
  {
    file: "data/check_sets.ts",
    context: "for (let i = 0; i < values.length; i++) if (values[i] > 0 && values[i] < LEAST) return i;",
    name: "i < values.length → (i <= values.length)",
    reason: "an element past the end is undefined, which is not above 0",
  },
  {
    file: "data/data.ts",
    context: "for (let i = 0; i < y.length; i++) if (y[i] > highest) highest = y[i];",
    name: "i < y.length → (i <= y.length)",
    reason: "an element past the end is undefined, which is not greater",
  },
  {
    file: "data/partition.ts",
    context: "for (let i = 0; i < numbers.length; i++) counts[classes[numbers[i]]]++;",
    name: "i < numbers.length → (i <= numbers.length)",
    reason: "past the end there is no class whose number would change",
  },
  ...([
    ["data/checksums.ts", "for (let t = 16; t < 64; t++) {", "t < 64 → (t <= 64)"],
    [
      "data/grey_levels.ts",
      "for (let i = 0; i < levels.length; i++) values[i] = levels[i] / 255;",
      "i < levels.length → (i <= levels.length)",
    ],
    [
      "data/images/convert_channels.ts",
      "for (let i = 0; i < width * height; i++) {",
      "i < width * height → (i <= width * height)",
    ],
    [
      "data/images/jpeg.ts",
      "for (let i = 0; i < values.length; i++) values[i] = data[3 * i];",
      "i < values.length → (i <= values.length)",
    ],
    ["data/images/orientation.ts", "for (let y = 0; y < height; y++) {", "y < height → (y <= height)"],
    [
      "data/images/png.ts",
      "for (let i = 0; i < part.columns * part.rows; i++) {",
      "i < part.columns * part.rows → (i <= part.columns * part.rows)",
    ],
    [
      "data/number_array.ts",
      "for (let i = 0; i < numbers.length; i++) {",
      "i < numbers.length → (i <= numbers.length)",
    ],
    [
      "data/images/png_values.ts",
      "for (let i = 0; i < levels.length; i++) levels[i] = Math.round(values[i] * scale);",
      "i < levels.length → (i <= levels.length)",
    ],
    ["data/images/resize.ts", "for (let outer = 0; outer < before; outer++) {", "outer < before → (outer <= before)"],
    [
      "data/images/resize.ts",
      "for (let k = 0; k < weights.length; k++) weights[k] /= sum;",
      "k < weights.length → (k <= weights.length)",
    ],
    [
      "data/steps/table_preprocessing.ts",
      "for (let row = 0; row < rows; row++) values[row * width + i] = column[row];",
      "row < rows → (row <= rows)",
    ],
    [
      "data/table/column.ts",
      "for (let i = 0; i < rows.length; i++) taken[i] = numbers[rows[i]];",
      "i < rows.length → (i <= rows.length)",
    ],
  ] as const).map(([file, context, name]): Accepted => ({
    file,
    context,
    name,
    reason: "an element past the end of a typed array is not written",
  })),
  ...([
    [
      "data/images/convert_channels.ts",
      "for (let k = 0; k < 3; k++) converted[i * 3 + k] = Math.round(over(values[colors === 1 ? at : at + k]));",
      "k < 3 → (k <= 3)",
    ],
    [
      "data/images/decode_all.ts",
      "for (let channel = 0; channel < channels; channel++) planes[channel * pixels + i] = values[i * channels + channel];",
      "channel < channels → (channel <= channels)",
    ],
    ["data/images/orientation.ts", "for (let x = 0; x < width; x++) {", "x < width → (x <= width)"],
    [
      "data/images/orientation.ts",
      "for (let k = 0; k < channels; k++) values[to + k] = picture.values[from + k];",
      "k < channels → (k <= channels)",
    ],
    [
      "data/images/png_values.ts",
      "for (let k = 0; k < channels; k++) levels[i * channels + k] = color[k];",
      "k < channels → (k <= channels)",
    ],
    ["data/images/png.ts", "for (let i = 0; i < line; i++) {", "i < line → (i <= line)"],
    [
      "data/images/png.ts",
      "else for (let i = 0; i < line; i++) bytes[to + i] = bytes[from + 1 + i];",
      "i < line → (i <= line)",
    ],
  ] as const).map(([file, context, name]): Accepted => ({
    file,
    context,
    name,
    reason: "what is written past the end is overwritten by what follows, or lies behind the end of the array",
  })),
];

const inParquet: readonly Accepted[] = [
  {
    file: "data/parquet/thrift.ts",
    context: 'if (this.position > this.bytes.length) throw new RangeError("it is cut short");',
    name: "this.position > this.bytes.length → (this.position >= this.bytes.length)",
    reason: "a structure does not end with a number, so it is cut short in any case",
  },
  {
    file: "data/parquet/load_parquet.ts",
    context: "if (part.count !== group.rows || part.begin + part.packed > size - END_BYTES) {",
    name: "part.begin + part.packed > size - END_BYTES → (part.begin + part.packed >= size - END_BYTES)",
    reason: "the bytes before the end are those of the footer, so no column ends there",
  },
];

/** Mutants of `data/` that may survive. */
export const acceptedInData: readonly Accepted[] = [
  ...pastTheEnd,
  ...acceptedInFormats,
  ...acceptedInImages,
  ...inParquet,
  ...ofLine(
    {
      file: "data/augment/beta.ts",
      context: "for (let i = 0; i < 40; i++) {",
      reason: "there are more rounds than make a difference",
    },
    "i < 40 → (i <= 40)",
  ),
  {
    file: "data/augment/beta.ts",
    context: "if (below(alpha, middle) < probability) low = middle;",
    name: "below(alpha, middle) < probability → (below(alpha, middle) <= probability)",
    reason: "at the quantile itself, both halves end there",
  },
  ...ofLine(
    {
      file: "data/augment/mixing.ts",
      context: "share: mixed.equal(0).where(wide.broadcastTo(mixed.shape), part.div(mixed.equal(0).where(1, mixed))),",
      reason: "where the quotient is not used, any divisor will do",
    },
    ...["1 → 0", "1 → 2", "1 → (0)"],
  ),
  {
    file: "data/augment/chain.ts",
    context: "if (moving && others.length > 0) {",
    name: "others.length > 0 → (others.length >= 0)",
    reason: "one that moves pixels alone moves them by the same function",
  },
  {
    file: "data/digest.ts",
    context: "for (let begin = 0; begin < count; begin += most) {",
    name: "begin < count → (begin <= count)",
    reason: "no bytes are added once more",
  },
  {
    file: "data/digest.ts",
    context: 'return partsIn(rows, areRows).sort(({ name: a = "" }, { name: b = "" }) => a < b ? -1 : 1);',
    name: "a < b → (a <= b)",
    reason: "names of parts differ",
  },
  {
    file: "data/digits/digits.ts",
    context:
      "if (n > MOST_IMAGES) throw new RangeError(`Cannot make digits: expected at most ${MOST_IMAGES} images, got ${n}`);",
    name: "n > MOST_IMAGES → (n >= MOST_IMAGES)",
    reason: "a round bound; as many images would take 4 GiB",
  },
  ...[
    ["if (lacking > most + 1e-9) [best, most] = [part, lacking];", "lacking > most + 1e-9 → (lacking >= most + 1e-9)"],
    ["if (change < least - 1e-9) [best, least] = [part, change];", "change < least - 1e-9 → (change <= least - 1e-9)"],
  ].map(([context, name]): Accepted => ({
    file: "data/partition.ts",
    context,
    name,
    reason: "the bound of a tolerance of rounding is a choice",
  })),
  ...ofLine(
    {
      file: "data/partition.ts",
      context: "const end = i === shares.length - 1 ? order.length : Math.round(sum * order.length);",
      reason: "the sum of all shares is 1 but for rounding, so the last part ends there, too",
    },
    ...["(shares.length + 1)", "(shares.length)"].map((other) => `shares.length - 1 → ${other}`),
    ...["shares.length → (shares.length + 1)", "1 → (0)", "1 → 0"],
  ),
  ...ofLine(
    {
      file: "data/partition.ts",
      context: "const kinds = classes.reduce((most, one) => Math.max(most, one), -1) + 2;",
      reason: "classes without examples change nothing",
    },
    ...["-1 → (1)", "1 → (0)", "1 → 0"],
  ),
  ...ofLine(
    {
      file: "data/partition.ts",
      context: "let [best, most] = [0, -Infinity];",
      reason: "the first part lacks more than this, so it takes its place",
    },
    ...["0 → 1", "0 → (-1)"],
  ),
  ...ofLine(
    {
      file: "data/partition.ts",
      context: "let change = 0;",
      reason: "changes of all parts are compared, so only differences count",
    },
    ...["0 → 1", "0 → (-1)"],
  ),
  ...ofLine(
    {
      file: "data/partition.ts",
      context: "for (let i = 0; i < numbers.length; i++) counts[classes[numbers[i]]]++;",
      reason: "past both ends there is no class whose number would change",
    },
    ...["0 → (-1)", "numbers.length → (numbers.length + 1)"],
  ),
  {
    file: "data/mnist/cache.ts",
    context: "await file.sync();",
    name: "await file.sync(); → ;",
    reason: "what is synchronized survives a loss of power, which tests cannot cause",
  },
  {
    file: "data/partition.ts",
    context: "for (let i = count - 1; i > 0; i--) {",
    name: "i > 0 → (i >= 0)",
    reason: "the first element is exchanged for itself, and no random number is drawn afterwards",
  },
  ...ofLine(
    {
      file: "data/sample_source.ts",
      context: "const most = Math.min(count, Math.max(1, Math.floor(RUN_BYTES / (4 * Math.max(1, width)))));",
      reason: "how much memory is taken for a run",
    },
    ...[
      "Math.min(count, Math.max(1, Math.floor(RUN_BYTES / (4 * Math.max(1, width))))) → " +
      "(Math.max(1, Math.floor(RUN_BYTES / (4 * Math.max(1, width)))))",
      "Math.max(1, width) → (width)",
    ],
  ),
  ...ofLine(
    {
      file: "data/images/decode_all.ts",
      context: "const run = Math.max(1, Math.floor(RUN_BYTES / bytes));",
      reason: "how many pictures are passed on at a time",
    },
    ...[
      "Math.max(1, Math.floor(RUN_BYTES / bytes)) → (1)",
      "RUN_BYTES / bytes → (RUN_BYTES * bytes)",
      "Math.floor → Math.ceil",
      "RUN_BYTES / bytes → (RUN_BYTES)",
      "RUN_BYTES / bytes → (bytes)",
    ],
  ),
  {
    file: "data/parquet/load_parquet.ts",
    context:
      "builder.add(chunk, Math.max(0, rows.first - begin), Math.max(0, Math.min(chunk.length, rows.last - begin)));",
    name: "Math.max(0, Math.min(chunk.length, rows.last - begin)) → (Math.min(chunk.length, rows.last - begin))",
    reason: "up to a position below 0 there are no values either",
  },
  {
    file: "data/sample_source.ts",
    context: "for (let begin = 0; begin < count; begin += most) {",
    name: "begin < count → (begin <= count)",
    reason: "no samples are read once more",
  },
  {
    file: "data/steps/impute.ts",
    context: "return meanOf(sorted.subarray(Math.ceil(middle) - 1, Math.floor(middle) + 1));",
    name: "Math.floor(middle) → (middle)",
    reason: "positions in arrays are rounded down",
  },
  {
    file: "data/steps/category_steps.ts",
    context: "return [...found].sort((a, b) => isNumber ? Number(a) - Number(b) : a < b ? -1 : 1);",
    name: "a < b → (a <= b)",
    reason: "what is found differs",
  },
  {
    file: "data/steps/number_steps.ts",
    context: "return known.reduce((greatest, one) => Math.max(greatest, Math.abs(one)), 0);",
    name: "0 → 1",
    reason: "the greatest size is asked for only if sums or squares are infinite, so it is far above 1",
  },
];
