import { refusedLayerRecording } from "./refused_layers.ts";
import { testRecording } from "./recording.ts";

testRecording(refusedLayerRecording);
