/**
 * Pictures of trainings, networks and compiled functions.
 *
 * The libraries that draw are fetched and loaded when the first picture is asked for.
 *
 * @module
 */

export { type CompareOptions, compareRuns } from "./compare_runs.ts";
export { type CurveOptions, type CurveReport, learningCurves, type Measure } from "./learning_curves.ts";
export { LibraryError } from "./library.ts";
export { type MimeBundle, Picture } from "./picture.ts";
