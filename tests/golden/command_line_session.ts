/**
 * Command lines within this process, in a folder of their own, with everything that they print.
 *
 * @module
 */

import { main } from "../../cli/mod.ts";
import { inFolder } from "../in_folder.ts";
import { atPinnedTime } from "./pinned_time.ts";
import { withoutMachine } from "./without_machine.ts";

/** How a command line is run. */
export interface Surroundings {
  /** The width of the terminal; without it, there is no terminal. */
  readonly columns?: number;
}

/** Runs command lines one after the other in one folder. */
export interface Session {
  /** Runs a command line, whose words are separated by spaces, and records it by a title. */
  run(title: string, words: string | readonly string[], surroundings?: Surroundings): Promise<void>;
  /** Records a text. */
  note(title: string, text: string): void;
}

/** The texts of a session. */
export async function recordSession(work: (session: Session) => Promise<void>): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  const before = Deno.cwd();
  await inFolder(async (folder) => {
    Deno.chdir(folder);
    try {
      await atPinnedTime(() => work(sessionOf(texts)));
    } finally {
      Deno.chdir(before);
    }
  });
  return texts;
}

function sessionOf(texts: Record<string, string>): Session {
  const note = (title: string, text: string): void => {
    if (Object.hasOwn(texts, title)) throw new RangeError(`Cannot record two texts with the title ${title}`);
    texts[title] = withoutMachine(text);
  };
  return {
    note,
    run: async (title, words, { columns } = {}) => {
      const printed: string[] = [];
      const output = {
        result: (line: string) => printed.push(...line.split("\n").map((one) => `| ${one}\n`)),
        note: (text: string) => printed.push(text),
        columns: () => columns,
        resultColumns: () => columns,
      };
      const args = typeof words === "string" ? words.split(" ").filter((word) => word !== "") : words;
      // Terminals may have colors, unless the variable NO_COLOR of this process turns them off.
      const plain = columns === undefined || args[0] === "help" ? [] : ["--no-color"];
      const code = await main([...args, ...plain], { call: "yadll", output });
      note(title, `$ yadll ${args.join(" ")}\n${printed.join("")}exit code ${code}`);
    },
  };
}
