/**
 * Values of other kinds that arguments take, because they are documented to.
 *
 * @module
 */

const numbers = ["0", "-0", "-1", "2.5", "1e21", "2 ** 31", "NaN", "Infinity", "-Infinity"];
const tensors = ["scalar tensor", "i32 tensor", "bool tensor", "tensor of rank 5", "empty tensor", "disposed tensor"];
const functions = ["function", "throwing function"];
const text = ["string", "empty string", "number as a string"];

/** Paths of arguments, and the values that they take. */
const known: readonly (readonly [argument: RegExp, values: readonly string[] | "anything"])[] = [
  // A number or a tensor.
  [/^(add|sub|mul|div|mod|pow|binary|maximum|minimum|(not)?[eE]qual|less(Equal)?|greater(Equal)?|and|or) \[\d\]$/, [
    ...numbers,
    ...tensors,
  ]],
  [/^(where|clip|bernoulli) \[\d\]$/, [...numbers, ...tensors]],
  [/\.alpha$/, tensors],
  // Any number.
  [/^(full|fullLike|scalar|pad|tensor|samples|formatError|formatSec) /, ["NaN"]],
  // One axis or several.
  [/^(sum|prod|mean|max|min|argmax|argmin|variance|logSumExp|batchNormalization) \[\d\]\.axis$/, ["0", "-0", "-1"]],
  [/^(flip|squeeze|batchStatistics) \[\d\]$/, ["0", "-0", "-1"]],
  // Any tree of tensors and constants.
  [/^(leavesOf|pathsOf|stopGradient|globalNorm|entriesOf|mismatches) /, "anything"],
  // One angle, or an interval.
  [/^random(Affine|Rotation) \[0\]\.degrees$/, ["0", "-0", "2.5", "list of fractions"]],
  // An activation without options.
  [/^softmax \[1\]$/, ["empty record", "record without a prototype"]],
  // Functions of one's own.
  [/^(activationLayer|denseLayer|getActivation) .*$/, functions],
  [/^model(\.parts)? .*\.(updates|objective|evaluationMetric)$/, functions],
  // Extents that may be anything.
  [/\.(shape|imageShape|outputShape)\[\d\]$/, ["0", "-0", "-1", "2 ** 31", "null"]],
  [/^uniform .*\.scale$/, numbers],
  // Parameters that the function does not need.
  [/^(hiddenProbabilities|visibleLogits|visibleProbabilities|contraction) \[0\]\.b/, "anything"],
  // Figures of a report, of which some pictures show only a part.
  [
    /^(htmlReport|learningCurves|terminalCurves|compareRuns|confusionMatrix|jsonRecord|rateCurve|terminalRateCurve|search(Html|Picture|Svg)) /,
    "anything",
  ],
  // Values of hyperparameters.
  [/^(hps\.with|new Hyperparameters|hyperparameters) /, ["null", "true", ...numbers, ...text, ...functions]],
  // Numbers in any array, or true and false.
  [/^samples \[0\]/, ["Int8Array", "Float64Array", "true"]],
  // Names of columns, or steps for them, of which there may be none.
  [/^fitPreprocessing \[1\]\.inputs$/, ["list of strings"]],
  [/^(fitPreprocessing|tableData) \[1\]\..*$/, ["empty list"]],
  // Missing values.
  [/^tableOf \[0\]\[\d\]\./, ["null", "NaN"]],
  // Class numbers in any array.
  [/^(digestOf|split|kFolds|data) .*\.y$/, ["Int8Array", "Float64Array"]],
  [/^oneHotEncoding \[0\]$/, ["Int8Array", "Float64Array"]],
  // Reports and configurations of files, of which only what is shown is read.
  [/^(historyCsv|summaryLines|logLines|encodeModel|writeModel|timer|formatTable|refitBest|finish) /, "anything"],
  [/^model\.saveMode \[0\]$/, ["null"]],
  [/^model\.resume \[0\]$/, text],
  [/^model\.fromConf \[0\]$/, text],
];

/** Whether an argument takes a value of another kind on purpose. */
export function isOnPurpose(argument: string, value: string): boolean {
  return known.some(([path, values]) => path.test(argument) && (values === "anything" || values.includes(value)));
}
