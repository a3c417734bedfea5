/**
 * Pages that compute in a browser: in workers and service workers, with and without isolation and policies.
 *
 * @module
 */

import { findCommand } from "./commands.ts";
import { join } from "@std/path";

/** The largest time in milliseconds for one page. */
const PATIENCE = 90_000;

/** Where the program computes. */
type Scope = "page" | "worker" | "service worker";

/** One visit of a page, and what it must report. */
export interface Visit {
  readonly title: string;
  readonly scope: Scope;
  /** The script: in one file, or with others that it loads. */
  readonly script: "one_file.js" | "split/program.js" | "files.js";
  readonly isolated: boolean;
  /** The Content-Security-Policy. */
  readonly policy?: string;
  /** What the report must contain. */
  readonly expected: RegExp;
}

const several = navigator.hardwareConcurrency > 1 ? /\d+ threads/ : /1 thread/;
const one = /1 thread$/;

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** All visits. */
export const visits: readonly Visit[] = [
  { title: "page", scope: "page", script: "one_file.js", isolated: true, expected: one },
  { title: "page, files", scope: "page", script: "files.js", isolated: false, expected: /^files work$/ },
  { title: "worker, isolated", scope: "worker", script: "one_file.js", isolated: true, expected: several },
  {
    title: "worker, isolated, several files",
    scope: "worker",
    script: "split/program.js",
    isolated: true,
    expected: several,
  },
  { title: "worker, not isolated", scope: "worker", script: "one_file.js", isolated: false, expected: one },
  { title: "service worker, isolated", scope: "service worker", script: "one_file.js", isolated: true, expected: one },
  {
    ...{ title: "service worker, several files", scope: "service worker", script: "split/program.js" },
    ...{ isolated: false, expected: one },
  },
  {
    ...{ title: "policy that allows threads", scope: "worker", script: "one_file.js", isolated: true },
    ...{ policy: `${policy}; worker-src 'self' blob:`, expected: several },
  },
  {
    ...{ title: "policy that forbids threads", scope: "worker", script: "one_file.js", isolated: true },
    ...{ policy, expected: navigator.hardwareConcurrency > 1 ? /1 thread \(other threads could not start/ : one },
  },
  {
    ...{ title: "policy that forbids WebAssembly", scope: "worker", script: "one_file.js", isolated: true },
    ...{
      policy: "default-src 'self'; worker-src 'self' blob:",
      expected: /^error .*(?:wasm-unsafe-eval|WebAssembly)/i,
    },
  },
];

const starts: Readonly<Record<Scope, (script: string) => string>> = {
  "page": (script) => `await import("./${script}");`,
  "worker": (script) =>
    `const worker = new Worker("./${script}", { type: "module" });
     worker.onerror = (event) => fetch("/report", { method: "POST", body: "error " + event.message });`,
  "service worker": (script) =>
    `navigator.serviceWorker.register("./${script}", { type: "module" })
       .catch((error) => fetch("/report", { method: "POST", body: "error " + error }));`,
};

/** Serves a folder, its page and the policies of a visit, and passes on the first report. */
function serve(folder: string, visit: Visit, onReport: (text: string) => void): Deno.HttpServer<Deno.NetAddr> {
  const headers = {
    ...visit.isolated &&
      { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
    ...visit.policy !== undefined && { "Content-Security-Policy": visit.policy },
  };
  const answer = (body: BodyInit | null, type: string): Response =>
    new Response(body, { headers: { ...headers, "Content-Type": type } });
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/report") {
      onReport(await request.text());
      return answer("", "text/plain");
    }
    if (pathname === "/") return answer('<!DOCTYPE html><script type="module" src="/start.js"></script>', "text/html");
    if (pathname === "/start.js") return answer(starts[visit.scope](visit.script), "text/javascript");
    const file = await Deno.readFile(join(folder, pathname)).catch(() => undefined);
    return file ? answer(file, "text/javascript") : new Response(null, { status: 404 });
  });
}

/** A browser that can be started without a window. */
export interface Browser {
  readonly name: string;
  /** The command and its arguments that open an address with an empty profile. */
  readonly open: (profile: string, address: string) => readonly string[];
}

/** Returns the browsers of this machine. */
export async function findBrowsers(): Promise<Browser[]> {
  const given = Deno.env.get("CHROMIUM");
  const chromium = await findCommand(given ? [given] : ["chromium", "chromium-browser", "google-chrome"]);
  const firefox = await findCommand(["firefox-esr", "firefox"]);
  const flags = ["--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu"];
  return [
    ...chromium === undefined ? [] : [{
      name: "Chromium",
      open: (profile: string, address: string) => [chromium, ...flags, `--user-data-dir=${profile}`, address],
    }],
    ...firefox === undefined ? [] : [{
      name: "Firefox",
      open: (profile: string, address: string) => [firefox, "--headless", "--no-remote", "--profile", profile, address],
    }],
  ];
}

/** Returns what a page reports. */
export async function reportOf(browser: Browser, folder: string, visit: Visit): Promise<string> {
  const profile = await Deno.makeTempDir();
  const { promise, resolve } = Promise.withResolvers<string>();
  await using server = serve(folder, visit, resolve);
  const [command, ...args] = browser.open(profile, `http://localhost:${server.addr.port}/`);
  const process = new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  const timer = setTimeout(() => resolve(`error: the page sent no report for ${PATIENCE} ms`), PATIENCE);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    process.kill();
    await process.status;
    await Deno.remove(profile, { recursive: true }).catch(() => {}); // its children may still write into it
  }
}
