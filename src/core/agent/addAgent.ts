// Owns how an agent comes into the ledger, and from there into runtime/agents.json: with an id of its own, and a command.

import { DreamError } from '../../base/errors.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { describeWish } from '../models/describeWish.ts';
import { runtimePaths } from '../paths.ts';
import type { Agent } from './agent.ts';
import { agentSchema } from './agent.ts';
import { agentPresets, findPreset } from './agentPresets.ts';
import { editorPresetId, editorPresetName } from './editorPreset.ts';

export interface AgentRequest {
	readonly preset?: string | undefined;
	readonly command?: readonly string[] | undefined;
	readonly id?: string | undefined;
	readonly name?: string | undefined;
	readonly role?: string | undefined;
	readonly model?: string | undefined;
	readonly mode?: string | undefined;
}

/** Adds it. Fails with `agent.unknownPreset`, `action.badInput`, `agent.exists`, `agent.badEntry`. */
export async function addAgent(transaction: LedgerTransaction, request: AgentRequest): Promise<Agent> {
	const isEditor = request.preset === editorPresetId;
	const preset = request.preset === undefined ? undefined : findPreset(request.preset);
	if (request.preset !== undefined && preset === undefined && !isEditor) {
		throw new DreamError('agent.unknownPreset', `There is no known agent "${request.preset}".`, {
			details: { preset: request.preset },
			advice: `Known are: ${knownIds()}. Any other is added by its command.`,
		});
	}
	const [only, ...more] = request.command ?? [];
	// Typed as one text it is a line of words; given word by word it is taken as it is.
	const command = only !== undefined && more.length === 0 ? commandWords(only) : [...(request.command ?? [])];
	const words = command.length > 0 ? command : [...(preset?.command ?? [])];
	if (isEditor ? words.length > 0 : words.length === 0) {
		if (isEditor) {
			throw new DreamError('action.badInput', 'A model of the editor is no program and has no command.');
		}
		throw new DreamError('action.badInput', 'An agent needs a preset or a command.', {
			advice: `Known are: ${knownIds()}. A command is such as "opencode acp".`,
		});
	}
	const taken = new Set((await transaction.agents()).map(({ id }) => id));
	if (request.id !== undefined && taken.has(request.id)) {
		throw new DreamError('agent.exists', `There is an agent ${request.id} already.`, {
			details: { agent_id: request.id },
			advice: `Give this one another id, or edit ${request.id} in ${runtimePaths.agents}.`,
		});
	}
	const parsed = agentSchema.safeParse({
		id: request.id ?? freeId(isEditor ? editorPresetId : (preset?.id ?? slugOf(words[0] ?? '')), taken),
		name: request.name ?? (isEditor ? editorPresetName : (preset?.name ?? '')),
		role: request.role ?? '',
		driver: isEditor ? 'lm' : 'acp',
		...(preset === undefined ? {} : { preset: preset.id }),
		...(isEditor ? {} : { command: words }),
		...(request.model === undefined ? {} : { model: request.model }),
		...(request.mode === undefined ? {} : { mode: request.mode }),
	});
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new DreamError(
			'agent.badEntry',
			`This agent cannot be used: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`,
		);
	}
	await transaction.putAgent(parsed.data);
	await transaction.append({
		type: 'agent.changed',
		agent_id: parsed.data.id,
		message: `${parsed.data.id} was added (${isEditor ? describeWish(parsed.data.model) : words.join(' ')})`,
	});
	return parsed.data;
}

const knownIds = (): string => [...agentPresets.map(({ id }) => id), editorPresetId].join(', ');

/** Words of a line, with spaces where they are quoted. */
function commandWords(line: string): string[] {
	return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(
		([, double, single, bare]) => double ?? single ?? bare ?? '',
	);
}

function slugOf(program: string): string {
	const name = (program.split(/[\\/]/u).at(-1) ?? '').replace(/\.(?:exe|cmd|mjs|js)$/iu, '');
	return (
		name
			.replaceAll(/[^A-Za-z0-9._-]+/gu, '-')
			.replace(/^[^A-Za-z]+/u, '')
			.slice(0, 60) || 'agent'
	);
}

function freeId(wanted: string, taken: ReadonlySet<string>): string {
	for (let number = 1; ; number += 1) {
		const id = number === 1 ? wanted : `${wanted}-${number}`;
		if (!taken.has(id)) {
			return id;
		}
	}
}
