/**
 * The networks that the command line knows by name: the examples of the documentation.
 *
 * @module
 */

export { networks } from "../examples/networks.ts";
