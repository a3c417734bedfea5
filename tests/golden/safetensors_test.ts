import { tensorReaderRecording } from "./reader_results.ts";
import { testRecording } from "./recording.ts";

testRecording(tensorReaderRecording);
