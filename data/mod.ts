/**
 * Data on the host: sets of samples, their preprocessing, and their sources.
 *
 * @module
 */

export {
  type Data,
  data,
  type DataOf,
  type DataOptions,
  type NamedData,
  type NamedDataOf,
  type TensorSetOf,
} from "./data.ts";
export type { OneOrNamed } from "./named.ts";
export type { NamedTensors, NamedTensorSet, TensorPair, TensorSet } from "./tensor_set.ts";
export type { NamedRows, RowArray, RowPair, Rows, RowType } from "./rows.ts";
export { alphabet, alphabetLoader, type AlphabetSet } from "./alphabet.ts";
export { ImageFolder, type ImageFolderContent } from "./images/image_folder.ts";
export type { SkippedImage } from "./images/decode_all.ts";
export type { ImageOptions } from "./images/image_options.ts";
export { ImagePreprocessing, type ImagePreprocessingConfiguration } from "./images/image_preprocessing.ts";
export { readImageFolder, type ReadImageFolderOptions } from "./images/read_image_folder.ts";
export { type ImageInput, readImages } from "./images/read_images.ts";
export type { ImageProgress, ReadImagesOptions } from "./images/read_images_options.ts";
export { type Csv, type CsvOptions, type MissingValues, parseCsv, readCsv } from "./formats/csv.ts";
export { digestOf } from "./digest.ts";
export { CacheError, DataError, DownloadError } from "./errors.ts";
export { LibraryError } from "./libraries/load_library.ts";
export { digits, digitsLoader, type DigitsOptions } from "./digits/digits.ts";
export type { DownloadProgress } from "./mnist/download.ts";
export { type Idx, type IdxArray, parseIdx, readIdx } from "./formats/idx.ts";
export type { LimitOptions } from "./formats/limits.ts";
export type { ImageLoaderOptions, ImageSets } from "./mnist/image_loader.ts";
export type { LoadEvent } from "./mnist/kept_files.ts";
export { ImageSet } from "./mnist/image_set.ts";
export { fashionMnistLoader, mnistLoader } from "./mnist/mnist.ts";
export { type Npy, parseNpy, readNpy } from "./formats/npy.ts";
export type { NpyValues } from "./formats/npy_format.ts";
export { type NpySet, type NpySource, type NpySourceOptions, openNpy, openNpySet } from "./formats/npy_source.ts";
export { parseNpz, readNpz } from "./formats/npz.ts";
export { type Fold, type GivenSampleSet, kFolds, type SourceSetOf, split, type SplitOptions } from "./split.ts";
export type { Groups } from "./partition.ts";
export { oneHotDecoding, oneHotEncoding } from "./one_hot.ts";
export {
  applyNormalize,
  applyStandardize,
  normalize,
  type Normalized,
  revertNormalize,
  revertStandardize,
  standardize,
  type Standardized,
} from "./preprocessing.ts";
export type { FittedPreprocessing, PreprocessingConfiguration } from "./steps/any_preprocessing.ts";
export { preprocessingFromConf } from "./steps/configuration.ts";
export type { DatePart } from "./steps/date_steps.ts";
export { type ColumnOptions, fitPreprocessing } from "./steps/fit_preprocessing.ts";
export type { FittedColumn, FittedStep } from "./steps/fitted_column.ts";
export type { ColumnStep, ColumnSteps, OptionsByStep, StepName, Treatment } from "./steps/registry.ts";
export { TablePreprocessing, type TablePreprocessingConfiguration } from "./steps/table_preprocessing.ts";
export { withoutMissing } from "./table/without_missing.ts";
export { type Cell, Column, type ColumnContent, type ColumnType, type TableOrigin } from "./table/column.ts";
export { type TableData, tableData, type TableDataOptions } from "./table_data.ts";
export { readParquet, type ReadParquetOptions } from "./table/read_parquet.ts";
export { parseTable, readTable, type ReadTableOptions } from "./table/read_table.ts";
export type { TableSplitOptions } from "./table/split_table.ts";
export { Table, type TableRow } from "./table/table.ts";
export { type GivenRow, tableOf, type TableOfOptions } from "./table/table_of.ts";
export {
  InputScaling,
  type InputScalingConfiguration,
  type NamedSamples,
  type Preprocessing,
  type Scaling,
  type ScalingConfiguration,
} from "./scaling.ts";
export type { FloatArray, NumberArray, SampleValues, WholeArray } from "./number_array.ts";
export type { NestedNumbers } from "./nested_numbers.ts";
export type { GivenNamedSet, GivenSet, NamedSourceSet, PartsOf, SampleSource, SourceSet } from "./sample_source.ts";
export { type AnySamples, type Samples, samples, type SampleSet, type SamplesOptions } from "./samples.ts";
export type { Shape } from "../core/shape.ts";
export type { FileHandle, WebFile, WebFileWriter } from "../core/web_file.ts";
