import { argumentCountRecording } from "./messages.ts";
import { testRecording } from "./recording.ts";

testRecording(argumentCountRecording);
