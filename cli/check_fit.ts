/**
 * Whether data fit a saved model.
 *
 * @module
 */

import type { Data } from "../data/data.ts";
import { DataError } from "../data/errors.ts";
import { checkData } from "../model/model.ts";
import type { Network } from "../model/network.ts";

/**
 * Throws if a network cannot take the samples of data, or cannot have their classes.
 *
 * @param action what is done with them, for the message: `evaluate`
 * @throws {DataError} with what the network takes, and what the data have.
 */
export function checkFit(action: string, network: Network, data: Data): void {
  try {
    checkData(action, network, data);
  } catch (cause) {
    throw cause instanceof TypeError || cause instanceof RangeError ? new DataError(cause.message, { cause }) : cause;
  }
}
