/**
 * Trains in a headless Chromium, on WebGPU and on WebAssembly with and without threads: `deno task check:browser`.
 *
 * It installs nothing: if there is no Chromium (`apt install chromium`, or its path in `CHROMIUM`), it says so and
 * succeeds. Chromium's software adapter, SwiftShader, replaces a GPU.
 *
 * @module
 */

import { bundledScripts, type Scripts, servePage } from "../examples/browser/serve.ts";

/** The largest allowed test error, in percent. */
const BOUND = 20;
const PATIENCE = 120_000;

/** A message of the page. */
interface News {
  readonly event: "device" | "epoch" | "end" | "error";
  readonly kind?: string;
  readonly name?: string;
  readonly error?: number;
  readonly message?: string;
  readonly samplesPerSecond?: number;
  readonly said?: readonly number[];
  readonly truth?: readonly number[];
  /** The digits that the page marks as misclassified. */
  readonly marked?: number;
}

/** One visit of the page, and its expected device. */
interface Visit {
  readonly device: "webgpu" | "wasm";
  readonly isolated: boolean;
  readonly name: RegExp;
}

const visits: readonly Visit[] = [
  { device: "webgpu", isolated: true, name: /./ },
  { device: "wasm", isolated: true, name: navigator.hardwareConcurrency > 1 ? /\d+ threads/ : /1 thread$/ },
  { device: "wasm", isolated: false, name: /1 thread$/ },
];

/** Returns the path of a Chromium; undefined if there is none. */
async function findChromium(): Promise<string | undefined> {
  const given = Deno.env.get("CHROMIUM");
  for (const path of given ? [given] : ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      await new Deno.Command(path, { args: ["--version"], stdout: "null", stderr: "null" }).output();
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

function startChromium(path: string, profile: string, address: string): Deno.ChildProcess {
  const args = [
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    `--user-data-dir=${profile}`,
    address,
  ];
  return new Deno.Command(path, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
}

/** Returns all messages of the page until it ends or fails. */
async function newsOf(chromium: string, scripts: Scripts, visit: Visit): Promise<News[]> {
  const profile = await Deno.makeTempDir();
  const news: News[] = [];
  const over = Promise.withResolvers<void>();
  await using server = servePage(scripts, {
    port: 0,
    isolated: visit.isolated,
    onReport(one) {
      news.push(one as News);
      if (["end", "error"].includes(news.at(-1)!.event)) over.resolve();
    },
  });
  const browser = startChromium(
    chromium,
    profile,
    `http://localhost:${server.addr.port}/?report&device=${visit.device}`,
  );
  const timer = setTimeout(() => over.reject(new Error(`the page sent no message for ${PATIENCE} ms`)), PATIENCE);
  try {
    await over.promise;
  } finally {
    clearTimeout(timer);
    browser.kill();
    await browser.status;
    await Deno.remove(profile, { recursive: true }).catch(() => {}); // Chromium's children may still write into it
  }
  return news;
}

/** Returns what is wrong with the messages of the page; undefined if nothing is. */
function faultOf(news: readonly News[], { device, name }: Visit): string | undefined {
  const found = news.find(({ event }) => event === "device");
  const last = news.at(-1);
  if (last?.event === "error") return last.message;
  if (found?.kind !== device || !name.test(found.name ?? "")) return `computed on ${found?.kind} ${found?.name}`;
  if (!(Number(last?.error) < BOUND)) return `expected a test error below ${BOUND} %, got ${last?.error}`;
  const wrong = last?.said?.filter((one, i) => one !== last.truth?.[i]).length;
  if (last?.marked !== wrong) return `expected ${wrong} digits to be marked as misclassified, got ${last?.marked}`;
  return undefined;
}

const chromium = await findChromium();
if (chromium === undefined) {
  console.log("No Chromium found: nothing was checked in a browser");
} else {
  const scripts = await bundledScripts();
  for (const visit of visits) {
    const news = await newsOf(chromium, scripts, visit);
    const fault = faultOf(news, visit);
    const title = `${visit.device}, ${visit.isolated ? "isolated" : "not isolated"}`;
    const { name = "no device" } = news.find(({ event }) => event === "device") ?? {};
    const { error, samplesPerSecond = 0 } = { ...news.at(-2), ...news.at(-1) };
    console.log(
      fault
        ? `FAIL ${title}: ${fault}`
        : `ok ${title}: ${name}; test error ${error} %, ${samplesPerSecond.toFixed(0)} digits/s`,
    );
    if (fault) Deno.exitCode = 1;
  }
}
