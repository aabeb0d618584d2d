// Owns how a recorded gate is told: it passed, it failed, or it could not be read, which is neither.

import type { GateResult } from '../task/task.ts';

/** The `ending` of a gate that nobody could read: nothing is shown by it, and nothing held against the work. */
export const notRead = 'notRead';

export const gateVerdicts = ['passed', 'failed', 'not read'] as const;
export type GateVerdict = (typeof gateVerdicts)[number];

export const gateVerdict = ({ exit_code: code, ending }: Pick<GateResult, 'exit_code' | 'ending'>): GateVerdict =>
	code === 0 ? 'passed' : ending === notRead ? 'not read' : 'failed';
