import { assertEquals } from "@std/assert";
import { mayHaveGpu } from "./gpu_files.ts";

/** Whether there may be a GPU if `/dev` is listed in this way. */
function mayHaveGpuWith(list: typeof Deno.readDirSync): boolean {
  const { readDirSync } = Deno;
  Deno.readDirSync = list;
  try {
    return mayHaveGpu();
  } finally {
    Deno.readDirSync = readDirSync;
  }
}

Deno.test({
  name: "device files of GPUs are distinguished from others by their names",
  ignore: Deno.build.os !== "linux",
  fn: () => {
    const mayBeGpu = (name: string): boolean =>
      mayHaveGpuWith(() => [{ name, isFile: false, isDirectory: false, isSymlink: false }].values());
    const gpus = [
      "dri",
      "dxg",
      "kfd",
      "kgsl-3d0",
      "mali0",
      "nvidiactl",
      "nvidia0",
      "nvhost-gpu",
      "nvgpu",
      "nvmap",
      "pvr",
    ];
    assertEquals(gpus.filter((name) => !mayBeGpu(name)), []);
    const others = ["null", "tty0", "random", "nvram", "nvme0n1", "vga_arbiter", "drive", "kvm", "snd", ""];
    assertEquals(others.filter(mayBeGpu), []);
    assertEquals(mayHaveGpuWith(() => [].values()), false);
  },
});

Deno.test("there may be a GPU if device files cannot be listed", () => {
  const mayHave = mayHaveGpuWith(() => {
    throw new Deno.errors.NotCapable('Requires all access to "/dev"');
  });
  assertEquals(mayHave, true);
});
