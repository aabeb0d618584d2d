// Owns which lines of the log are shown: of one kind, and with what was typed in them. Pure.

import type { EventLine } from '../../../src/protocol/eventLine.ts';

export const logKinds = [
	{ id: 'all', label: 'Everything', prefixes: [] },
	{ id: 'tasks', label: 'Tasks', prefixes: ['task.'] },
	{ id: 'runs', label: 'Runs', prefixes: ['run.', 'gate.'] },
	{ id: 'landings', label: 'Landings', prefixes: ['landing.', 'run.tried', 'run.narrowed'] },
	{ id: 'questions', label: 'Questions', prefixes: ['question.', 'policy.'] },
	{ id: 'boards', label: 'Boards', prefixes: ['board.', 'boards.', 'workspace.'] },
	{ id: 'swarm', label: 'Swarm', prefixes: ['swarm.', 'host.', 'agent.', 'hook.', 'worktree.'] },
] as const;

/** Lines of a kind that hold every word of the text, oldest first. */
export function shownLines(lines: readonly EventLine[], kind: string, text: string): EventLine[] {
	const prefixes: readonly string[] = logKinds.find(({ id }) => id === kind)?.prefixes ?? [];
	const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
	return lines
		.filter(
			({ type, actor, taskId, runId, text: said }) =>
				(prefixes.length === 0 || prefixes.some((prefix) => type.startsWith(prefix))) &&
				words.every((word) => `${actor} ${taskId ?? ''} ${runId ?? ''} ${said}`.toLowerCase().includes(word)),
		)
		.sort((left, right) => left.sequence - right.sequence);
}
