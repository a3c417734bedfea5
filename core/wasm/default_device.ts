/**
 * Makes the first computation use WebAssembly if no device was chosen. Importing this file is enough.
 *
 * @module
 */

import { computeAtOnceBy } from "../device.ts";
import { openWasm } from "./backend.ts";

computeAtOnceBy(openWasm);
