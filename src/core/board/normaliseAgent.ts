// Owns how the name of an agent was ever spelled and which id it means. A name of a registered agent is never touched.

import { isPlaceholder } from './normaliseTime.ts';

/** Stands for "anybody": messages to it go to all, a task assigned to it is assigned to none. */
export const everybody = 'ALL';

/**
 * `Agent 1`, `agent_001`, `Captain-Agent-5`, `Agent-8 (Captain)`, `cursor_3` → `Agent-N`; `ALL…`, `BROADCAST…`, `SWARM` → `ALL`;
 * anything with the word THEA → `THEA`; `Supervisor1` → `Supervisor-1`; placeholders → null; everything else unchanged.
 */
export function normaliseAgent(raw: string, known: ReadonlySet<string> = new Set()): string | null {
	const name = raw.trim();
	if (known.has(name)) {
		return name;
	}
	const folded = name.replace(/[\s_-]+/gu, '').toUpperCase();
	if (folded === '' || /^(?:NONE|NULL|NIL|TBD|UNASSIGNED|N\/A)$/u.test(folded) || isPlaceholder(name)) {
		return null;
	}
	if (/^(?:ALL(?:[A-Z]*AGENTS[A-Z0-9]*)?|BROADCAST.*|SWARM)$/u.test(folded)) {
		return everybody;
	}
	const numbered =
		/^(?:CO)?(?:CAPTAIN)?AGENT0*(\d+)(?:\(.*\))?$/u.exec(folded) ??
		/^CAPTAIN\(AGENT0*(\d+)\)$/u.exec(folded) ??
		/^CURSOR0*(\d+)$/u.exec(folded);
	if (numbered !== null) {
		return `Agent-${numbered[1]}`;
	}
	if (folded === 'CAPTAINAGENT' || folded === 'CAPTAIN') {
		return 'Captain';
	}
	if (/(?:^|[^\p{L}])THEA(?:[^\p{L}]|$)/iu.test(name)) {
		return 'THEA';
	}
	const supervisor = /^SUPERVISOR0*(\d+)$/u.exec(folded);
	return supervisor === null ? name : `Supervisor-${supervisor[1]}`;
}
