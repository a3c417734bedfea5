/**
 * The tables of the oracle in Markdown.
 *
 * @module
 */

import type { Measured } from "./check.ts";
import type { Bound, Device, Gradient, Operation } from "./operation.ts";
import type { Findings, Row } from "./suite.ts";
import { operations } from "./table.ts";

const introduction = `Expected values are computed in double precision from definitions of their own, in
\`tests/proof/oracle/\`. Arguments have 0 to 6 axes with extents of 0, 1, primes and one more or less than the tiles of
kernels, all element types that the operation takes, and NaN, infinities, both zeros, subnormal numbers, the limits of
singles and numbers near the thresholds of the implementation. Each operation is called alone, compiled, compiled
between elementwise operations, and with donated arguments.

Errors are in units of the last place (ULP) of singles: of the exact result, or of the numbers named behind the bound,
such as the sizes of all n terms of a sum. A bound of 0.5 means that results are rounded correctly, and a bound of 0
that they are exact. Results of other types than f32 are always exact. On WebGPU, numbers below 2⁻¹²⁶ count as 0 and
zeros have no sign, as WGSL allows. Gradients are compared with formulas or central differences in double precision;
their unit is that of the sum of the sizes of all terms.`;

const shown = (x: number | null | undefined): string =>
  x === null || x === undefined ? "" : !Number.isFinite(x) ? "fault" : x === 0 ? "0" : String(Number(x.toPrecision(3)));

function boundText({ ulp, webgpu, ...rest }: Bound | Gradient): string {
  const of = "of" in rest && rest.of ? ` of ${rest.of}` : "";
  const least = "least" in rest && rest.least ? ` of at least ${rest.least}` : "";
  const own = webgpu ? `; WebGPU ${webgpu.ulp}${webgpu.least ? ` of at least ${webgpu.least}` : ""}` : "";
  return `${ulp}${of}${least}${own}`;
}

function rowText({ group, name, measured }: Row, devices: readonly Device[]): string[] {
  const { bound, gradient }: Operation = operations[group][name];
  const on = (part: (measured: Measured) => number | null): string[] =>
    devices.map((device) => {
      const found = measured.get(device);
      return found ? shown(part(found)) : "";
    });
  const samples = [...measured.values()].reduce((sum, { samples }) => sum + samples, 0);
  return [
    `${name}`,
    boundText(bound),
    ...on(({ values }) => values),
    gradient ? boundText(gradient) : "none",
    ...on(({ gradients }) => gradients),
    String(samples),
  ];
}

/** A Markdown table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const headings: Readonly<Record<string, string>> = {
  primitive: "Primitives",
  method: "Methods of tensors",
  function: "Functions",
  random: "Random numbers",
  activation: "Activations",
  objective: "Objectives",
  metric: "Metrics",
  norm: "Norms",
};

/** The reasons of bounds that only WebGPU has. */
function reasons(rows: readonly Row[]): string {
  const known = new Map<string, string[]>();
  for (const { group, name } of rows) {
    const reason = operations[group][name].bound.webgpu?.because;
    if (reason) known.set(reason, [...known.get(reason) ?? [], `\`${name}\``]);
  }
  return [...known].map(([reason, names]) => `- ${[...new Set(names)].join(", ")}: ${reason}`).join("\n");
}

/** What stands in the page on accuracy. */
export function sectionOf({ rows, moments, devices }: Findings): string {
  const tables = Object.keys(operations).map((group) => {
    const head = ["operation", "bound (ULP)", ...devices, "gradient bound", ...devices, "samples"];
    const own = rows.filter((row) => row.group === group);
    return `### ${headings[group]}\n\n${table(head, own.map((row) => rowText(row, devices)))}`;
  });
  const distributions = [...moments].flatMap(([device, measured]) =>
    measured.map(({ name, expected, measured, deviation }) => [
      name,
      device,
      shown(expected),
      measured.toFixed(5),
      deviation.toFixed(2),
    ])
  );
  return [
    introduction,
    `WebGPU has bounds of its own where a device computes otherwise:\n\n${reasons(rows)}`,
    ...tables,
    "### Distributions\n\nThreefry gives the published answers of Random123. Moments are within 5 standard errors:",
    table(["moment", "device", "expected", "measured", "standard errors"], distributions),
  ].join("\n\n");
}
