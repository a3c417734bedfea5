import { layerRecording } from "./layer_results.ts";
import { testRecording } from "./recording.ts";

testRecording(layerRecording);
