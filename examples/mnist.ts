/**
 * Trains a network on MNIST:
 *
 * ```sh
 * deno run -A examples/mnist.ts lenet5
 * ```
 *
 * @module
 */

import { main } from "../cli/mod.ts";

Deno.exit(await main(Deno.args));
