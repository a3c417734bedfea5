import { writtenFileRecording } from "./file_results.ts";
import { testRecording } from "./recording.ts";

testRecording(writtenFileRecording);
