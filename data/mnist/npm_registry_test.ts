import { assertEquals } from "@std/assert";
import { inFolder } from "../../tests/in_folder.ts";
import { npmRegistry } from "./npm_registry.ts";

const variables = ["NPM_CONFIG_REGISTRY", "npm_config_registry", "HOME"];

/** Runs `use` in a folder with these variables alone. */
async function withVariables(set: Record<string, string>, use: (folder: string) => void | Promise<void>) {
  const saved = variables.map((name) => [name, Deno.env.get(name)] as const);
  const before = Deno.cwd();
  await inFolder(async (folder) => {
    try {
      Deno.chdir(folder);
      for (const name of variables) Deno.env.delete(name);
      for (const [name, value] of Object.entries(set)) Deno.env.set(name, value);
      await use(folder);
    } finally {
      Deno.chdir(before);
      for (const [name, value] of saved) {
        if (value === undefined) Deno.env.delete(name);
        else Deno.env.set(name, value);
      }
    }
  });
}

Deno.test("the registry is that of the environment, otherwise of .npmrc, otherwise of npm itself", async () => {
  await withVariables({}, async (folder) => {
    assertEquals(npmRegistry(), "https://registry.npmjs.org/");
    await Deno.mkdir("home");
    await Deno.writeTextFile("home/.npmrc", 'fund=false\nregistry = "https://npm.example.com/team"\n');
    Deno.env.set("HOME", `${folder}/home`);
    assertEquals(npmRegistry(), "https://npm.example.com/team/");
    await Deno.writeTextFile(".npmrc", "registry=http://localhost:4873/\n");
    assertEquals(npmRegistry(), "http://localhost:4873/");
    Deno.env.set("NPM_CONFIG_REGISTRY", "http://localhost:1");
    assertEquals(npmRegistry(), "http://localhost:1/");
  });
});

Deno.test("an invalid address of a registry is left out", async () => {
  await withVariables({ npm_config_registry: "not an address" }, async () => {
    await Deno.writeTextFile(".npmrc", "registry=${COMPANY_REGISTRY}\n@team:registry=https://npm.example.com/\n");
    assertEquals(npmRegistry(), "https://registry.npmjs.org/");
  });
});

Deno.test("a .npmrc that is a pipe or has gigabytes is left out", { ignore: Deno.build.os === "windows" }, async () => {
  await withVariables({}, async () => {
    const line = "registry=http://localhost:4873/\n";
    await Deno.writeTextFile(".npmrc", line);
    await Deno.truncate(".npmrc", 2 ** 34); // which takes no space on the disk
    assertEquals(npmRegistry(), "https://registry.npmjs.org/");
    await Deno.remove(".npmrc");
    await new Deno.Command("mkfifo", { args: [".npmrc"] }).output();
    assertEquals(npmRegistry(), "https://registry.npmjs.org/");
  });
});

Deno.test({
  name: "without permissions the registry is that of npm itself",
  permissions: { env: false, read: false },
  fn() {
    assertEquals(npmRegistry(), "https://registry.npmjs.org/");
  },
});
