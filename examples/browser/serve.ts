/**
 * Bundles the page's scripts and serves the page. Run `deno task browser` and open the address that it prints.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { bundle } from "../../scripts/bundle.ts";

/** These headers isolate the page from others, so threads may share memory; without them there is one thread. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** The scripts of the page, by name. */
export type Scripts = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Options of the server. */
export interface ServeOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Whether the page may use several threads. */
  readonly isolated?: boolean;
  /** Called with each message of the page, if its address has `?report`. */
  readonly onReport?: (news: unknown) => void;
}

/** Serves the page with its scripts. */
export function servePage(scripts: Scripts, options: ServeOptions): Deno.HttpServer<Deno.NetAddr> {
  const { port, isolated = true, onReport } = options;
  const answer = (body: BodyInit, type: string): Response =>
    new Response(body, { headers: { "Content-Type": type, ...isolated && isolation } });
  return Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/") {
      return answer(await Deno.readFile(new URL("./index.html", import.meta.url)), "text/html; charset=utf-8");
    }
    const script = scripts.get(pathname.slice(1));
    if (script) return answer(script, "text/javascript; charset=utf-8");
    if (pathname === "/report" && request.method === "POST") onReport?.(await request.json());
    return new Response(null, { status: pathname === "/report" ? 204 : 404 });
  });
}

/** Bundles the page's worker and its curves, each with everything that it imports in one file. */
export async function bundledScripts(): Promise<Scripts> {
  const folder = await Deno.makeTempDir();
  const bundled = async (name: string): Promise<[string, Uint8Array<ArrayBuffer>]> => {
    await bundle(fromFileUrl(new URL(`./${name}.ts`, import.meta.url)), `${folder}/${name}.js`);
    return [`${name}.js`, await Deno.readFile(`${folder}/${name}.js`)];
  };
  try {
    return new Map(await Promise.all(["main", "curves"].map(bundled)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const { addr } = servePage(await bundledScripts(), { port: Number(Deno.args[0] ?? 8000) });
  console.log(`Open http://localhost:${addr.port}/ in a browser; press Ctrl+C to stop`);
}
