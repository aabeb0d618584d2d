// Owns what an agent claims with its last word, and which of it the evidence contradicts. It only takes what is said plainly: to accuse
// wrongly is worse than to miss a claim. Pure.

import type { GateResult } from '../task/task.ts';

export interface Contradiction {
	/** What was claimed, in the agent's own words. */
	readonly claim: string;
	/** What the evidence shows instead, as a sentence. */
	readonly evidence: string;
}

export interface JudgedWork {
	/** Paths from the top of the repository. */
	readonly files: readonly string[];
	readonly gates: readonly GateResult[];
}

const mostKept = 10;
const claimLength = 200;

const negation =
	/\b(?:not|n't|no|never|cannot|without|unless|if|should|would|could|will|may|might|except|but|fail\w*)\b|n't/iu;
const testClaim =
	/\b(?:tests?|specs?|test suite|checks?|everything)\b[^.\n]{0,40}\b(?:pass(?:es|ed|ing)?|(?:is|are) green|succeed(?:s|ed)?)\b/iu;
const buildClaim =
	/\b(?:lint(?:er|ing)?|type[ -]?check(?:s|ing)?|build|compil(?:es|ation|er))\b[^.\n]{0,40}\b(?:pass(?:es|ed)?|is clean|is green|succeed(?:s|ed)?|without (?:any )?(?:errors|problems))\b/iu;
const nothingClaim =
	/\b(?:(?:made|there (?:are|were)) no changes|no files? (?:was|were) changed|(?:changed|did change) nothing|did not change any(?:thing| files?))\b/iu;

const extension =
	'(?:[cm]?[jt]sx?|json[c5]?|md|txt|py|rs|go|java|kts?|c|h|cc|cpp|hpp|cs|rb|php|sh|ya?ml|toml|html?|s?css|sql|xml|csv|svg|vue|swift|lock|ini)';
const file = String.raw`[\x60"'*]*((?:[\w@.-]+\/)*[\w@.-]+\.${extension})(?![\w/])[\x60"'*]*`;
const verb = 'changed|created|added|updated|wrote|edited|modified|deleted|removed|rewrote';
const between = String.raw`(?:\s+(?:the|a|an|new|file|files|both|also)\b)*:?\s+`;
const fileClaim = new RegExp(
	String.raw`\b(?:${verb})${between}${file}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)${file})*`,
	'giu',
);
const anyFile = new RegExp(file, 'giu');
const listHead = new RegExp(String.raw`^\W*(?:files?\s+(?:${verb})|(?:${verb})\s+files?)\W*$`, 'iu');
const listItem = new RegExp(String.raw`^\s*(?:[-*•]|\d+[.)])\s+${file}`, 'iu');

/** What of an agent's last word the evidence contradicts; each claim once. */
export function contradictedClaims(said: string, { files, gates }: JudgedWork): Contradiction[] {
	const failed = gates.filter(
		({ kind, ending, exit_code: code }) =>
			(ending === 'exited' || (kind === 'diagnostics' && ending === 'checked')) && code !== 0,
	);
	const found: Contradiction[] = [];
	const note = (claim: string, evidence: string) =>
		found.push({ claim: claim.trim().slice(0, claimLength), evidence });
	for (const sentence of sentencesOf(said)) {
		const gate = failed.find(({ kind }) =>
			kind === 'diagnostics'
				? buildClaim.test(sentence)
				: testClaim.test(sentence) || (kind === 'command' && buildClaim.test(sentence)),
		);
		if (gate !== undefined && !negation.test(sentence)) {
			note(sentence, `The gate ${gate.command} ended with exit code ${gate.exit_code ?? '-'}.`);
		}
		if (
			nothingClaim.test(sentence) &&
			files.length > 0 &&
			!/\b(?:other|else|further|more|outside)\b/iu.test(sentence)
		) {
			note(sentence, `It changed ${files.slice(0, 5).join(', ')}.`);
		}
	}
	const claimed = claimedFiles(said).filter(({ path }) => !files.some((each) => isSamePath(each, path)));
	for (const { path, words } of claimed) {
		note(words, `${path} is not among the files that were changed.`);
	}
	const seen = new Set<string>();
	return found.filter(({ evidence }) => !seen.has(evidence) && seen.add(evidence)).slice(0, mostKept);
}

const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?])\s+|\n+/u).filter((line) => line.trim() !== '');

/** A claim may leave out the folders, or begin at the workspace or with `./`. */
export function isSamePath(changed: string, claimed: string): boolean {
	const plain = claimed.replace(/^(?:\.\/)+/u, '').toLowerCase();
	const path = changed.toLowerCase();
	return path === plain || path.endsWith(`/${plain}`) || plain.endsWith(`/${path}`);
}

function claimedFiles(said: string): { readonly path: string; readonly words: string }[] {
	const claims = sentencesOf(said)
		.filter((sentence) => !negation.test(sentence))
		.flatMap((sentence) =>
			[...sentence.matchAll(fileClaim)].flatMap(([words]) =>
				[...words.matchAll(anyFile)].map(([, path]) => ({ path: path ?? '', words })),
			),
		);
	const lines = said.split('\n');
	lines.forEach((line, index) => {
		if (listHead.test(line)) {
			for (const item of lines.slice(index + 1)) {
				const path = listItem.exec(item)?.[1];
				if (path === undefined) {
					break;
				}
				claims.push({ path, words: item });
			}
		}
	});
	return claims.filter(({ path }) => path !== '' && !/^[A-Z][a-z]+\.js$/u.test(path));
}
