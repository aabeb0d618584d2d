// Owns the two signs that stand for an agent beside a file it has changed. Pure.

/** At most two signs: `A3` for Agent-3, `12` for Agent-12, `Cl` for Claude. */
export function holderBadge(worker: string): string {
	const [first = '?', second = ''] = worker.match(/[\p{L}\p{N}]/gu) ?? [];
	const number = /\d+$/u.exec(worker)?.[0].slice(-2) ?? '';
	return number === ''
		? `${first.toUpperCase()}${second}`
		: number.length === 1
			? `${first.toUpperCase()}${number}`
			: number;
}
