import { messageRecording } from "./messages.ts";
import { testRecording } from "./recording.ts";

testRecording(messageRecording);
