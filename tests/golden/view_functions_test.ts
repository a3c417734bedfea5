import { viewFunctionRecording } from "./format_results.ts";
import { testRecording } from "./recording.ts";

testRecording(viewFunctionRecording);
