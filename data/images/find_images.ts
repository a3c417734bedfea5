/**
 * Finds the pictures of a folder with one folder for each class.
 *
 * @module
 */

import { type HostEntry, type HostFiles, hostFiles, pathOf } from "../../core/host_files.ts";
import { nearestName } from "../../core/nearest.ts";
import { showText } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import { failureOf } from "../formats/read_errors.ts";

/** A picture that was found. */
export interface FoundImage {
  /** Its path in the folder, with `/`. */
  readonly file: string;
  /** Its path. */
  readonly path: string;
  /** The number of its class. */
  readonly label: number;
}

/** The pictures of a folder. */
export interface FoundImages {
  /** The names of the classes, by their numbers. */
  readonly classes: readonly string[];
  /** The pictures, class by class, in the order of their paths. */
  readonly images: readonly FoundImage[];
  /** The paths of files that are no pictures, by their names. */
  readonly ignored: readonly string[];
}

/** Endings of the names of pictures, also of formats that are not read: those are broken pictures, not other files. */
const pictureNames = /\.(?:png|jpe?g|jfif|gif|webp|bmp|tiff?|heic|heif|avif|jxl|jp2|ppm|pgm)$/i;

/** What to do in a browser. */
const NO_FOLDERS = "pass the files to readImages";

/**
 * Finds pictures. Names that begin with a dot are left out. Links are followed, but not to a folder that contains them.
 *
 * @param declared The names of the classes; default: those of all folders, sorted.
 * @throws {DataError} if there are no folders of classes, or one of them has no pictures.
 */
export function findImages(folder: string | URL, declared: readonly string[] | undefined): FoundImages {
  const files = hostFiles(`read pictures of ${folder}`, NO_FOLDERS);
  const root = pathOf(folder, NO_FOLDERS);
  try {
    checkIsFolder(files, root, String(folder));
    const ignored: string[] = [];
    const found = entriesOf(files, root);
    const folders = found.filter(({ isDirectory }) => isDirectory);
    const others = found.filter(({ isDirectory }) => !isDirectory).map(({ name }) => name);
    if (folders.length === 0) throw noFolders(String(folder), others);
    ignored.push(...others);
    const names = folders.map(({ name }) => name.normalize("NFC"));
    const classes = declared ?? names;
    checkNames(names, declared, String(folder));
    const byClass = folders.map(({ name }) => {
      const listed = filesIn({ files, path: `${root}/${name}`, file: name, above: [files.realPathSync(root)] });
      ignored.push(...listed.filter(({ file }) => !pictureNames.test(file)).map(({ file }) => file));
      const label = classes.indexOf(name.normalize("NFC"));
      return listed.filter(({ file }) => pictureNames.test(file)).map((one) => ({ ...one, label }));
    });
    const empty = byClass.findIndex(({ length }) => length === 0);
    if (empty >= 0 && declared === undefined) throw noPictures(`${folder}`, names[empty]);
    const images = byClass.flat().sort((a, b) => a.label - b.label || order(a.file, b.file));
    if (images.length === 0) throw noPictures(`${folder}`, names[0]);
    return { classes, images, ignored };
  } catch (cause) {
    throw failureOf(folder, cause);
  }
}

function checkIsFolder(files: HostFiles, path: string, name: string): void {
  if (files.statSync(path).isDirectory) return;
  throw new DataError(
    `Cannot read pictures of ${name}: expected a folder with one folder for each class, got a file; ` +
      "pass single pictures to readImages",
  );
}

function noFolders(folder: string, others: readonly string[]): DataError {
  const pictures = others.filter((name) => pictureNames.test(name)).length;
  const got = pictures > 0 ? `${pictures} pictures` : others.length > 0 ? "other files" : "an empty folder";
  return new DataError(
    `Cannot read pictures of ${folder}: expected a folder for each class, such as ${folder}/cats and ${folder}/dogs, got ${got}`,
  );
}

function noPictures(folder: string, name: string): DataError {
  return new DataError(
    `Cannot read pictures of ${folder}: expected PNG or JPEG files in ${showText(name)}, got none; ` +
      "remove the folder, or name all classes with the option `classes`",
  );
}

/** Refuses names that the same class could have twice, and folders that are none of the declared classes. */
function checkNames(names: readonly string[], declared: readonly string[] | undefined, folder: string): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new DataError(
      `Cannot read pictures of ${folder}: expected folders of different names, got ${showText(twice)} twice, ` +
        "in two forms of Unicode; join them",
    );
  }
  const repeated = declared?.find((name, i) => declared.indexOf(name) < i);
  if (repeated !== undefined) {
    throw new DataError(
      `Cannot read pictures of ${folder}: expected each name of classes once, got ${showText(repeated)} twice`,
    );
  }
  const odd = declared && names.find((name) => !declared.includes(name));
  if (odd === undefined) return;
  const nearest = nearestName(odd, declared!);
  throw new DataError(
    `Cannot read pictures of ${folder}: expected only folders that the option classes names, got ${showText(odd)}` +
      (nearest === undefined ? "" : `; did you mean ${showText(nearest)}?`),
  );
}

/** By UTF-16 code units, so the order is the same on every machine. Names in a folder differ. */
function order(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** A file or a folder, or a link to one. */
type Entry = Omit<HostEntry, "isSymlink">;

/** The visible entries of a folder by their names; links are what they lead to. */
function entriesOf(files: HostFiles, path: string): Entry[] {
  const entries = [...files.readDirSync(path)].filter(({ name }) => !name.startsWith("."));
  const followed = entries.map((entry) =>
    entry.isSymlink ? { ...followedLink(files, `${path}/${entry.name}`), name: entry.name } : entry
  );
  return followed.sort((a, b) => order(a.name.normalize("NFC"), b.name.normalize("NFC")));
}

/** What a link leads to; one that leads nowhere is a file, whose reading fails. */
function followedLink(files: HostFiles, path: string): Omit<Entry, "name"> {
  try {
    const { isFile, isDirectory } = files.statSync(path);
    return { isFile, isDirectory };
  } catch {
    return { isFile: true, isDirectory: false };
  }
}

/** A folder of pictures, and the real paths of those that contain it. */
interface Place {
  readonly files: HostFiles;
  readonly path: string;
  readonly file: string;
  readonly above: readonly string[];
}

/** All files in a folder and in those below. */
function filesIn({ files, path, file, above }: Place): { readonly path: string; readonly file: string }[] {
  const real = files.realPathSync(path);
  if (above.includes(real)) return [];
  return entriesOf(files, path).flatMap(({ name, isDirectory }) => {
    const [inner, shown] = [`${path}/${name}`, `${file}/${name}`.normalize("NFC")];
    if (isDirectory) return filesIn({ files, path: inner, file: shown, above: [...above, real] });
    return [{ path: inner, file: shown }];
  });
}
