/**
 * One kernel for several that do not wait for each other: each workgroup runs the body that its number says.
 *
 * @module
 */

import type { KernelBody } from "../wgsl/body.ts";
import { kernelOf, kernelOfAll, type WgslKernel } from "../wgsl/kernel.ts";
import { type Member, type Renamed, shareFrame } from "./frame.ts";

/** A kernel, and the program's buffer of each of its slots. */
export interface BoundKernel {
  readonly kernel: WgslKernel;
  readonly buffers: readonly number[];
}

/** Merges bodies with as many lanes each, in the order in which their workgroups should begin. */
export function mergeMembers(members: readonly Member[]): BoundKernel {
  const [{ body, buffers }] = members;
  if (members.length === 1) return { kernel: kernelOf(body), buffers };
  const { names, ...frame } = shareFrame(members);
  const bodies = members.map((member, i) => rename(member.body, names[i]));
  return { kernel: kernelOfAll(frame, bodies), buffers: frame.buffers };
}

/** The body with other names. They are no parts of other names, and WGSL has no texts in which they could be words. */
function rename(body: KernelBody, names: Renamed): KernelBody {
  const changed = [...names].filter(([own, name]) => own !== name);
  if (changed.length === 0) return body;
  const pattern = new RegExp(`\\b(?:${changed.map(([own]) => own).join("|")})\\b`, "g");
  return { ...body, lines: body.lines.map((line) => line.replace(pattern, (own) => names.get(own) ?? own)) };
}
