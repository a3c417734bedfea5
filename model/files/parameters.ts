/**
 * `.yp` files: the parameters of a network, in the safetensors format.
 *
 * @module
 */

import { showText } from "../../core/options/show.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { pathOf } from "../../core/host_files.ts";
import { isWebFile, type WebFile, type WritableFile } from "../../core/web_file.ts";
import { custom } from "../../core/options/option.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import { type ByteSource, openSource } from "./byte_source.ts";
import { type ReadOptions, tensorFileOptions } from "./read_options.ts";
import { isPlainRecord } from "./json.ts";
import { TensorMismatchError } from "./errors.ts";
import { refuseLeased } from "./lease.ts";
import { type FileFormat, readFormat } from "./format.ts";
import { encodeSafetensors, readSafetensors, type Safetensors } from "./safetensors.ts";
import { entriesOf, mismatches, treeOf } from "./tensor_entries.ts";
import { readWebFile, writeAnyFile } from "./web_file.ts";

const namedKind = custom<NamedParameters<unknown>>({
  expected: "a name and parameters",
  accepts: (value): value is NamedParameters<unknown> =>
    typeof value === "object" && value !== null && "network" in value && typeof value.network === "string" &&
    "params" in value && isPlainRecord(value.params),
});

/** The formats of parameters; the first files of format 1 have no number. */
export const PARAMETERS_FORMAT: FileFormat = { kind: "parameters", number: 1, readable: [1] };

const FORMAT = "yadll parameters";

/** The parameters of a network. */
export interface NamedParameters<P> {
  /** The name of the network. */
  readonly network: string;
  /** The parameters, by layer and name. */
  readonly params: P;
}

/**
 * Writes the parameters of a network in one step: either completely, or the file is unchanged. In browsers, the path is
 * a file of the browser's file system.
 *
 * @throws {FileError} if the file cannot be written, or a training is writing to it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ones, zeros } from "@yadll/yadll/core";
 * import { readParameters, writeParameters } from "@yadll/yadll/model";
 *
 * const path = await Deno.makeTempFile({ suffix: ".yp" });
 * await writeParameters(path, { network: "mlp", params: { output: { b: ones([2]) } } });
 * const { output } = readParameters(path, { network: "mlp", params: { output: { b: zeros([2]) } } });
 * assertEquals(await output.b.toArray(), [1, 1]);
 * await Deno.remove(path);
 * ```
 */
export async function writeParameters(
  path: WritableFile,
  named: NamedParameters<unknown>,
): Promise<void> {
  refuseSurplus("writeParameters", arguments, 2);
  checkArgument("write parameters", named, namedKind);
  refuseLeased(path);
  const { network, params } = named;
  await writeAnyFile(path, encodeSafetensors(await entriesOf(params), parametersMetadata(network)));
}

/**
 * The parameters of a file, which must fit a network. Files of other programs name no network, and are accepted if
 * their tensors fit.
 *
 * @param like The network's name, and parameters with the same names, types and shapes.
 * @throws {FileError} if the file cannot be read.
 * @throws {FileFormatError} if it is damaged, of another kind, or of a later version.
 * @throws {TensorMismatchError} if the network's name or any tensor differs; all differences are listed.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { ones } from "@yadll/yadll/core";
 * import { readParameters, TensorMismatchError, writeParameters } from "@yadll/yadll/model";
 *
 * const path = await Deno.makeTempFile({ suffix: ".yp" });
 * await writeParameters(path, { network: "mlp", params: { output: { b: ones([2]) } } });
 * const like = { network: "mlp", params: { output: { b: ones([3]) } } };
 * const { problems } = assertThrows(() => readParameters(path, like), TensorMismatchError);
 * assertEquals(problems, ['tensor "output/b": expected f32[3], got f32[2]']);
 * await Deno.remove(path);
 * ```
 */
export function readParameters<P>(path: string | URL, like: NamedParameters<P>, options?: ReadOptions): P;
/**
 * The parameters of a file of the web: a response of `fetch`, a `Blob`, or a file of the browser's file system.
 *
 * @throws {FileError} if the file cannot be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { zeros } from "@yadll/yadll/core";
 * import { encodeSafetensors, readParameters } from "@yadll/yadll/model";
 *
 * const b = { dtype: "f32", shape: [2], values: Float32Array.of(1, 2) } as const;
 * const file = new Response(new Blob(encodeSafetensors({ "output/b": b })));
 * const { output } = await readParameters(file, { network: "mlp", params: { output: { b: zeros([2]) } } });
 * assertEquals(await output.b.toArray(), [1, 2]);
 * ```
 */
export function readParameters<P>(file: WebFile, like: NamedParameters<P>, options?: ReadOptions): Promise<P>;
export function readParameters<P>(
  path: string | URL | WebFile,
  like: NamedParameters<P>,
  options: ReadOptions = {},
): P | Promise<P> {
  refuseSurplus("readParameters", arguments, 3);
  checkArgument("read parameters", like, namedKind);
  const { limitBytes } = readOptions("read parameters", tensorFileOptions, options);
  if (isWebFile(path)) {
    return readWebFile(path, limitBytes).then((source) => parametersFrom(source, like));
  }
  using source = openSource(pathOf(path), limitBytes);
  return parametersFrom(source, like);
}

function parametersFrom<P>(source: ByteSource, like: NamedParameters<P>): P {
  const { file } = source;
  const { tensors, metadata } = readSafetensors(source);
  checkParameters(metadata, file);
  const problems = mismatches(tensors, like.params);
  const { network = like.network } = metadata;
  if (network !== like.network) {
    problems.unshift(`network: expected "${showText(like.network)}", got "${showText(network)}"`);
  }
  if (problems.length > 0) throw new TensorMismatchError(file, problems);
  return treeOf(tensors, like.params);
}

/** The metadata of a file of parameters. */
export function parametersMetadata(network: string): Safetensors["metadata"] {
  return { format: FORMAT, version: String(PARAMETERS_FORMAT.number), network };
}

/**
 * Checks the format number of parameters; files of other programs need none.
 *
 * @throws {FileFormatError} if this version does not read the format.
 */
export function checkParameters({ format, version }: Safetensors["metadata"], file: string): void {
  if (format === FORMAT) readFormat(PARAMETERS_FORMAT, version, file);
}
