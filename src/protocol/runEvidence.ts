// Owns what a page shows of a run's evidence, as plain values: gates with how they ended, claims, acceptance, reviews, files and the
// commit they were judged at. What is long is cut; the whole bundle is for the export.

import { displayLine, tailText } from '../base/text.ts';
import { formatTook } from '../base/words.ts';
import type { Evidence } from '../core/gate/evidence.ts';

export interface ShownGate {
	readonly command: string;
	readonly kind: string;
	readonly verdict: Evidence['gates'][number]['verdict'];
	/** `exit code 1`, or another way to end; empty where no program ran. */
	readonly how: string;
	readonly took: string;
	/** The end of what it printed. */
	readonly output: string;
}

export interface RunEvidence {
	/** Hidden commit the gates judged, and the one it was made from; null while there is none. */
	readonly commit: string | null;
	readonly base: string | null;
	readonly gates: readonly ShownGate[];
	readonly claims: readonly { readonly claim: string; readonly verdict: string; readonly found: string }[];
	readonly acceptance: readonly { readonly text: string; readonly state: string; readonly by: string }[];
	readonly reviews: readonly { readonly by: string; readonly verdict: string; readonly reason: string }[];
	readonly files: readonly string[];
	/** How many files there are beside those that are named. */
	readonly moreFiles: number;
}

const mostGates = 100;
const mostFiles = 200;
const outputLimit = 4000;

export function toRunEvidence(evidence: Evidence): RunEvidence {
	const claimed = evidence.claims.map(({ claim, verdict, evidence: found }) => ({ claim, verdict, found }));
	// What was said in words stands beside what was claimed in fields, once.
	const said = evidence.contradicted
		.filter(({ claim }) => !claimed.some((each) => each.claim === claim))
		.map(({ claim, evidence: found }) => ({ claim, verdict: 'contradicted', found }));
	return {
		commit: evidence.result_commit,
		base: evidence.base_commit,
		gates: evidence.gates.slice(0, mostGates).map(({ command, kind, verdict, ending, exit_code, ...gate }) => ({
			command: displayLine(command, 400),
			kind,
			verdict,
			how:
				ending === 'exited'
					? `exit code ${exit_code ?? '-'}`
					: ending === 'checked' || verdict === 'not read'
						? ''
						: displayLine(ending, 40),
			took: formatTook(gate.duration_ms),
			output: tailText(gate.output.trimEnd(), outputLimit),
		})),
		claims: [...claimed, ...said].map(({ claim, verdict, found }) => ({
			claim: displayLine(claim, 400),
			verdict,
			found: displayLine(found, 400),
		})),
		acceptance: evidence.acceptance.map(({ text, state, by }) => ({
			text: displayLine(text, 400),
			state,
			by: displayLine(by ?? '', 200),
		})),
		reviews: evidence.reviews.map(({ by, verdict, reason }) => ({
			by: displayLine(by, 80),
			verdict: displayLine(verdict, 80),
			reason: displayLine(reason, 1000),
		})),
		files: evidence.files.slice(0, mostFiles).map((file) => displayLine(file, 400)),
		moreFiles: Math.max(0, evidence.files.length - mostFiles),
	};
}
