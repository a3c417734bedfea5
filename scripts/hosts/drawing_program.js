// Draws learning curves, as a picture and in the terminal. check_hosts.ts bundles it for browsers, with the libraries.

import { learningCurves, terminalCurves } from "@yadll/yadll/views";

const history = [40, 20, 10].map((validationError, i) => ({
  ...{ epoch: i + 1, trainLoss: 0.9 - 0.2 * i, validationLoss: 1, trainError: 10, validationError },
  ...{ seconds: 1, samplesPerSecond: 100 },
}));
const { svg } = await learningCurves({ history, errorUnit: "%" });
const text = await terminalCurves({ history, errorUnit: "%" }, { columns: 60 });
console.log(svg.startsWith("<svg") && text.includes("best: 10.000 %") ? "drawn" : `got ${svg} and ${text}`);
