import { dataCallRecording, layerCallRecording } from "./call_results.ts";
import { testRecording } from "./recording.ts";

testRecording(layerCallRecording);
testRecording(dataCallRecording);
