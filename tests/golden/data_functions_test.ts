import { dataFunctionRecording } from "./function_results.ts";
import { testRecording } from "./recording.ts";

testRecording(dataFunctionRecording);
