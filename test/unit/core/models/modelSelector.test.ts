// Checks which models are meant by what stands beside an agent, what is said where there is none, and that a conversation fits.

import assert from 'node:assert/strict';
import { agentSchema } from '../../../../src/core/agent/agent.ts';
import { fitConversation } from '../../../../src/core/models/fitConversation.ts';
import type { ModelMessage } from '../../../../src/core/models/languageModel.ts';
import { matchingModels } from '../../../../src/core/models/modelSelector.ts';
import { describeWish } from '../../../../src/core/models/describeWish.ts';
import { missingModel } from '../../../../src/core/models/offeredModels.ts';
import { testModel } from '../../../support/scriptedLanguageModel.ts';

const offered = [
	{ ...testModel, vendor: 'copilot', family: 'gpt-5', id: 'gpt-5-mini', version: '2' },
	{ ...testModel, vendor: 'copilot', family: 'claude', id: 'claude-4' },
	{ ...testModel, vendor: 'local', family: 'org/llama', id: 'org/llama' },
];
const ids = (wish: Parameters<typeof matchingModels>[1]) => matchingModels(offered, wish).map(({ id }) => id);

describe('A wish for a model', () => {
	it('means an id or a family, of one vendor or any, or what an object says', () => {
		assert.equal(ids(undefined).length, 3);
		assert.equal(ids('').length, 3);
		assert.deepEqual(ids('claude'), ['claude-4']);
		assert.deepEqual(ids('copilot/gpt-5'), ['gpt-5-mini']);
		assert.deepEqual(ids('copilot/gpt-5-mini'), ['gpt-5-mini']);
		assert.deepEqual(ids('local/org/llama'), ['org/llama']);
		assert.deepEqual(ids('copilot/'), ['gpt-5-mini', 'claude-4']);
		assert.deepEqual(ids({ vendor: 'copilot', version: '2' }), ['gpt-5-mini']);
		assert.deepEqual(ids('gpt-4'), []);
		assert.deepEqual(ids('local/claude'), []);
		assert.deepEqual(
			[describeWish(undefined), describeWish({ vendor: 'a', id: 'b' }), describeWish(' a/b ')],
			['any model', 'a/b', 'a/b'],
		);
	});

	it('is part of an entry, where a misspelt field is refused', () => {
		const parse = (model: unknown) => agentSchema.safeParse({ id: 'editor', driver: 'lm', model }).success;
		assert.ok(parse('copilot/gpt-5') && parse({ vendor: 'copilot', family: 'gpt-5' }) && parse(undefined));
		assert.ok(!parse({ vender: 'copilot' }) && !parse(5));
	});

	it('that nobody fulfils is said with what to do, for agents of that kind only', () => {
		const agent = agentSchema.parse({ id: 'editor', driver: 'lm', model: 'gpt-4' });
		assert.match(
			missingModel(agent, []) ?? '',
			/^no open window offers editor a language model; open this workspace/u,
		);
		assert.match(
			missingModel(agent, offered) ?? '',
			/offers gpt-4, which editor wants; there are copilot\/gpt-5-mini, /u,
		);
		assert.equal(missingModel({ ...agent, model: undefined }, offered), undefined);
		assert.equal(missingModel({ ...agent, driver: 'acp' }, []), undefined);
	});
});

describe('A conversation that is too long', () => {
	const result = (text: string): ModelMessage => ({ role: 'user', parts: [{ kind: 'result', id: 'c', text }] });
	const said: ModelMessage = { role: 'user', parts: [{ kind: 'text', text: 'x'.repeat(3000) }] };

	it('loses its oldest results, and nothing that was said', () => {
		const messages = [said, result('a'.repeat(9000)), result('b'.repeat(3000))];
		assert.equal(fitConversation(messages, 100_000), messages);
		assert.equal(fitConversation(messages, 0), messages);
		const [first, second, third] = fitConversation(messages, 2500);
		assert.deepEqual(first, messages[0]);
		assert.match(JSON.stringify(second), /^.{0,80}a{200}\\n\[… cut/u);
		assert.deepEqual(third, messages[2]);
	});
});
