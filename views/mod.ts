/**
 * Pictures of trainings, networks and compiled functions.
 *
 * The drawing libraries are fetched and loaded for the first picture.
 *
 * @module
 */

export { type CompareOptions, compareRuns } from "./compare_runs.ts";
export { type Confusion, confusionOf, countConfusion } from "./confusion_counts.ts";
export { confusionMatrix, type ConfusionOptions } from "./confusion_matrix.ts";
export type { EventWriter } from "./events/event_writer.ts";
export { type JsonLinesOptions, jsonLinesWriter } from "./events/json_lines.ts";
export { JSON_VERSION, type JsonContext, type JsonRecord, jsonRecord } from "./events/json_record.ts";
export { type TensorBoardOptions, tensorBoardWriter } from "./events/tensor_board.ts";
export { type FilterOptions, filters, hasFilters } from "./filters.ts";
export { HtmlReport, htmlReport, type HtmlReportOptions } from "./html_report.ts";
export { imageGrid, type ImageGroup, type ImageOptions } from "./image_grid.ts";
export { type CurveOptions, type CurveReport, learningCurves, type Measure } from "./learning_curves.ts";
export { LibraryError } from "../data/libraries/load_library.ts";
export { type MimeBundle, Picture } from "./picture.ts";
export { planDiagram, type PlanOptions } from "./plan_diagram.ts";
export { profileDiagram, type ProfileDiagramOptions } from "./profile_diagram.ts";
export { rbmSamples, type ReconstructionOptions, reconstructions, type SampleOptions } from "./reconstructions.ts";
export { rateCurve, type RateCurveOptions } from "./rate_curve.ts";
export { searchHtml } from "./search/html_table.ts";
export { searchPicture, searchSvg } from "./search/picture.ts";
export { terminalCurves, type TerminalOptions } from "./terminal_curves.ts";
export { terminalRateCurve } from "./terminal_rate_curve.ts";
