import { refusedTrainingRecording } from "./refused_trainings.ts";
import { testRecording } from "./recording.ts";

testRecording(refusedTrainingRecording);
