import { coreRecording } from "./core_results.ts";
import { gpuRecording } from "./gpu_calls.ts";
import { coreMessageRecording } from "./messages.ts";
import { testRecording } from "./recording.ts";

testRecording(coreRecording);
testRecording(coreMessageRecording);
testRecording(gpuRecording);
