// Owns the commands about the swarm as a whole: start it, stop it, open the dashboard, show the log.

import { commands, l10n } from 'vscode';
import { isDreamError } from '../../base/errors.ts';
import { countAll } from '../../core/swarm/swarmSnapshot.ts';
import type { SwarmMode } from '../../core/swarmFacts.ts';
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

/** What was paused before the swarm was started. */
interface StandingStill {
	readonly mode: SwarmMode;
	readonly paused: readonly string[];
}

/** Why nothing, or not everything, goes on; undefined where everything does. */
function stillWords({ mode, paused }: StandingStill): string | undefined {
	if (mode !== 'work') {
		return mode === 'pause'
			? l10n.t('The swarm runs and is paused: nothing goes on before Resume All.')
			: l10n.t('The swarm runs and begins nothing new before Resume All.');
	}
	if (paused.length === 0) {
		return undefined;
	}
	return paused.length === 1
		? l10n.t('The swarm runs. 1 run was paused before, and stands still until you resume it.')
		: l10n.t('The swarm runs. {0} runs were paused before, and stand still until you resume them.', paused.length);
}

async function start(parts: SwarmCommandParts): Promise<void> {
	const { performer, notifier, session } = parts;
	performer.assertReady();
	let standing: StandingStill;
	try {
		standing = await inView(() => performer.perform<StandingStill>('swarm.start'));
	} catch (error) {
		if (!isDreamError(error, 'git.notARepository')) {
			throw error;
		}
		notifier.offer(l10n.t('Agents work in git worktrees, and this folder is not in a git repository.'), [
			{
				title: l10n.t('Initialize Repository'),
				run: async () => {
					await session.require().ports.git.initialize();
					await commands.executeCommand('dreamos.swarm.start');
				},
			},
		]);
		return;
	}
	const still = stillWords(standing);
	if (still !== undefined) {
		notifier.offer(still, [
			{ title: l10n.t('Resume All'), run: () => commands.executeCommand('dreamos.swarm.resume') },
		]);
	} else if (countAll(session.snapshot) === 0) {
		notifier.answer(l10n.t('The swarm is running and waits for tasks.'), [
			{ title: l10n.t('Create Task'), run: () => commands.executeCommand('dreamos.task.create') },
		]);
	}
}

async function stop({ performer, notifier }: SwarmCommandParts, action: 'swarm.stop' | 'swarm.stopNow'): Promise<void> {
	performer.assertReady();
	const { was_running: wasRunning } = await inView(() =>
		performer.perform<{ readonly was_running: boolean }>(action),
	);
	if (!wasRunning) {
		notifier.answer(l10n.t('The swarm was not running.'));
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
			going.length === 1
				? l10n.t('The swarm is paused; 1 run cannot be paused and goes on to the end.')
				: l10n.t('The swarm is paused; {0} runs cannot be paused and go on to the end.', going.length),
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
