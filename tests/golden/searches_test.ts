import { modelSearchRecording } from "./model_results.ts";
import { testRecording } from "./recording.ts";

testRecording(modelSearchRecording);
