import { coreRecording } from "./core_results.ts";
import { coreMessageRecording } from "./messages.ts";
import { testRecording } from "./recording.ts";

testRecording(coreRecording);
testRecording(coreMessageRecording);
