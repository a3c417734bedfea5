/**
 * Pictures for tests: JPEG files that Pillow 12.3 wrote, and folders of pictures.
 *
 * @module
 */

import { headerChunk, pixelChunk, pngOf } from "./test_png.ts";

/** A PNG file of levels: gray (1 channel), with opacity (2), colors (3), or both (4). */
export function pngFile(width: number, channels: number, values: readonly number[]): Uint8Array<ArrayBuffer> {
  const line = width * channels;
  const height = values.length / line;
  const content = new Uint8Array(height * (line + 1));
  for (let y = 0; y < height; y++) content.set(values.slice(y * line, (y + 1) * line), y * (line + 1) + 1);
  const color = [0, 0, 4, 2, 6][channels];
  return pngOf([headerChunk({ width, height, depth: 8, color }), pixelChunk(content)]);
}

/** Writes files, by their paths in a folder, which is removed after use. */
export async function withImages(
  files: Readonly<Record<string, Uint8Array | string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [file, content] of Object.entries(files)) {
      const path = `${folder}/${file}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Five pixels of a picture of 20 by 12, as Pillow decodes it: the corners, and row 6, column 10. */
export interface JpegCase {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly pixels: readonly (number | readonly number[])[];
}

function jpegCase(file: string, pixels: JpegCase["pixels"]): JpegCase {
  return { file: Uint8Array.fromBase64(file), pixels };
}

/** Gradients of 20 by 12 pixels: red grows to the right, green downward, and blue along both. */
export const jpegCases = {
  "full color": jpegCase(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK" +
      "CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK" +
      "CgoKCgoKCgr/wAARCAAMABQDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF" +
      "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW" +
      "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi" +
      "4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC" +
      "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm" +
      "Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq" +
      "8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD4P+En/BPY4i/4kfp/yzry8tz/AG1PgeCPF/4f3n4n1B8JP+Cezfuv+JH6f8s6/QMtz/bU" +
      "/sHgjxfXu/vPxPofw1/wT2b+yI8aF/5Dr7Whn69mtT+o8p8Xv9hj+8/E9j+EnwT+H37r/iUencf4V/FuW43Eaan/ADB8EcTZv7vv" +
      "n1B8JPgn8Pv3X/Eo9O4/wr9Ay3G4jTU/sDgjibN/d98+h/DXwT+Hv9kx/wDEoP5j/CvtaGNxHs1qf1HlPE2b/Uo++f/Z",
    [[1, 0, 0], [254, 0, 160], [3, 253, 94], [255, 254, 255], [134, 139, 135]],
  ),
  "halved color": jpegCase(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK" +
      "CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK" +
      "CgoKCgoKCgr/wAARCAAMABQDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF" +
      "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW" +
      "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi" +
      "4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC" +
      "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm" +
      "Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq" +
      "8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD4P+En/BPY4i/4kfp/yzr6g+En/BPZv3X/ABI/T/lnX3V8JPgn8Pv3X/Eo9O4/wr6g+Enw" +
      "T+H37r/iUencf4V89w3xji/d3PxvwR+kpxD+60l06/8ABPz88Nf8E9m/siPGhf8AkOiv2K8NfBP4e/2TH/xKD+Y/wor9Yp8Y4rkW" +
      "5/oZgvpKcQ/VIaS2XX/gn//Z",
    [[0, 2, 0], [241, 7, 154], [10, 248, 98], [255, 254, 255], [134, 139, 135]],
  ),
  "progressive": jpegCase(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK" +
      "CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK" +
      "CgoKCgoKCgr/wgARCAAMABQDAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABwb/xAAYAQADAQEAAAAAAAAAAAAAAAAFBgcE" +
      "Cf/aAAwDAQACEAMQAAABB8oBQYLAhmqlZRbmCoMFgQzdR//EABkQAQADAQEAAAAAAAAAAAAAAAUABAcTI//aAAgBAQABBQInPYTn" +
      "srZ75EiHwkQ+VhD+X//EAB0RAAEEAwEBAAAAAAAAAAAAAAUABAYhASIxEyP/2gAIAQMBAT8BCS/myCS/myaS/wCGNkEJu6tBCbur" +
      "TQm78cWv/8QAGREAAwEBAQAAAAAAAAAAAAAAAAMEAhIi/9oACAECAQE/AZrya8xf5JnMJnMMOZyf/8QAFxAAAwEAAAAAAAAAAAAA" +
      "AAAAAAEjof/aAAgBAQAGPwJQwUMFDBSFIUj/xAAWEAEBAQAAAAAAAAAAAAAAAAAAASD/2gAIAQEAAT8hQsFMRGJv/9oADAMBAAIA" +
      "AwAAABAHJX//xAAYEQACAwAAAAAAAAAAAAAAAAAA4QEg8f/aAAgBAwEBPxDcI2DBStTf/8QAGBEBAQEBAQAAAAAAAAAAAAAAIQAR" +
      "MQH/2gAIAQIBAT8Q4txbzwwmE2Y3/8QAHBAAAgICAwAAAAAAAAAAAAAAAAGR0RFBITFx/9oACAEBAAE/EH48hGhxoovtURfao7hl" +
      "Uf/Z",
    [[1, 0, 0], [254, 0, 160], [3, 253, 94], [255, 254, 255], [134, 139, 135]],
  ),
  "gray": jpegCase(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK" +
      "CgoKBggLDAsKDAkKCgr/wAALCAAMABQBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF" +
      "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW" +
      "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi" +
      "4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APg/4Sf8E9jiL/iR+n/LOvqD4Sf8E9m/df8AEj9P+WdfQ/hr/gns39kR40L/AMh1" +
      "7H8JPgn8Pv3X/Eo9O4/wr6g+EnwT+H37r/iUencf4V9D+Gvgn8Pf7Jj/AOJQfzH+Ff/Z",
    [0, 94, 160, 255, 137],
  ),
  "four inks": jpegCase(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoK" +
      "CgYICwwLCgwJCgoK/8AAFAgADAAUBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIB" +
      "AwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZH" +
      "SElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV" +
      "1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD8uf2C/wDlz/4D/SvkL/hyy3/Qpf8AkGvzs/Zk/Zk/49/+" +
      "Jf6fw1+/lftd+wV0svqtH/Dllv8AoUv/ACDX6Ifsyfsyf8e//Ev9P4aK/Wv4N/8AIhWn+ewo/wCHLLf9Cl/5Br7m8A/syf8AFMwf" +
      "8S//AMc9hRX8c37Bf/Ln/wAB/pX9Of8Awyp8F/8AoWz/AN9L/wDE1+d37MngHwz/AKP/AKD6dx/hRX7XfsFdLL6rR/wyp8F/+hbP" +
      "/fS//E1+iP7MngHwz/o/+g+ncf4UV+tfwb/5EK0/z2FH/DKnwX/6Fs/99L/8TX3L4A8AeGT4Zg/0H+XoPaiv/9k=",
    [[0, 0, 0], [255, 0, 162], [0, 255, 94], [255, 255, 255], [134, 139, 136]],
  ),
  "turned": jpegCase(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC" +
      "AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK" +
      "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAMABQDAREAAhEBAxEB/8QAHwAAAQUBAQEB" +
      "AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk" +
      "M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj" +
      "pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA" +
      "AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl" +
      "8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq" +
      "srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD4P+En/BPY4i/4kfp/yzry" +
      "8tz/AG1PgeCPF/4f3n4n1B8JP+Cezfuv+JH6f8s6/QMtz/bU/sHgjxfXu/vPxPofw1/wT2b+yI8aF/5Dr7Whn69mtT+o8p8Xv9hj" +
      "+8/E9j+EnwT+H37r/iUencf4V/FuW43Eaan/ADB8EcTZv7vvn1B8JPgn8Pv3X/Eo9O4/wr9Ay3G4jTU/sDgjibN/d98+h/DXwT+H" +
      "v9kx/wDEoP5j/CvtaGNxHs1qf1HlPE2b/Uo++f/Z",
    [[1, 0, 0], [254, 0, 160], [3, 253, 94], [255, 254, 255], [134, 139, 135]],
  ),
} satisfies Record<string, JpegCase>;
