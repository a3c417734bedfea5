/**
 * Mutants of `data/images/` that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import { type Accepted, ofLine } from "./accepted_mutant.ts";

/** Mutants of `data/images/` that may survive. */
export const acceptedInImages: readonly Accepted[] = [
  {
    file: "data/images/resize.ts",
    context: "for (let j = 0; j < after; j++) result[target + j] += weight * values[source + j];",
    name: "result[target + j] += weight * values[source + j] → result[target + j] -= weight * values[source + j]",
    reason: "both axes are resized by this line, so values are negated twice",
  },
  ...ofLine(
    {
      file: "data/images/png_values.ts",
      context: "if (depth === 8 && values instanceof Uint8Array) return values;",
      reason: "a shortcut: levels of eight bits are multiplied by 1",
    },
    "if (depth === 8 && values instanceof Uint8Array) return values; → ;",
    ...["8 → 9", "8 → (7)", "8 → (2 * 8)", "8 → 0"],
  ),
  ...ofLine(
    {
      file: "data/images/png_values.ts",
      context: "if (depth >= 8) return data;",
      reason: "no values have 5 to 7 bits",
    },
    "8 → (7)",
  ),
  {
    file: "data/images/decode_all.ts",
    context: "if (channels === 1) return values;",
    name: "if (channels === 1) return values; → ;",
    reason: "a shortcut: the only channel would be copied",
  },
  ...ofLine(
    {
      file: "data/images/jpeg_header.ts",
      context: "let at = 2;",
      reason: "the second byte is none at which a part begins, so it is passed over",
    },
    "2 → (1)",
  ),
  ...ofLine(
    {
      file: "data/images/resize.ts",
      context: "const first = Math.max(0, Math.floor(center - reach + 0.5));",
      reason: "pixels that are further away have the weight 0",
    },
    "Math.max(0, Math.floor(center - reach + 0.5)) → (0)",
    ...["(center - reach - 0.5)", "(center - reach)", "(0.5)"].map((kept) => `center - reach + 0.5 → ${kept}`),
    ...["0.5 → (0.5 / 2)", "0.5 → 0"],
  ),
  ...ofLine(
    {
      file: "data/images/resize.ts",
      context: "const end = Math.min(from, Math.floor(center + reach + 0.5));",
      reason: "pixels that are further away have the weight 0, and lengths of arrays are rounded down",
    },
    "Math.min(from, Math.floor(center + reach + 0.5)) → (from)",
    ...["Math.floor(center + reach + 0.5) → (center + reach + 0.5)", "Math.floor → Math.ceil", "0.5 → (2 * 0.5)"],
  ),
  ...ofLine(
    {
      file: "data/images/resize.ts",
      context: "const sums = height * size.width <= width * size.height",
      reason: "both orders compute the same sums; a test bounds the memory of pictures of one line",
    },
    ...["(height / size.width)", "(height)", "(size.width)"].map((other) => `height * size.width → ${other}`),
    ...["(width / size.height)", "(width)", "(size.height)"].map((other) => `width * size.height → ${other}`),
  ),
  ...ofLine(
    {
      file: "data/images/resize.ts",
      context: "resizeAxis(values, down, { before: 1, after: width * channels }),",
      reason: "what is computed behind the end is not read",
    },
    "1 → 2",
  ),
  {
    file: "data/images/decode_all.ts",
    context: "for (let begin = 0; begin < files.length; begin += run) {",
    name: "begin < files.length → (begin <= files.length)",
    reason: "no pictures are decoded once more",
  },
  {
    file: "data/images/decode_image.ts",
    context: "return size <= start.length ? start.subarray(0, size) : await source.read(0, size);",
    name: "size <= start.length → (size < start.length)",
    reason: "the same bytes are read again",
  },
  {
    file: "data/images/find_images.ts",
    context: "return a < b ? -1 : 1;",
    name: "a < b → (a <= b)",
    reason: "names in a folder differ",
  },
  {
    file: "data/images/jpeg_header.ts",
    context: "while (at < bytes.length && bytes[at] !== 0xff) at++; // scan data, or bytes that decoders skip",
    name: "at < bytes.length → (at <= bytes.length)",
    reason: "at the end and behind it there is no marker",
  },
  {
    file: "data/images/orientation.ts",
    context: "for (let at = FIRST_CHUNK; at + 12 <= bytes.length;) {",
    name: "at + 12 <= bytes.length → (at + 12 < bytes.length)",
    reason: "a last chunk of no data says nothing about the orientation",
  },
  {
    file: "data/images/png.ts",
    context: "if (fromLeft <= fromAbove && fromLeft <= fromCorner) return left;",
    name: "fromLeft <= fromAbove → (fromLeft < fromAbove)",
    reason: "if both are as near, and nearer than the corner, they have the same value",
  },
  {
    file: "data/images/resize.ts",
    context: "const sums = height * size.width <= width * size.height",
    name: "height * size.width <= width * size.height → (height * size.width < width * size.height)",
    reason: "both orders compute the same sums, and here they take the same memory",
  },
  {
    file: "data/images/decode_all.ts",
    context:
      "for (let channel = 0; channel < channels; channel++) planes[channel * pixels + i] = values[i * channels + channel];",
    name: "channel < channels → (channel <= channels)",
    reason: "what is written behind the end of an array has no effect",
  },
  {
    file: "data/digits/digits.ts",
    context: "for (let image = 0; image < n; image++) {",
    name: "image < n → (image <= n)",
    reason: "what is written behind the end of an array has no effect",
  },
  {
    file: "data/images/png.ts",
    context: "const LEAST_COPY = 64;",
    name: "64 → 65",
    reason: "how bytes are copied changes the speed only",
  },
  {
    file: "cli/images/digit.ts",
    context: "if (share > 1e-9) parts.push([part, share]);",
    name: "share > 1e-9 → (share >= 1e-9)",
    reason: "any share that is as small as rounding errors may count or not",
  },
  {
    file: "cli/runs/read.ts",
    context: "return tryStat(file)?.mtime?.getTime() ?? 0;",
    name: "0 → (-1)",
    reason: "any time before that of all files is as right",
  },
  {
    file: "cli/images/grey.ts",
    context: "for (let i = 0; i < values.length; i++) {",
    name: "i < values.length → (i <= values.length)",
    reason: "what is written behind the end of an array has no effect",
  },
];
