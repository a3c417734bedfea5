import { helpRecording } from "./command_line.ts";
import { testRecording } from "./recording.ts";

testRecording(helpRecording);
