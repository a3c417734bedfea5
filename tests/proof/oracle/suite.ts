/**
 * The oracle: every operation, compared with its definition in double precision.
 *
 * @module
 */

import { setDevice } from "../../../core/device.ts";
import type { Suite, SuiteOptions, SuiteReport } from "../suite.ts";
import { check, type Measured } from "./check.ts";
import { checkGenerators, knownAnswers, type MeasuredMoment } from "./generators.ts";
import { checkKinks, kinks } from "./kinks.ts";
import type { Device } from "./operation.ts";
import { sectionOf } from "./section.ts";
import { operations } from "./table.ts";

/** Samples of each operation on each device. */
const SAMPLES = 200;

/** What was measured of one operation, by device. */
export interface Row {
  readonly group: string;
  readonly name: string;
  readonly measured: ReadonlyMap<Device, Measured>;
}

/** Everything that was measured. */
export interface Findings {
  readonly rows: readonly Row[];
  readonly moments: ReadonlyMap<Device, readonly MeasuredMoment[]>;
  readonly faults: readonly string[];
  readonly devices: readonly Device[];
}

/** Runs the samples of all operations on one device after the other. */
async function findings({ seed, count = SAMPLES, devices, log }: SuiteOptions): Promise<Findings> {
  const measured = new Map<string, Map<Device, Measured>>();
  const moments = new Map<Device, readonly MeasuredMoment[]>();
  const faults: string[] = [];
  for (const device of devices) {
    await setDevice(device);
    for (const [group, table] of Object.entries(operations)) {
      for (const [name, operation] of Object.entries(table)) {
        const id = `${group} ${name}`;
        const found = await check({ name: id, operation, device, seed, count });
        measured.set(id, (measured.get(id) ?? new Map()).set(device, found));
        faults.push(...found.faults);
      }
      log(`${device}: ${group}, ${Object.keys(table).length} operations, ${faults.length} faults so far`);
    }
    const generators = await checkGenerators(device, seed, count * 1000);
    moments.set(device, generators.moments);
    faults.push(...generators.faults, ...await checkKinks(device));
  }
  const rows = Object.entries(operations).flatMap(([group, table]) =>
    Object.keys(table).map((name) => ({ group, name, measured: measured.get(`${group} ${name}`) ?? new Map() }))
  );
  return { rows, moments, faults, devices };
}

async function run(options: SuiteOptions): Promise<SuiteReport> {
  const found = await findings(options);
  const samples = found.rows.flatMap(({ measured }) => [...measured.values()]).reduce(
    (sum, { samples }) => sum + samples,
    0,
  );
  const tried = `${samples} samples of ${found.rows.length} operations, ${kinks.length} gradients at kinks, ` +
    `${knownAnswers.length} published answers of Threefry, on ${options.devices.join(" and ")}`;
  return { tried, faults: found.faults, section: sectionOf(found) };
}

/** The suite. */
export const oracle: Suite = {
  name: "oracle",
  description:
    "Every operation and its gradient is compared with a definition in double precision that shares no code " +
    "with the library.",
  run,
};
