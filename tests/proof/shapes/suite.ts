/**
 * The work of a training step of each example network on WebGPU, which must not grow.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { deviceClasses, readShapes, type StepShapes } from "../../step_shapes.ts";
import { counted } from "../page.ts";
import type { Suite } from "../suite.ts";

/** The table of a class of devices. */
function tableOf(shapes: StepShapes[typeof deviceClasses[number]]): string {
  const rows = Object.entries(shapes).map(([name, shape]) => {
    const { dispatches, pipelines, barriers, longestChain, bytesMoved, submissions, coldPipelines } = shape;
    const megabytes = (bytesMoved / 1e6).toFixed(1);
    const cells = [`\`${name}\``, dispatches, pipelines, barriers, longestChain, megabytes, submissions, coldPipelines];
    return `| ${cells.join(" | ")} |`;
  });
  return `| network | dispatches | kernels | barriers | longest chain | MB moved | submissions | kernels of a new process |
| --- | --: | --: | --: | --: | --: | --: | --: |
${rows.join("\n")}`;
}

/** Counts the steps of all example networks, and compares them with what is recorded. */
export const shapes: Suite = {
  name: "shapes",
  description:
    "What a training step of each example network, and of one with normalized convolutions, takes on WebGPU, counted " +
    "without a GPU, with tests/step_shapes.json: no figure may grow. A barrier is a time that a dispatch waits for all " +
    "earlier ones, and in a chain each dispatch waits for the one before it.",
  async run() {
    const program = fromFileUrl(import.meta.resolve("../../step_shapes.ts"));
    const args = ["run", "-A", "--no-check", program, "--check"];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    const lines = new TextDecoder().decode(stderr).trim();
    const recorded = await readShapes();
    const networks = deviceClasses.reduce((sum, one) => sum + Object.keys(recorded[one]).length, 0);
    return {
      tried: `a step of ${counted(networks / deviceClasses.length, "network")} on ${
        deviceClasses.join(" and ")
      } adapters`,
      faults: success ? [] : lines.split("\n"),
      section: deviceClasses.map((one) => `### Steps on ${one} adapters\n\n${tableOf(recorded[one])}`).join("\n\n"),
    };
  },
};
