import { optimRecording } from "./optim_results.ts";
import { testRecording } from "./recording.ts";

testRecording(optimRecording);
