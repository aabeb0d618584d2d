// Owns choosing mode, model and options of a session: as the agent names them, by the way it offers them, and never silently not.
// What a mode means is the agent's business (some call thinking levels modes); no policy of ours follows from one.

import type { Agent } from '../../core/agent/agent.ts';
import type { AgentQuirks } from '../../core/agent/agentPresets.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, objectsAt, textAt } from './acpRead.ts';

export interface ConfigWish {
	readonly kind: 'model' | 'mode' | 'option';
	/** Of an option: its id or name. */
	readonly option?: string;
	readonly value: string | boolean;
	/** Ours and not the person's: where the agent does not know it, it works without. */
	readonly isOptional: boolean;
}

export interface ConfigRequest {
	readonly method: string;
	readonly parameters: Readonly<Record<string, string | boolean>>;
	/** Whether it is so already. */
	readonly isCurrent: boolean;
}

/** What the agent offers instead of what was wished, by the names it gives. */
export interface NotOffered {
	readonly offered: readonly string[];
}

/** What is to be set in a session of this agent, in order: another model may have other options. */
export function configWishes(agent: Agent, quirks: AgentQuirks): ConfigWish[] {
	const wishes: ConfigWish[] = [];
	const model = typeof agent.model === 'object' ? (agent.model.id ?? agent.model.family) : agent.model;
	if (model !== undefined && model !== '') {
		wishes.push({ kind: 'model', value: model, isOptional: false });
	}
	const mode = agent.mode === '' ? undefined : agent.mode;
	if (mode !== undefined) {
		wishes.push({ kind: 'mode', value: mode, isOptional: false });
	} else if (quirks.strictMode !== undefined) {
		wishes.push({ kind: 'mode', value: quirks.strictMode, isOptional: true });
	}
	const own = agent.options ?? {};
	for (const [option, value] of Object.entries(quirks.strictOptions ?? {})) {
		if (own[option] === undefined) {
			wishes.push({ kind: 'option', option, value, isOptional: true });
		}
	}
	for (const [option, value] of Object.entries(own)) {
		wishes.push({ kind: 'option', option, value, isOptional: false });
	}
	return wishes;
}

/** The request that fulfils a wish in a session, or what the agent offers. `session` is its answer to the opening of it. */
export function configRequest(wish: ConfigWish, session: Foreign, sessionId: string): ConfigRequest | NotOffered {
	const options = objectsAt(session, 'configOptions');
	const wanted = wish.kind === 'option' ? (wish.option ?? '') : wish.kind;
	const found =
		wish.kind === 'option'
			? options.find((option) => isCalled(wanted, textAt(option, 'id'), textAt(option, 'name')))
			: (options.find((option) => option['category'] === wanted) ??
				options.find((option) => textAt(option, 'id') === wanted));
	const configId = textAt(found, 'id');
	if (found !== undefined && configId !== undefined) {
		return optionRequest(wish, found, { sessionId, configId });
	}
	switch (wish.kind) {
		case 'option':
			return { offered: options.flatMap((option) => textAt(option, 'id') ?? []) };
		case 'mode':
			return olderRequest(wish, {
				list: objectsAt(objectAt(session, 'modes'), 'availableModes'),
				idKey: 'id',
				current: textAt(objectAt(session, 'modes'), 'currentModeId'),
				request: (modeId) => ({ method: 'session/set_mode', parameters: { sessionId, modeId } }),
			});
		case 'model':
			return olderRequest(wish, {
				list: objectsAt(objectAt(session, 'models'), 'availableModels'),
				idKey: 'modelId',
				current: textAt(objectAt(session, 'models'), 'currentModelId'),
				request: (modelId) => ({ method: 'session/set_model', parameters: { sessionId, modelId } }),
			});
	}
}

/** Names of what can be chosen for a kind of wish, for a person who looks what there is. */
export function offeredChoices(kind: 'model' | 'mode', session: Foreign): readonly string[] {
	const answer = configRequest({ kind, value: '', isOptional: true }, session, '');
	return 'offered' in answer ? answer.offered : [];
}

function optionRequest(
	wish: ConfigWish,
	option: Foreign,
	ids: { readonly sessionId: string; readonly configId: string },
): ConfigRequest | NotOffered {
	const method = 'session/set_config_option';
	if (option['type'] === 'boolean') {
		const value = booleanOf(wish.value);
		return value === undefined
			? { offered: ['true', 'false'] }
			: { method, parameters: { ...ids, type: 'boolean', value }, isCurrent: option['currentValue'] === value };
	}
	// They may be grouped.
	const choices = objectsAt(option, 'options').flatMap((choice) =>
		choice['value'] === undefined ? objectsAt(choice, 'options') : [choice],
	);
	const wanted = String(wish.value);
	const value = textAt(
		choices.find((choice) => isCalled(wanted, textAt(choice, 'value'), textAt(choice, 'name'))),
		'value',
	);
	return value === undefined
		? { offered: choices.flatMap((choice) => textAt(choice, 'value') ?? []) }
		: { method, parameters: { ...ids, value }, isCurrent: option['currentValue'] === value };
}

interface OlderWay {
	readonly list: readonly Foreign[];
	readonly idKey: string;
	readonly current: string | undefined;
	readonly request: (id: string) => Omit<ConfigRequest, 'isCurrent'>;
}

function olderRequest(wish: ConfigWish, way: OlderWay): ConfigRequest | NotOffered {
	const wanted = String(wish.value);
	const found = way.list.find((item) => isCalled(wanted, textAt(item, way.idKey), textAt(item, 'name')));
	const id = textAt(found, way.idKey);
	return id === undefined
		? { offered: way.list.flatMap((item) => textAt(item, way.idKey) ?? []) }
		: { ...way.request(id), isCurrent: id === way.current };
}

/** By id or name, however written; an id that is an address is also called by what follows its `#`. */
function isCalled(wanted: string, id: string | undefined, name: string | undefined): boolean {
	const word = wanted.toLowerCase();
	return (
		word !== '' &&
		[id, name, id?.includes('#') === true ? id.split('#').at(-1) : undefined].some(
			(each) => each?.toLowerCase() === word,
		)
	);
}

function booleanOf(value: string | boolean): boolean | undefined {
	switch (String(value).toLowerCase()) {
		case 'true':
		case 'on':
			return true;
		case 'false':
		case 'off':
			return false;
		default:
			return undefined;
	}
}
