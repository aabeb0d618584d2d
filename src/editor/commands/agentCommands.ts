// Owns the commands about agents: add one that is known or any other, and try whether one works here. Nothing is installed and
// nobody is logged in without the person: the command line is put into a terminal, and run there only where it is the agent's own.

import { ProgressLocation, Uri, commands, window, workspace, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { Agent } from '../../core/agent/agent.ts';
import type { AgentCheck, LoginWay } from '../../core/agent/agentCheck.ts';
import { describeCheck } from '../../core/agent/describeCheck.ts';
import { keyNames } from '../../core/agent/agentKeys.ts';
import type { FoundPreset } from '../../core/agent/lookForPresets.ts';
import { describeWish } from '../../core/models/describeWish.ts';
import { runtimePaths } from '../../core/paths.ts';
import type { AgentSecrets } from '../agentSecrets.ts';
import type { ReportDocuments } from '../documents/reportDocuments.ts';
import type { Choice, Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { askText, pickOne } from './pickers.ts';
import { agentOf } from './rowArguments.ts';
import { inView } from './workspaceCommands.ts';

export interface AgentCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly reports: ReportDocuments;
	readonly secrets: AgentSecrets;
}

async function add(parts: AgentCommandParts): Promise<void> {
	const { performer, notifier } = parts;
	performer.assertReady();
	const presets = await inView(() => performer.perform<FoundPreset[]>('agent.presets'));
	// What is there comes first.
	const ordered = presets
		// The editor's models only where it has some.
		.filter(({ models }) => models === undefined || models.length > 0)
		.toSorted((left, right) => Number(right.path !== null) - Number(left.path !== null));
	const preset = await pickOne<FoundPreset | 'other'>(
		[
			...ordered.map((value) => ({
				value,
				label: value.name,
				description: describePreset(value),
				detail: plainLabel(
					value.problem ?? value.models?.map(({ name }) => name).join(', ') ?? value.path ?? '',
					200,
				),
			})),
			{
				value: 'other',
				label: l10n.t('Another Agent'),
				description: l10n.t('any program that speaks the Agent Client Protocol'),
			},
		],
		{ title: l10n.t('Add Agent'), placeHolder: l10n.t('Which agent do you want to work with?') },
	);
	if (preset === undefined) {
		return;
	}
	const command =
		preset === 'other'
			? await askText({
					title: l10n.t('Add Agent'),
					prompt: l10n.t('The command that starts it, with its arguments'),
					placeHolder: l10n.t('such as: opencode acp'),
					required: l10n.t('Say how the agent is started.'),
				})
			: undefined;
	if (preset === 'other' && command === undefined) {
		return;
	}
	const model = preset === 'other' || preset.models === undefined ? 'none' : await pickModel(preset.models);
	if (model === undefined) {
		return;
	}
	const { agent, problem } = await performer.perform<{ agent: Agent; problem: string | null }>(
		'agent.add',
		preset === 'other'
			? { command: [command ?? ''] }
			: { preset: preset.id, ...(model === 'none' || model === 'any' ? {} : { model: model.model }) },
	);
	const choices: Choice[] = [
		{
			title: l10n.t('Check Agent'),
			run: () => commands.executeCommand('dreamos.agent.check', { agentId: agent.id }),
		},
		{ title: l10n.t('Open agents.json'), run: () => openAgents(parts) },
	];
	if (preset !== 'other' && preset.path === null) {
		choices.unshift({ title: l10n.t('Install in Terminal'), run: () => offerLine(preset.name, preset.install) });
	}
	notifier.answer([l10n.t('{0} is one of your agents now.', agent.id), problem ?? ''].join(' ').trim(), choices);
}

function describePreset({ path, version, models }: FoundPreset): string {
	return path === null
		? l10n.t('not installed')
		: (version ?? (models === undefined ? l10n.t('version unknown') : ''));
}

type EditorModel = NonNullable<FoundPreset['models']>[number];

function pickModel(models: readonly EditorModel[]): Promise<EditorModel | 'any' | undefined> {
	return pickOne<EditorModel | 'any'>(
		[
			...models.map((value) => ({
				value,
				label: plainLabel(value.name),
				description: plainLabel(value.model),
			})),
			{ value: 'any', label: l10n.t('Any Model'), description: l10n.t('whichever the editor names first') },
		],
		{ title: l10n.t('Add Agent'), placeHolder: l10n.t('Which model of the editor?') },
	);
}

/** Puts a command line into a terminal, for the person to run. */
function offerLine(name: string, line: string): void {
	const terminal = window.createTerminal({ name: l10n.t('Install {0}', name) });
	terminal.show();
	terminal.sendText(line, false);
}

async function openAgents({ session }: AgentCommandParts): Promise<void> {
	const file = Uri.joinPath(Uri.file(session.require().folder), runtimePaths.agents);
	await window.showTextDocument(await workspace.openTextDocument(file));
}

async function check(parts: AgentCommandParts, argument: unknown): Promise<void> {
	const { session, performer, notifier, reports } = parts;
	performer.assertReady();
	const agentId = agentOf(argument) ?? (await pickAgent(session, l10n.t('Check Agent')));
	if (agentId === undefined) {
		return;
	}
	const found = await window.withProgress(
		{
			location: ProgressLocation.Notification,
			title: l10n.t('Checking {0}: starts it and asks its model three short things', agentId),
		},
		() => performer.perform<AgentCheck>('agent.check', { agent_id: agentId }),
	);
	const message = `${agentId}: ${describeCheck(found)}`;
	const choices: Choice[] = [
		...found.login.flatMap((way) => loginChoice(agentId, way)),
		{
			title: l10n.t('Show Report'),
			run: () => reports.open(l10n.t('Check of {0}', agentId), reportOf(agentId, found)),
		},
	];
	if (found.is_usable) {
		notifier.answer(message, choices);
	} else {
		notifier.offer(message, choices);
	}
}

/** Keeps a key where the editor keeps secrets; the swarm gets it when its host is started next. */
async function setKey({ session, performer, notifier, secrets }: AgentCommandParts, argument: unknown): Promise<void> {
	performer.assertReady();
	const agentId = agentOf(argument) ?? (await pickAgent(session, l10n.t('Set Agent Key'), ['acp']));
	const agent = session.snapshot.agents.find((shown) => shown.agent.id === agentId)?.agent;
	if (agent === undefined) {
		return;
	}
	const names = keyNames(agent);
	if (names.length === 0) {
		throw new DreamError(
			'agent.noKeys',
			l10n.t('It is not known in which variable {0} looks for its key.', agent.id),
			{
				details: { agent_id: agent.id },
				advice: l10n.t(
					'Write its name beside the agent in {0}, such as "keys": ["MY_API_KEY"].',
					runtimePaths.agents,
				),
			},
		);
	}
	const [only] = names;
	const name =
		names.length === 1
			? only
			: await pickOne(
					names.map((value) => ({ value, label: value })),
					{ title: l10n.t('Set Agent Key'), placeHolder: l10n.t('Which key of {0}?', agent.id) },
				);
	if (name === undefined) {
		return;
	}
	const value = await window.showInputBox({
		title: l10n.t('{0} of {1}', name, agent.id),
		prompt: l10n.t('Kept where the editor keeps secrets. Leave it empty to forget the one that is kept.'),
		password: true,
		ignoreFocusOut: true,
	});
	if (value !== undefined) {
		await secrets.keep(name, value.trim());
		notifier.answer(
			[
				value.trim() === '' ? l10n.t('{0} is forgotten.', name) : l10n.t('{0} is kept.', name),
				session.snapshot.swarm.isHostAlive ? l10n.t('The swarm uses it when it is started next.') : '',
			]
				.join(' ')
				.trim(),
		);
	}
}

async function pickAgent(
	session: WorkspaceSession,
	title: string,
	// A model of the editor has no key of its own.
	drivers: readonly string[] = ['acp', 'lm'],
): Promise<string | undefined> {
	const agents = session.snapshot.agents.filter(({ agent }) => drivers.includes(agent.driver));
	if (agents.length === 0) {
		throw new DreamError('agent.none', l10n.t('{0}: there is no agent it could be for.', title), {
			advice: l10n.t('Add one with Dream.OS: Add Agent.'),
		});
	}
	return pickOne(
		agents.map(({ agent }) => ({
			value: agent.id,
			label: plainLabel(agent.id),
			description: plainLabel(agent.command?.join(' ') ?? describeWish(agent.model)),
		})),
		{ title, placeHolder: l10n.t('Which agent?') },
	);
}

/** A way to log in that the agent wants in a terminal is started there, as the agent says: without a shell to read it otherwise. */
function loginChoice(agentId: string, { name, command }: LoginWay): Choice[] {
	const [program, ...rest] = command ?? [];
	return program === undefined
		? []
		: [
				{
					title: plainLabel(name, 40),
					run: () =>
						window
							.createTerminal({
								name: l10n.t('Log in {0}', agentId),
								shellPath: program,
								shellArgs: rest,
							})
							.show(),
				},
			];
}

function reportOf(agentId: string, { at, agent, steps, login }: AgentCheck): string[] {
	return [
		`${agentId}${agent === '' ? '' : ` · ${agent}`}`,
		'',
		l10n.t('Checked {0}', new Date(at).toLocaleString()),
		'',
		...steps.map(({ step, verdict, text, milliseconds }) => `- ${step}: ${verdict}. ${text} (${milliseconds} ms)`),
		...login.map(
			({ name, command }) =>
				`- ${l10n.t('log in')}: ${[name, ...(command === null ? [] : [command.join(' ')])].join(': ')}`,
		),
	];
}

export function createAgentCommands(parts: AgentCommandParts): CommandHandlers {
	return {
		'dreamos.agent.add': () => add(parts),
		'dreamos.agent.check': (argument) => check(parts, argument),
		'dreamos.agent.setKey': (argument) => setKey(parts, argument),
	};
}
