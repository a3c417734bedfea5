import { faultRecording } from "./messages.ts";
import { testRecording } from "./recording.ts";

testRecording(faultRecording);
