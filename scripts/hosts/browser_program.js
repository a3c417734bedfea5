// What the pages of check_hosts.ts compute. It runs in pages, workers and service workers, so it awaits nothing at its
// top level, and a service worker is kept alive by the event that installs it.

import { deviceInfo, jit, setDevice, tensor, valueAndGrad } from "@yadll/yadll";

async function compute() {
  await setDevice("auto");
  const x = tensor(Float32Array.from({ length: 40_000 }, (_, i) => Math.sin(i)), [200, 200]);
  const step = jit((w) => valueAndGrad((v) => x.matmul(v).tanh().square().mean())(w));
  const [loss, gradient] = step(x);
  return `${(await loss.item()).toFixed(4)} ${(await gradient.abs().sum().item()).toFixed(2)} ${deviceInfo().name}`;
}

const report = (body) => fetch("/report", { method: "POST", body });
const done = compute().catch((error) => `error ${error}`).then(report);
addEventListener("install", (event) => event.waitUntil(done));
