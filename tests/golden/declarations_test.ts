import { declarationRecording } from "./declarations.ts";
import { testRecording } from "./recording.ts";

testRecording(declarationRecording);
