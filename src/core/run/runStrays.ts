// Owns what is said of files outside of its worktree that changed while a run worked: what its agent named and did, and what may have
// been anybody. Pure.

import { countOf } from '../../base/words.ts';
import type { Run } from './run.ts';

/**
 * `named`: a tool call of the run named the file, and it changed. `received`: the agent of another run did that in this one's worktree.
 * `perhaps`: it changed in the open tree while the run worked, by this agent, another program or a person.
 */
export type StrayEvidence = 'named' | 'received' | 'perhaps';

export interface RunStray {
	/** Absolute. */
	readonly path: string;
	readonly evidence: StrayEvidence;
	/** Whose agent it was, where that is another one. */
	readonly by?: string;
}

/** Whether what the run did, or what was done to it, must not land before a person looked at it. */
export const hasStrayed = (run: Pick<Run, 'strays'>): boolean =>
	run.strays.some(({ evidence }) => evidence !== 'perhaps');

/** One sentence for each kind of evidence there is; what is certain comes first. */
export function describeStrays({ strays, worker }: Pick<Run, 'strays' | 'worker'>): string[] {
	const pathsOf = (evidence: StrayEvidence) => strays.filter((stray) => stray.evidence === evidence);
	const [named, received, perhaps] = [pathsOf('named'), pathsOf('received'), pathsOf('perhaps')];
	const writers = [...new Set(received.flatMap(({ by }) => (by === undefined ? [] : [by])))].join(', ');
	return [
		...(named.length === 0 ? [] : [`VIOLATION: ${worker} changed ${listed(named)} outside of its worktree.`]),
		...(received.length === 0
			? []
			: [`VIOLATION: ${writers || 'another agent'} changed ${listed(received)} in this run's worktree.`]),
		...(perhaps.length === 0
			? []
			: [
					`${countOf(perhaps.length, 'file')} changed in the open folder during the run, perhaps by it: ${names(perhaps)}.`,
				]),
	];
}

const mostShown = 5;

const names = (strays: readonly RunStray[]): string => {
	const rest = strays.length - mostShown;
	const shown = strays.slice(0, mostShown).map(({ path }) => path);
	return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};

const listed = (strays: readonly RunStray[]): string =>
	strays.length === 1 ? names(strays) : `${strays.length} files (${names(strays)})`;
