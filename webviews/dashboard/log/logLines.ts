// Owns which lines of the log are shown: of one kind, and with what was typed in them. Pure.

import * as l10n from '@vscode/l10n';
import type { EventLine } from '../../../src/protocol/eventLine.ts';

export const logKinds = [
	{ id: 'all', label: l10n.t('Everything'), prefixes: [] },
	{ id: 'tasks', label: l10n.t('Tasks'), prefixes: ['task.'] },
	{ id: 'runs', label: l10n.t('Runs'), prefixes: ['run.', 'gate.'] },
	{ id: 'landings', label: l10n.t('Landings'), prefixes: ['landing.', 'run.tried', 'run.narrowed'] },
	{ id: 'questions', label: l10n.t('Questions'), prefixes: ['question.', 'policy.'] },
	{ id: 'boards', label: l10n.t('Boards'), prefixes: ['board.', 'boards.', 'workspace.'] },
	{ id: 'swarm', label: l10n.t('Swarm'), prefixes: ['swarm.', 'host.', 'agent.', 'hook.', 'worktree.'] },
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
