/**
 * Lets the first computation use WebAssembly at once, where no device was chosen: importing this file is what does it.
 *
 * @module
 */

import { computeAtOnceBy } from "../device.ts";
import { openWasm } from "./backend.ts";

computeAtOnceBy(openWasm);
