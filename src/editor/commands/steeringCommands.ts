// Owns the commands by which a person steers agents at work: each asks only for what its row does not say, and Esc leaves quietly.

import { l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { Run } from '../../core/run/run.ts';
import { isPausedRun } from '../../core/run/run.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { askText, pickOne } from './pickers.ts';
import { agentOf, runOf, taskOf } from './rowArguments.ts';
import type { SteeringCommand } from './runChoices.ts';
import { runChoices } from './runChoices.ts';

export interface SteeringCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
}

/** The run of the row, of its agent or its task, or the one that is picked among those at work. */
async function chooseRun(
	{ session, performer }: SteeringCommandParts,
	argument: unknown,
	command: SteeringCommand,
): Promise<Run | undefined> {
	performer.assertReady();
	const question = { runId: runOf(argument), agentId: agentOf(argument), taskId: taskOf(argument) };
	const held = session.snapshot.agents.flatMap(({ run }) => run ?? []);
	const runs = runChoices(held, question, command);
	return (question.runId ?? question.agentId ?? question.taskId)
		? runs[0]
		: pickOne(
				runs.map((value) => ({
					value,
					label: plainLabel(session.snapshot.tasks.get(value.task_id)?.task.name ?? value.task_id),
					description: plainLabel(
						`${value.task_id} · ${value.worker} · ${isPausedRun(value) ? 'paused' : value.state}`,
					),
				})),
				{ title: command.title, placeHolder: l10n.t('Which run?') },
			);
}

async function sendMessage(parts: SteeringCommandParts, argument: unknown): Promise<void> {
	const title = l10n.t('Send Message to Agent');
	const run = await chooseRun(parts, argument, { title, needsListener: true });
	if (run === undefined) {
		return;
	}
	const text = await askText({
		title: l10n.t('Message to {0}', run.worker),
		prompt: l10n.t('What is it told?'),
		required: l10n.t('Say something.'),
		longest: 20_000,
	});
	const now =
		text === undefined
			? undefined
			: await pickOne(
					[
						{
							value: false,
							label: l10n.t('After this turn'),
							detail: l10n.t('It ends what it does first; its work is checked after that.'),
						},
						{
							value: true,
							label: l10n.t('Now'),
							detail: l10n.t('Cuts its turn short; a command that is running is ended.'),
						},
					],
					{ title, placeHolder: l10n.t('When is it told?') },
				);
	if (text !== undefined && now !== undefined) {
		await parts.performer.perform('run.message', { run_id: run.run_id, text, now });
	}
}

async function onRun(
	parts: SteeringCommandParts,
	argument: unknown,
	action: SteeringCommand & { readonly id: string },
): Promise<void> {
	const run = await chooseRun(parts, argument, action);
	if (run !== undefined) {
		await parts.performer.perform(action.id, { run_id: run.run_id });
	}
}

async function handOver(parts: SteeringCommandParts, argument: unknown): Promise<void> {
	const title = l10n.t('Hand to Another Agent');
	const run = await chooseRun(parts, argument, { title });
	if (run === undefined) {
		return;
	}
	const heirs = parts.session.snapshot.agents.filter(({ agent }) => agent.enabled && agent.id !== run.worker);
	if (heirs.length === 0) {
		throw new DreamError('agent.none', l10n.t('There is no other agent to hand it to.'), {
			advice: l10n.t('Add one with Add Agent.'),
		});
	}
	const agent = await pickOne(
		heirs.map((heir) => ({
			value: heir.agent.id,
			label: plainLabel(heir.agent.id),
			description: plainLabel(`${heir.agent.name || heir.agent.role} · ${heir.state}`),
		})),
		{ title, placeHolder: l10n.t('Who goes on with {0}?', plainLabel(run.task_id)) },
	);
	const note =
		agent === undefined
			? undefined
			: await askText({
					title,
					prompt: l10n.t('What should it know? State and changed files are added (may be empty).'),
				});
	if (agent !== undefined && note !== undefined) {
		await parts.performer.perform('run.handoff', {
			run_id: run.run_id,
			agent,
			...(note === '' ? {} : { note }),
		});
	}
}

async function onAgent(
	{ session, performer }: SteeringCommandParts,
	argument: unknown,
	action: { readonly id: string; readonly title: string; readonly isEnabled: boolean },
): Promise<void> {
	performer.assertReady();
	const agents = session.snapshot.agents.filter(({ agent }) => agent.enabled === action.isEnabled);
	const given = agentOf(argument);
	if (given === undefined && agents.length === 0) {
		throw new DreamError(
			'agent.none',
			action.isEnabled ? l10n.t('No agent is there that takes tasks.') : l10n.t('No agent is paused.'),
			{
				advice: action.isEnabled
					? l10n.t('Resume one, or add one with Add Agent.')
					: l10n.t('Nothing has to be resumed.'),
			},
		);
	}
	const agentId =
		given ??
		(await pickOne(
			agents.map(({ agent, state }) => ({ value: agent.id, label: plainLabel(agent.id), description: state })),
			{ title: action.title, placeHolder: l10n.t('Which agent?') },
		));
	if (agentId !== undefined) {
		await performer.perform(action.id, { agent_id: agentId });
	}
}

export function createSteeringCommands(parts: SteeringCommandParts): CommandHandlers {
	return {
		'dreamos.run.message': (argument) => sendMessage(parts, argument),
		'dreamos.run.pause': (argument) =>
			onRun(parts, argument, {
				id: 'run.pause',
				title: l10n.t('Pause Run'),
				needsListener: true,
				isPaused: false,
			}),
		'dreamos.run.resume': (argument) =>
			onRun(parts, argument, { id: 'run.resume', title: l10n.t('Resume Run'), isPaused: true }),
		'dreamos.run.restart': (argument) =>
			onRun(parts, argument, { id: 'run.restart', title: l10n.t('Restart Run') }),
		'dreamos.run.handoff': (argument) => handOver(parts, argument),
		'dreamos.agent.pause': (argument) =>
			onAgent(parts, argument, { id: 'agent.pause', title: l10n.t('Pause Agent'), isEnabled: true }),
		'dreamos.agent.resume': (argument) =>
			onAgent(parts, argument, { id: 'agent.resume', title: l10n.t('Resume Agent'), isEnabled: false }),
	};
}
