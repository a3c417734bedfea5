import { trainingFunctionRecording } from "./function_results.ts";
import { testRecording } from "./recording.ts";

testRecording(trainingFunctionRecording);
