/**
 * The recorded hashes of the weights of all example networks. A change of the bits that a training computes is then
 * seen, and must be said in CHANGELOG.md.
 *
 * Machines whose relaxed SIMD rounds differently, or whose adapter differs, have hashes of their own: `rounding.ts`
 * names them. On machines that nobody has recorded yet, processes are only compared with each other.
 *
 * @module
 */

/** The hashes by the name of a kind of machine and the name of a network. */
export type RecordedHashes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The seed of the trainings whose hashes are recorded. */
export const RECORDED_SEED = 1;

/** The number of steps of these trainings. llvmpipe takes much longer for each. */
export const recordedSteps = { wasm: 200, webgpu: 20 } as const;

const file = new URL("hashes.json", import.meta.url);

/** Reads the recorded hashes. */
export async function readRecorded(): Promise<RecordedHashes> {
  return JSON.parse(await Deno.readTextFile(file));
}

/** Records the hashes of a kind of machine anew. */
export async function record(machine: string, hashes: ReadonlyMap<string, string>): Promise<void> {
  const recorded = { ...await readRecorded(), [machine]: Object.fromEntries(hashes) };
  await Deno.writeTextFile(file, `${JSON.stringify(recorded, null, 2)}\n`);
}

/** Which networks have other hashes than recorded; none on a machine without a record. */
export function changesOf(machine: string, hashes: ReadonlyMap<string, string>, recorded: RecordedHashes): string[] {
  const known = recorded[machine];
  if (known === undefined) return [];
  const cure = "If this is intended, say so in CHANGELOG.md and run deno task prove determinism --write";
  return [...hashes].filter(([network, hash]) => known[network] !== hash).map(([network]) =>
    `${machine}: the weights of ${network} differ from those that are recorded. ${cure}`
  );
}
