import { assertEquals } from "@std/assert";
import { isGpuFile, mayHaveGpu } from "./gpu_files.ts";

Deno.test("device files of GPUs are distinguished from others by their names", () => {
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
  assertEquals(gpus.filter((name) => !isGpuFile(name)), []);
  const others = ["null", "tty0", "random", "nvram", "nvme0n1", "vga_arbiter", "drive", "kvm", "snd", ""];
  assertEquals(others.filter(isGpuFile), []);
});

Deno.test("there may be a GPU if device files cannot be listed", () => {
  const { readDirSync } = Deno;
  Deno.readDirSync = () => {
    throw new Deno.errors.NotCapable('Requires all access to "/dev"');
  };
  try {
    assertEquals(mayHaveGpu(), true);
  } finally {
    Deno.readDirSync = readDirSync;
  }
});
