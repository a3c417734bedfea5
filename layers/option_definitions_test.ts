/**
 * Each option of each function that makes layers does what its definition says, in plain numbers. The options are those
 * of the exported functions: an option or a function without a test does not compile.
 */

import { type OptionTests, testOptions } from "../tests/option_definitions.ts";
import * as convolutions from "./convolution/test_options.ts";
import * as attentions from "./attention/test_options.ts";
import * as normalizations from "./normalization/test_options.ts";
import { bnLstm } from "./recurrent/test_bn_lstm.ts";
import * as recurrents from "./recurrent/test_options.ts";
import * as unsupervised from "./unsupervised/test_options.ts";
import * as denses from "./test_dense_options.ts";
import type * as layers from "./mod.ts";
import { type MakerName, subjects } from "./test_kinds.ts";

/** The last argument of a function. */
type LastOf<F extends (...args: never[]) => unknown> = Required<Parameters<F>> extends [...unknown[], infer Last]
  ? Exclude<Last, undefined>
  : never;

const tests: Readonly<{ [K in MakerName]: OptionTests<LastOf<typeof layers[K]>> }> = {
  ...denses,
  ...convolutions,
  ...normalizations,
  ...attentions,
  ...recurrents,
  bnLstm,
  ...unsupervised,
};

for (const [name, { kind }] of Object.entries(subjects)) testOptions(name, kind.options, tests[name as MakerName]);
