// Owns the commands about the swarm as a whole: start it, stop it, open the dashboard, show the log.

import { commands } from 'vscode';
import { countOf } from '../../base/words.ts';
import { isDreamError } from '../../base/errors.ts';
import { countAll } from '../../core/swarm/swarmSnapshot.ts';
import type { EditorLog } from '../log.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { inView } from './workspaceCommands.ts';

export interface SwarmCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly log: EditorLog;
	readonly openDashboard: () => Promise<void>;
}

async function start(parts: SwarmCommandParts): Promise<void> {
	const { performer, notifier, session } = parts;
	performer.assertReady();
	try {
		await inView(() => performer.perform('swarm.start'));
	} catch (error) {
		if (!isDreamError(error, 'git.notARepository')) {
			throw error;
		}
		notifier.offer('Agents work in git worktrees, and this folder is not in a git repository.', [
			{
				title: 'Initialize Repository',
				run: async () => {
					await session.require().ports.git.initialize();
					await commands.executeCommand('dreamos.swarm.start');
				},
			},
		]);
		return;
	}
	if (countAll(session.snapshot) === 0) {
		notifier.answer('The swarm is running and waits for tasks.', [
			{ title: 'Create Task', run: () => commands.executeCommand('dreamos.task.create') },
		]);
	}
}

async function stop({ performer, notifier }: SwarmCommandParts, action: 'swarm.stop' | 'swarm.stopNow'): Promise<void> {
	performer.assertReady();
	const { was_running: wasRunning } = await inView(() =>
		performer.perform<{ readonly was_running: boolean }>(action),
	);
	if (!wasRunning) {
		notifier.answer('The swarm was not running.');
	}
}

async function tell({ performer }: SwarmCommandParts, action: 'swarm.resume' | 'swarm.drain'): Promise<void> {
	await inView(() => performer.perform(action));
}

/** Says what goes on nevertheless: a person who pauses everything expects silence. */
async function pause({ performer, notifier }: SwarmCommandParts): Promise<void> {
	const { going } = await inView(() => performer.perform<{ readonly going: readonly string[] }>('swarm.pause'));
	if (going.length > 0) {
		notifier.answer(
			`The swarm is paused; ${countOf(going.length, 'run')} cannot be paused and ${going.length === 1 ? 'goes' : 'go'} on to the end.`,
		);
	}
}

export function createSwarmCommands(parts: SwarmCommandParts): CommandHandlers {
	return {
		'dreamos.swarm.start': () => start(parts),
		'dreamos.swarm.stop': () => stop(parts, 'swarm.stop'),
		'dreamos.swarm.stopNow': () => stop(parts, 'swarm.stopNow'),
		'dreamos.swarm.pause': () => pause(parts),
		'dreamos.swarm.resume': () => tell(parts, 'swarm.resume'),
		'dreamos.swarm.drain': () => tell(parts, 'swarm.drain'),
		'dreamos.dashboard.open': () => parts.openDashboard(),
		'dreamos.logs.show': () => parts.log.show(),
	};
}
