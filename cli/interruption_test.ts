import { assertEquals } from "@std/assert";

/** How a program without a terminal ends that receives `SIGHUP` while it listens for interruptions. */
async function hungUp(...starter: readonly string[]): Promise<string> {
  const program = `
    import { listen } from ${JSON.stringify(import.meta.resolve("./interruption.ts"))};
    const { signal, forget } = listen();
    const wait = new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve("ends"));
      Deno.addSignalListener("SIGHUP", () => setTimeout(() => resolve("continues"), 50));
    });
    console.log("listens");
    console.log(await wait);
    forget();
    Deno.exit();
  `;
  const [command, ...args] = [...starter, Deno.execPath(), "run", "-A", "--no-check", "-"];
  const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  let out = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (out === "") child.kill("SIGHUP");
    out += text;
  }
  await child.status;
  return out;
}

Deno.test({
  name: "a closed terminal ends a program without one, unless it was started to ignore that",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const found = await Promise.all([hungUp(), hungUp("nohup")]);
    assertEquals(found, ["listens\nends\n", "listens\ncontinues\n"]);
  },
});
