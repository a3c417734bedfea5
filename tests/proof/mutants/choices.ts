/**
 * Numbers that are choices, and functions that estimate: others are as right, so no test should insist on them.
 *
 * @module
 */

/** Named numbers or functions of some files. */
interface Choices {
  readonly files: RegExp;
  readonly names: RegExp;
  /** Why others would be as right. */
  readonly reason: string;
}

const named = /^[A-Z][A-Z0-9_]+$/;

const choices: readonly Choices[] = [
  {
    files: /^core\/(wasm|webgpu)\/schedule\//,
    names: named,
    reason: "how a nest is divided changes how fast it is computed, not what",
  },
  {
    files: /^core\/(wasm|webgpu)\/schedule\//,
    names:
      /^(total|phaseCost|costAlong|usedLanes|weightOf|accessCost|loadCosts|copiesAcross|copiesOf|unitsPerChunk|panelCost|panelFor|storedAlong|shareOfTrue|groupsOf|softwareCost|hardwareCost|operationsOf|partsFor|storedSide|branchingIn|hardwareTiles|softwareTiles)$/,
    reason: "estimates by which one of several right ways to compute a nest is chosen, and the ways that are compared",
  },
  {
    files: /^core\/fuse\/kernel_limits\.ts$/,
    names: /^behind$/,
    reason: "any other mixture of bits is as good a hash",
  },
  {
    files: /^core\/(fuse\/(kernel_limits|materialize|segments)|graph\/simplify\/\w+)\.ts$/,
    names: named,
    reason: "which of two equal graphs or kernels is made changes the speed; the tests of step shapes bound it",
  },
  {
    files: /^core\/(wasm|native)\//,
    names:
      /^(TILES_PER_THREAD|UNROLLED_POINTS|UNROLLED_BYTES|LOCALS_ROOM|FIRST_CAPACITY|COSTLY|SPINS|spins|SLEEP_NANOSECONDS)$/,
    reason: "how long code is, how much memory it takes at first, or how long a thread waits before it sleeps",
  },
  {
    files: /^core\/(random\/normal_table|scalar\/double_precision)\.ts$/,
    names: /^(TERMS|LEVELS|ROUNDS|NO_STEP|LEAST_TERM)$/,
    reason: "more terms, levels or rounds than make a difference in double precision",
  },
  {
    files: /^core\/functions\/pooling\.ts$/,
    names: /^LARGE$/,
    reason: "from which size on windows are computed one axis after the other, which gives the same results",
  },
  {
    files: /^core\/webgpu\/(wgsl\/tile|run\/(buffers|executable))\.ts$/,
    names: /^(writtenOut|longOperation|keptBytes|keptGroups)$/,
    reason: "from which length on code is a loop, and how much is kept for later use; results are the same",
  },
  {
    files: /^(core\/(pressure|jit|runtime|programs\/\w+|nest\/numbered_checks))\.ts$/,
    names: named,
    reason: "how much is kept for later use",
  },
  {
    files: /^core\/wasm\/product\/(chunk_packing|panel_writer)\.ts$/,
    names: /^(LEAST_CHUNK|MOST_TAPS|MOST_DISTANCE)$/,
    reason: "in which of several right ways a matrix is packed, which changes how fast, not what is computed",
  },
  {
    files: /^core\/profile\/(peaks|measure)\.ts$/,
    names: named,
    reason: "how often and on how much work is measured; tests do not insist on a time",
  },
  {
    files: /^core\/programs\/operation_key\.ts$/,
    names: /^common$/,
    reason: "which numbers have kernels of their own; all others are passed to one",
  },
  {
    files: /^(data|model|cli)\//,
    names:
      /^(BLOCK_BYTES|RUN_BYTES|PIECE_BYTES|READ_BYTES|PACKED_START|LEAST_CHUNK|HEAVY_BYTES|MOST_GAP_BYTES|BLOCK_BITS|BLOCK|SHORT|PART|PIECE|AT_A_TIME|FIRST_CAPACITY|EXAMPLES_AT_A_TIME|SPARE|SPARE_BYTES|LONG_LINE|MANY_CHARACTERS|DIGITS)$/,
    reason: "how much is read, written or computed at a time",
  },
  {
    files: /^data\/formats\/npy_source\.ts$/,
    names: /^furthest$/,
    reason: "how near to each other rows are that are read together",
  },
  {
    files: /^(core|model|cli)\//,
    names: /^(REDRAW|TURN|READING|LINE_PAUSE|MANY_LINES|PATIENCE|ABANDONED_AFTER|ATTEMPTS|SECONDS)$/,
    reason: "how long something waits or takes",
  },
  {
    files: /./,
    names:
      /^(LONGEST\w*|MOST_\w*BYTES|MOST_HEADER\w*|MOST_NAMES|MOST_CHARACTERS|MOST_CONTAINERS|MOST_ITEMS|MOST_PROBLEMS|DEEPEST|DEFAULT_LIMIT|MOST_REPEATS|MOST_DRAWS)$/,
    reason: "a round bound, above all that is usual, on what hostile input may cost; tests try far more",
  },
  {
    files: /^data\/images\/jpeg\.ts$/,
    names: /^(MEGABYTES_PER_PIXEL|SPARE_MEGABYTES)$/,
    reason: "a round bound, above what pictures need, on the memory that damaged ones may take",
  },
  {
    files: /^views\//,
    names: named,
    reason: "a distance or a size in a picture is a matter of taste; tests check that nothing overlaps or is cut off",
  },
];

/** Whether a name in a file stands for a number or a function that is a choice. */
export function isChoice(file: string, name: string): boolean {
  return choices.some(({ files, names }) => files.test(file) && names.test(name));
}
