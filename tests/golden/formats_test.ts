import { formatRecording } from "./format_results.ts";
import { testRecording } from "./recording.ts";

testRecording(formatRecording);
