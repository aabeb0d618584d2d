// Owns which answers a program that calls ours must not take for all being well: they give the exit code of attention.

import { isJsonObject } from '../base/json.ts';
import type { Submitted } from '../core/person/submitWork.ts';
import type { Reclaimed } from '../core/worktree/reclaimWorktrees.ts';
import { isUnfinished } from './personAnswers.ts';

/** Whether an answer is fine as an answer but tells of something a person should see to. */
export function needsAttention(actionId: string, answer: unknown): boolean {
	if (actionId === 'agent.check') {
		return isJsonObject(answer) && answer['is_usable'] === false;
	}
	if (actionId === 'policy.list') {
		return (answer as { readonly problems: readonly unknown[] }).problems.length > 0;
	}
	if (actionId === 'worktree.reclaim') {
		return (answer as Reclaimed).kept.length > 0;
	}
	if (actionId === 'run.submit') {
		return isUnfinished(answer as Submitted);
	}
	const isJudgement = actionId === 'boards.check' || actionId === 'workspace.examine';
	return isJudgement && typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false;
}
