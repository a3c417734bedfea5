// What the pages of check_hosts.ts compute. It runs in pages, workers and service workers, so it awaits nothing at its
// top level, and a service worker is kept alive by the event that installs it.

import { deviceInfo, jit, readParameters, setDevice, tensor, valueAndGrad, writeParameters } from "@yadll/yadll";

/** Saves parameters in the browser's private file system, and loads them from there. */
async function saveAndLoad(w) {
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle("weights.yp", { create: true });
  await writeParameters(file, { network: "one", params: { w } });
  const loaded = await readParameters(file, { network: "one", params: { w } });
  if ((await loaded.w.sub(w).abs().max().item()) !== 0) throw new Error("the loaded parameters differ");
}

async function compute() {
  await setDevice("auto");
  const x = tensor(Float32Array.from({ length: 40_000 }, (_, i) => Math.sin(i)), [200, 200]);
  const step = jit((w) => valueAndGrad((v) => x.matmul(v).tanh().square().mean())(w));
  const [loss, gradient] = step(x);
  await saveAndLoad(gradient);
  return `${(await loss.item()).toFixed(4)} ${(await gradient.abs().sum().item()).toFixed(2)} ${deviceInfo().name}`;
}

const report = (body) => fetch("/report", { method: "POST", body });
const done = compute().catch((error) => `error ${error}`).then(report);
addEventListener("install", (event) => event.waitUntil(done));
