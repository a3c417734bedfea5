import { modelRecording } from "./model_results.ts";
import { testRecording } from "./recording.ts";

testRecording(modelRecording);
