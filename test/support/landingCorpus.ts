// Owns the golden corpus of landings: what a repository held, what an agent made of it, what is open and not committed here, and
// whether the two go together. What comes out of a pair is not written down: git's own merge says it (landingOracle.ts).

import { filesAndFolders, modesAndLinks, renames } from './landingCorpusFiles.ts';
import { encodings, lineEnds, texts } from './landingCorpusTexts.ts';
import type { LandingPair } from './landingPair.ts';

export const landingCorpus: readonly LandingPair[] = [
	...texts,
	...lineEnds,
	...encodings,
	...filesAndFolders,
	...renames,
	...modesAndLinks,
];
