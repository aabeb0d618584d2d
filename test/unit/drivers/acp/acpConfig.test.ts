// Checks how what is written beside an agent becomes requests, whatever way the agent offers its choices.

import { strict as assert } from 'node:assert';
import { agentSchema } from '../../../../src/core/agent/agent.ts';
import { findPreset } from '../../../../src/core/agent/agentPresets.ts';
import type { ConfigWish } from '../../../../src/drivers/acp/acpConfig.ts';
import { configRequest, configWishes, offeredChoices } from '../../../../src/drivers/acp/acpConfig.ts';

const wish = (kind: ConfigWish['kind'], value: string | boolean, option?: string): ConfigWish => ({
	kind,
	value,
	isOptional: false,
	...(option === undefined ? {} : { option }),
});

describe('What is written beside an agent', () => {
	const options = (choices: unknown) => ({
		configOptions: [
			{ id: 'mode', category: 'mode', type: 'select', options: [{ value: 'big', name: 'Big' }] },
			{ id: 'm', category: 'model', type: 'select', currentValue: 'small', options: choices },
		],
	});
	const expected = {
		method: 'session/set_config_option',
		parameters: { sessionId: 's', configId: 'm', value: 'big' },
		isCurrent: false,
	};

	it('is found by value or name among the options of its category, grouped or not', () => {
		const choices = [{ value: 'big', name: 'The Big One' }];
		assert.deepEqual(configRequest(wish('model', 'big'), options(choices), 's'), expected);
		assert.deepEqual(configRequest(wish('model', 'the big one'), options(choices), 's'), expected);
		const grouped = [{ group: 'g', name: 'G', options: choices }];
		assert.deepEqual(configRequest(wish('model', 'big'), options(grouped), 's'), expected);
	});

	it('is set in the older way where there is only that, as gemini has it', () => {
		const session = {
			models: { availableModels: [{ modelId: 'big', name: 'The Big One' }], currentModelId: 'small' },
			modes: { availableModes: [{ id: 'yolo', name: 'YOLO' }], currentModeId: 'yolo' },
		};
		assert.deepEqual(configRequest(wish('model', 'big'), session, 's'), {
			method: 'session/set_model',
			parameters: { sessionId: 's', modelId: 'big' },
			isCurrent: false,
		});
		assert.deepEqual(configRequest(wish('mode', 'yolo'), session, 's'), {
			method: 'session/set_mode',
			parameters: { sessionId: 's', modeId: 'yolo' },
			isCurrent: true,
		});
	});

	it('may be the end of an address, as copilot calls its modes', () => {
		const plan = 'https://agentclientprotocol.com/protocol/session-modes#plan';
		const answer = configRequest(wish('mode', 'plan'), { modes: { availableModes: [{ id: plan }] } }, 's');
		assert.deepEqual('parameters' in answer && answer.parameters, { sessionId: 's', modeId: plan });
	});

	it('may be an option that is on or off', () => {
		const session = { configOptions: [{ id: 'fast', name: 'Fast mode', type: 'boolean', currentValue: false }] };
		const answer = configRequest(wish('option', 'on', 'fast mode'), session, 's');
		assert.deepEqual('parameters' in answer && answer.parameters, {
			sessionId: 's',
			configId: 'fast',
			type: 'boolean',
			value: true,
		});
	});

	it('is answered with what there is where it is not offered', () => {
		const choices = [{ value: 'a' }, { value: 'b' }];
		assert.deepEqual(configRequest(wish('model', 'c'), options(choices), 's'), { offered: ['a', 'b'] });
		assert.deepEqual(configRequest(wish('mode', 'c'), {}, 's'), { offered: [] });
		assert.deepEqual(configRequest(wish('option', 'x', 'effort'), options(choices), 's'), {
			offered: ['mode', 'm'],
		});
		assert.deepEqual(offeredChoices('model', options(choices)), ['a', 'b']);
	});

	it('comes before what we wish for, which an agent may lack', () => {
		const copilot = findPreset('copilot')?.quirks ?? {};
		const plain = agentSchema.parse({ id: 'a' });
		assert.deepEqual(configWishes(plain, copilot), [
			{ kind: 'mode', value: 'agent', isOptional: true },
			{ kind: 'option', option: 'allow_all', value: 'off', isOptional: true },
		]);
		const own = agentSchema.parse({ id: 'a', mode: 'plan', model: 'm', options: { allow_all: 'on' } });
		assert.deepEqual(configWishes(own, copilot), [
			{ kind: 'model', value: 'm', isOptional: false },
			{ kind: 'mode', value: 'plan', isOptional: false },
			{ kind: 'option', option: 'allow_all', value: 'on', isOptional: false },
		]);
	});
});
