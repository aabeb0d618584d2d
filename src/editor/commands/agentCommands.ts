// Owns the commands about agents: add one that is known or any other, and try whether one works here. Nothing is installed and
// nobody is logged in without the person: the command line is put into a terminal, and run there only where it is the agent's own.

import { ProgressLocation, Uri, commands, window, workspace } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { Agent } from '../../core/agent/agent.ts';
import type { AgentCheck, LoginWay } from '../../core/agent/agentCheck.ts';
import { describeCheck } from '../../core/agent/describeCheck.ts';
import { keyNames } from '../../core/agent/agentKeys.ts';
import type { FoundPreset } from '../../core/agent/lookForPresets.ts';
import { describeWish } from '../../core/models/modelSelector.ts';
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
				label: 'Another Agent',
				description: 'any program that speaks the Agent Client Protocol',
			},
		],
		{ title: 'Add Agent', placeHolder: 'Which agent do you want to work with?' },
	);
	if (preset === undefined) {
		return;
	}
	const command =
		preset === 'other'
			? await askText({
					title: 'Add Agent',
					prompt: 'The command that starts it, with its arguments',
					placeHolder: 'such as: opencode acp',
					required: 'Say how the agent is started.',
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
		{ title: 'Check Agent', run: () => commands.executeCommand('dreamos.agent.check', { agentId: agent.id }) },
		{ title: 'Open agents.json', run: () => openAgents(parts) },
	];
	if (preset !== 'other' && preset.path === null) {
		choices.unshift({ title: 'Install in Terminal', run: () => offerLine(preset.name, preset.install) });
	}
	notifier.answer(`${agent.id} is one of your agents now.${problem === null ? '' : ` ${problem}`}`, choices);
}

function describePreset({ path, version, models }: FoundPreset): string {
	return path === null ? 'not installed' : (version ?? (models === undefined ? 'version unknown' : ''));
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
			{ value: 'any', label: 'Any Model', description: 'whichever the editor names first' },
		],
		{ title: 'Add Agent', placeHolder: 'Which model of the editor?' },
	);
}

/** Puts a command line into a terminal, for the person to run. */
function offerLine(name: string, line: string): void {
	const terminal = window.createTerminal({ name: `Install ${name}` });
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
	const agentId = agentOf(argument) ?? (await pickAgent(session, 'Check Agent'));
	if (agentId === undefined) {
		return;
	}
	const found = await window.withProgress(
		{
			location: ProgressLocation.Notification,
			title: `Checking ${agentId}: starts it and asks its model three short things`,
		},
		() => performer.perform<AgentCheck>('agent.check', { agent_id: agentId }),
	);
	const message = `${agentId}: ${describeCheck(found)}`;
	const choices: Choice[] = [
		...found.login.flatMap((way) => loginChoice(agentId, way)),
		{ title: 'Show Report', run: () => reports.open(`Check of ${agentId}`, reportOf(agentId, found)) },
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
	const agentId = agentOf(argument) ?? (await pickAgent(session, 'Set Agent Key', ['acp']));
	const agent = session.snapshot.agents.find((shown) => shown.agent.id === agentId)?.agent;
	if (agent === undefined) {
		return;
	}
	const names = keyNames(agent);
	if (names.length === 0) {
		throw new DreamError('agent.noKeys', `It is not known in which variable ${agent.id} looks for its key.`, {
			details: { agent_id: agent.id },
			advice: `Write its name beside the agent in ${runtimePaths.agents}, such as "keys": ["MY_API_KEY"].`,
		});
	}
	const [only] = names;
	const name =
		names.length === 1
			? only
			: await pickOne(
					names.map((value) => ({ value, label: value })),
					{ title: 'Set Agent Key', placeHolder: `Which key of ${agent.id}?` },
				);
	if (name === undefined) {
		return;
	}
	const value = await window.showInputBox({
		title: `${name} of ${agent.id}`,
		prompt: 'Kept where the editor keeps secrets. Leave it empty to forget the one that is kept.',
		password: true,
		ignoreFocusOut: true,
	});
	if (value !== undefined) {
		await secrets.keep(name, value.trim());
		notifier.answer(
			`${name} is ${value.trim() === '' ? 'forgotten' : 'kept'}. ${session.snapshot.swarm.isHostAlive ? 'The swarm uses it when it is started next.' : ''}`.trim(),
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
		throw new DreamError('agent.none', `${title}: there is no agent it could be for.`, {
			advice: 'Add one with Dream.OS: Add Agent.',
		});
	}
	return pickOne(
		agents.map(({ agent }) => ({
			value: agent.id,
			label: plainLabel(agent.id),
			description: plainLabel(agent.command?.join(' ') ?? describeWish(agent.model)),
		})),
		{ title, placeHolder: 'Which agent?' },
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
							.createTerminal({ name: `Log in ${agentId}`, shellPath: program, shellArgs: rest })
							.show(),
				},
			];
}

function reportOf(agentId: string, { at, agent, steps, login }: AgentCheck): string[] {
	return [
		`${agentId}${agent === '' ? '' : ` · ${agent}`}`,
		'',
		`Checked ${new Date(at).toLocaleString()}`,
		'',
		...steps.map(({ step, verdict, text, milliseconds }) => `- ${step}: ${verdict}. ${text} (${milliseconds} ms)`),
		...login.map(({ name, command }) => `- log in: ${name}${command === null ? '' : `: ${command.join(' ')}`}`),
	];
}

export function createAgentCommands(parts: AgentCommandParts): CommandHandlers {
	return {
		'dreamos.agent.add': () => add(parts),
		'dreamos.agent.check': (argument) => check(parts, argument),
		'dreamos.agent.setKey': (argument) => setKey(parts, argument),
	};
}
