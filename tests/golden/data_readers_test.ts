import { dataReaderRecording } from "./reader_results.ts";
import { testRecording } from "./recording.ts";

testRecording(dataReaderRecording);
