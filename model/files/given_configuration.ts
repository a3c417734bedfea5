/**
 * Reads the parts of a model from a configuration, or from the file of one.
 *
 * @module
 */

import { pathOf } from "../../core/host_files.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { checkConfiguration, type ModelConfiguration, readConfiguration } from "./configuration.ts";
import { type ConfiguredParts, partsFromConfiguration, type Substitutes } from "./model_configuration.ts";
import { type OwnParts, ownPartsOptions } from "./own_parts.ts";
import { type ReadOptions, textFileOptions } from "./read_options.ts";

/** How a configuration is read: the longest file, and the layers and functions of your own that it only names. */
export interface ConfigurationOptions extends ReadOptions, OwnParts {}

/** {@linkcode ConfigurationOptions}, declared. */
export const configurationOptions = {
  ...textFileOptions,
  ...ownPartsOptions,
} satisfies Declaration<ConfigurationOptions>;

/** A configuration, or where it is, and how it is read. */
export interface GivenConfiguration {
  readonly conf: ModelConfiguration | string | URL;
  readonly options: ConfigurationOptions;
}

/** The parts of a configuration or a `.yc` file; substitutes are used for functions that it only names. */
export function partsFromGiven({ conf, options }: GivenConfiguration, substitutes: Substitutes): ConfiguredParts {
  const { limitBytes, ...own } = readOptions("read a configuration", configurationOptions, options);
  if (typeof conf !== "string" && !(conf instanceof URL)) {
    return partsFromConfiguration(checkConfiguration(conf), substitutes, { own });
  }
  return partsFromConfiguration(readConfiguration(conf, { limitBytes }), substitutes, { file: pathOf(conf), own });
}
