// Owns how far an agent's word can be trusted: of its runs that were checked, the share in which nothing it said was contradicted by
// the evidence. Pure; nothing is guessed for an agent that was never checked.

import type { Run } from '../run/run.ts';

export interface TrustFigure {
	/** Runs whose work was checked by at least one gate, or whose word was found wrong. */
	readonly checked: number;
	/** Those of them in which a claim was contradicted. */
	readonly contradicted: number;
	/** 0 to 1; null where nothing was checked. */
	readonly share: number | null;
}

export function trustOf(runs: readonly Pick<Run, 'gates'>[]): TrustFigure {
	const checked = runs.filter(({ gates }) => gates.length > 0);
	const contradicted = checked.filter(({ gates }) => gates.some(({ kind }) => kind === 'claim')).length;
	return {
		checked: checked.length,
		contradicted,
		share: checked.length === 0 ? null : (checked.length - contradicted) / checked.length,
	};
}

/** As a person reads it: `90 %`, or a dash where there is nothing to tell. */
export const describeTrust = ({ share }: TrustFigure): string =>
	share === null ? '–' : `${Math.round(share * 100)} %`;
