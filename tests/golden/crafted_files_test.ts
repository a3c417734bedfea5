import { craftedFileRecording } from "./file_results.ts";
import { testRecording } from "./recording.ts";

testRecording(craftedFileRecording);
