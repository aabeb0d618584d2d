// Owns the commands that look at an agent at work: its live view, and the messages of its protocol.

import path from 'node:path';
import { window, workspace, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { Run } from '../../core/run/run.ts';
import { protocolLogPath } from '../../core/run/runLogPath.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { agentOf, runOf, taskOf } from './rowArguments.ts';
import type { RunCommandParts, RunQuestion } from './runCommands.ts';
import { chooseRun } from './runCommands.ts';

export interface WatchCommandParts extends RunCommandParts {
	readonly openWatch: (runId: string) => void;
}

const questions = {
	watch: {
		title: l10n.t('Watch Agent'),
		placeHolder: l10n.t('Which run?'),
		isReview: false,
		none: l10n.t('Nothing has run yet.'),
	},
	protocol: {
		title: l10n.t('Show Protocol Log'),
		placeHolder: l10n.t('Of which run?'),
		isReview: false,
		none: l10n.t('Nothing has run yet.'),
	},
} as const satisfies Record<string, RunQuestion>;

/** The run of an agent's row is its newest; anything else is chosen as for every command about runs. */
async function runToWatch(parts: WatchCommandParts, argument: unknown): Promise<Run | undefined> {
	const agentId = agentOf(argument);
	if (agentId === undefined || runOf(argument) !== undefined || taskOf(argument) !== undefined) {
		return chooseRun(parts, argument, questions.watch);
	}
	const [newest] = await parts.performer.perform<Run[]>('run.list', { worker: agentId, limit: 1 });
	if (newest === undefined) {
		throw new DreamError('run.none', l10n.t('{0} has not worked on anything yet.', agentId), {
			advice: l10n.t('Start the swarm, and watch it once it has a task.'),
		});
	}
	return newest;
}

async function showProtocolLog(parts: WatchCommandParts, argument: unknown): Promise<void> {
	const run = await chooseRun(parts, argument, questions.protocol);
	if (run === undefined) {
		return;
	}
	const { folder, ports } = parts.session.require();
	const file = path.join(folder, protocolLogPath(run.run_id));
	if ((await ports.files.stat(file)) === undefined) {
		throw new DreamError('run.noProtocolLog', l10n.t('{0} has no protocol log.', run.run_id), {
			advice: l10n.t(
				'Turn dreamos.agents.protocolLog on; the messages of runs that begin after that are recorded.',
			),
		});
	}
	await window.showTextDocument(await workspace.openTextDocument(file), { preview: true });
}

export function createWatchCommands(parts: WatchCommandParts): CommandHandlers {
	return {
		'dreamos.run.watch': async (argument) => {
			const run = await runToWatch(parts, argument);
			if (run !== undefined) {
				parts.openWatch(run.run_id);
			}
		},
		'dreamos.run.protocolLog': (argument) => showProtocolLog(parts, argument),
	};
}
