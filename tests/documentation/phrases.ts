/**
 * Phrases that no text of the project uses, and what to write instead. CONTRIBUTING.md has the reasons.
 *
 * @module
 */

/** A phrase that is refused. */
export interface Phrase {
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly better: string;
}

/** British spellings by their stems. */
const british = [
  ...["initialis", "normalis", "optimis(?![tm])", "minimis", "maximis", "standardis", "quantis", "vectoris", "tokenis"],
  ...[
    "serialis",
    "synchronis",
    "parallelis",
    "generalis",
    "regularis",
    "recognis",
    "organis(?!m)",
    "summaris",
    "utilis",
  ],
  ...["behaviour", "colour", "favour", "neighbour", "honour", "labour", "centre", "centring", "grey", "licence"],
  ...["artefact", "catalogue", "analyse[dr]?\\b", "analysing", "modelled", "modelling", "labelled", "labelling"],
];

/** A pattern of words that may be on different lines. */
function words(text: string, flags = "i"): RegExp {
  return new RegExp(`\\b${text.replaceAll(" ", "\\s+")}\\b`, flags);
}

/** The phrases. Code and quotations may contain them; see `prose.ts`. */
export const phrases: readonly Phrase[] = [
  { pattern: new RegExp(`\\w*(?:${british.join("|")})\\w*`, "i"), better: "the American spelling" },
  { pattern: words("where (?:it is |they are )?not given"), better: "default: …" },
  { pattern: words("where (?:nothing|none|no \\w+) is (?:said|given|named)"), better: "by default" },
  { pattern: words("so it is where"), better: "default" },
  { pattern: words("where there (?:is|are|was|were) none"), better: "if there is none" },
  {
    pattern: words("(?:examples|images|samples|digits|steps|batches) an? (?:second|step|epoch|batch)"),
    better: "per …",
  },
  { pattern: words("a step of the"), better: "per step; in a step" },
  { pattern: words("in place of"), better: "instead of" },
  { pattern: words("besides"), better: "also; in addition to; apart from" },
  { pattern: words("go(?:es|ne|ing)? on with"), better: "resume; continue" },
  { pattern: words("goes? before"), better: "take precedence; come first" },
  { pattern: words("(?:is|are) told (?:of|by|on|with)"), better: "is reported; the subject that reports it" },
  { pattern: words("least (?:\\w+ )?error"), better: "best … error" },
  { pattern: words("falls? no more"), better: "stops improving" },
  { pattern: words("(?:or|is) no number"), better: "NaN; not finite" },
  { pattern: words("in letters"), better: "in the terminal; as text" },
  { pattern: words("pages? for people"), better: "an HTML report; readable" },
  { pattern: words("(?:are|is) (?:those|that) of then"), better: "differs from …" },
  { pattern: words("that cannot be is"), better: "invalid" },
  { pattern: words("for want of"), better: "because … could not be …" },
  { pattern: words("that others use"), better: "shared" },
  { pattern: words("makes? the (?:model|network|layer) again"), better: "rebuilds the …" },
  { pattern: words("lives (?:do not|that)"), better: "disjoint lifetimes" },
  { pattern: words("So many", ""), better: "this many" },
  { pattern: words("of the house"), better: "of the code; of this project" },
  { pattern: words("rooms?"), better: "folder; entry point; memory" },
  { pattern: words("storeys?"), better: "layer; level" },
];
