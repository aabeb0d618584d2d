// Checks the way from a host to a language model of a window and back: who waits for whom, who takes over, what is withdrawn.

import assert from 'node:assert/strict';
import { DreamError } from '../../../src/base/errors.ts';
import { nullLogger } from '../../../src/base/log.ts';
import { agentSchema } from '../../../src/core/agent/agent.ts';
import type { Conversation, ModelMessage } from '../../../src/core/models/languageModel.ts';
import { readHeldAgents } from '../../../src/core/loop/heldAgents.ts';
import { LedgerModels } from '../../../src/core/models/ledgerModels.ts';
import { leaseLifetimes, leaseNames } from '../../../src/core/swarmFacts.ts';
import { createDrivers } from '../../../src/drivers/drivers.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { PolicyFile } from '../../../src/core/policy/policyFile.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { explainWaiting } from '../../../src/workspace/explainWaiting.ts';
import { realDriverPorts } from '../../support/driverJobs.ts';
import type { WindowScript } from '../../support/modelWindow.ts';
import { ModelWindow } from '../../support/modelWindow.ts';
import { inOrder, messageText, testModel } from '../../support/scriptedLanguageModel.ts';
import type { LanguageModelStep } from '../../support/scriptedLanguageModel.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

const ordered = (...steps: readonly LanguageModelStep[]): WindowScript => {
	const script = inOrder(...steps);
	return (messages) =>
		script(messages, { conversation_id: '', run_id: '', agent_id: '', model: undefined, tools: [] });
};
const writes = ordered({ call: [['write_file', { path: 'a.txt', content: 'model\n' }]] }, { say: 'Written.' });

describe('language models of windows', function () {
	const folders = useTemporaryFolders();
	const windows: ModelWindow[] = [];
	let swarm: TemporarySwarm;

	beforeEach(async () => {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [agentSchema.parse({ id: 'editor', driver: 'lm', model: 'test/scripted' })] },
		);
		// With a window there, landing would be its business.
		swarm.settings = { ...swarm.settings, 'landing.mode': 'review' };
	});
	afterEach(async () => {
		await Promise.all(windows.splice(0).map((window) => window.close().catch(() => undefined)));
		await swarm.dispose();
	});

	async function open(script: WindowScript, models = [testModel]): Promise<ModelWindow> {
		const window = await ModelWindow.open(swarm.ledger, script, models);
		windows.push(window);
		return window;
	}
	const models = (askedBy: string) =>
		new LedgerModels({
			ledger: () => swarm.ledger,
			clock: systemClock,
			log: nullLogger,
			actor: { kind: 'host', id: askedBy },
			askedBy,
		});
	const begin = async () => {
		await swarm.tell(true);
		return swarm.lead({ drivers: createDrivers({ ...realDriverPorts(), languageModels: models('host-1') }) });
	};
	const why = (id: string) =>
		explainWaiting(
			{
				ledger: swarm.ledger,
				settings: swarm.settings,
				drivers: createDrivers(realDriverPorts()),
				policy: new PolicyFile(nodeFileSystem, swarm.folder),
			},
			id,
		);
	const openQuestions = () => swarm.ledger.read((reader) => reader.openModelRequests());

	it('an agent gets no task while no window has its model, says what to do, and begins once one has', async () => {
		await swarm.add('A', []);
		await begin();
		assert.match(
			(await why('A')) ?? '',
			/no open window offers editor a language model; open this workspace in an editor/u,
		);
		await open(writes, [{ ...testModel, vendor: 'other' }]);
		assert.match((await why('A')) ?? '', /offers test\/scripted, which editor wants; there are other\/scripted-1/u);
		assert.equal((await swarm.task('A')).status, 'READY');
		await open(writes);
		const { result } = await swarm.statusIs('A', 'REVIEW');
		assert.deepEqual([result?.summary, result?.files], ['Written.', ['a.txt']]);
		const [run] = await swarm.runs('A');
		assert.equal(run?.session?.kind, 'lm');
	});

	it('another window takes over from one that closes, and from one that is killed', async () => {
		await swarm.add('A', []);
		const first = await open(ordered({ hang: 'I think' }));
		await begin();
		await swarm.until(() => first.sent.length > 0, 'the first window is asked');
		const second = await open(ordered({ hang: 'me too' }));
		await first.close();
		await swarm.until(() => second.sent.length > 0, 'the second window is asked');
		await second.crash();
		await open(writes);
		await swarm.statusIs('A', 'REVIEW');
		assert.equal((await swarm.runs('A')).length, 1);
		assert.deepEqual([first.cancelled, second.cancelled], [1, 1]);
	});

	it('a task waits when every window is gone, and that costs no attempt', async () => {
		swarm.settings = { ...swarm.settings, 'agents.startTimeoutSeconds': 1, 'tasks.maxAttempts': 1 };
		await swarm.add('A', []);
		const window = await open(ordered({ hang: 'I think' }));
		await begin();
		await swarm.until(() => window.sent.length > 0, 'the window is asked');
		await window.close();
		await swarm.until(async () => (await swarm.runs('A'))[0]?.state === 'released', 'the run is given up');
		assert.match(
			(await swarm.runs('A'))[0]?.reason ?? '',
			/No open window offered test\/scripted to editor within 1 s\. Open this/u,
		);
		assert.equal((await swarm.task('A')).status, 'READY');
		await open(writes);
		await swarm.statusIs('A', 'REVIEW');
	});

	it('a person who does not allow the model is asked once, and the agent gets nothing more', async () => {
		await swarm.add('A', []);
		await swarm.add('B', []);
		const window = await open(
			ordered({
				fail: new DreamError('model.noPermission', 'Dream.OS may not use Scripted.', {
					advice: 'Allow it in the editor.',
				}),
			}),
		);
		await begin();
		const { block_reason: reason } = await swarm.statusIs('A', 'BLOCKED');
		assert.deepEqual(reason, {
			kind: 'needs_input',
			text: 'Dream.OS may not use Scripted. Allow it in the editor.',
		});
		await swarm.until(async () => (await swarm.ledger.read(readHeldAgents)).has('editor'), 'the agent is held');
		assert.equal((await swarm.task('B')).status, 'READY');
		assert.equal(window.sent.length, 1);
	});

	it('what nobody waits for is withdrawn, and the window stops', async () => {
		await swarm.add('A', []);
		const window = await open(ordered({ hang: 'I think' }));
		const host = await begin();
		await swarm.until(() => window.sent.length > 0, 'the window is asked');
		await host.stop();
		await swarm.until(() => window.cancelled === 1, 'the window stops');
		assert.deepEqual(await openQuestions(), []);
	});

	describe('a conversation', () => {
		const listener = () => ({
			signal: new AbortController().signal,
			patience: 5000,
			text: '',
			onText(text: string) {
				this.text += text;
			},
			onSign: () => undefined,
		});
		const user = (text: string): ModelMessage => ({ role: 'user', parts: [{ kind: 'text', text }] });
		const lead = (host: string) =>
			swarm.ledger.write(person, async (transaction) => {
				await transaction.acquireLease(leaseNames.host, host, leaseLifetimes.host * 20, Date.now());
			});
		const openConversation = (askedBy: string): Promise<Conversation> =>
			models(askedBy).open({
				conversation_id: 'conversation-1',
				run_id: 'run-1',
				agent_id: 'editor',
				model: 'test/scripted',
				tools: [{ name: 'look', description: 'looks', inputSchema: {} }],
			});

		it('is remembered by the ledger, with what got no answer', async () => {
			await lead('host-8');
			const answers: LanguageModelStep[] = [{ say: 'one' }, { hang: 'two' }, { say: 'three' }];
			const window = await open(() => answers.shift() ?? { say: 'more' });
			const first = await openConversation('host-8');
			const heard = listener();
			const answer = await first.ask([user('1')], heard);
			assert.deepEqual([answer.parts, heard.text], [[{ kind: 'text', text: 'one' }], 'one']);
			const cut = new AbortController();
			const second = first.ask([user('2')], { ...listener(), signal: cut.signal });
			await swarm.until(() => window.sent.length === 2, 'it is asked');
			cut.abort(new Error('cut short'));
			await assert.rejects(second, /cut short/u);
			await swarm.until(() => window.cancelled === 1, 'the window stops');
			const later = await openConversation('host-8');
			assert.deepEqual(later.earlier.map(messageText), ['1', 'one', '2']);
			await later.ask([user('3')], listener());
			assert.deepEqual(window.sent.at(-1)?.map(messageText), ['1', 'one', '2', '3']);
		});

		it('is not answered for a host that does not lead', async () => {
			await lead('host-9');
			const window = await open(ordered({ say: 'wrong' }));
			const conversation = await openConversation('host-7');
			await assert.rejects(conversation.ask([user('1')], { ...listener(), patience: 1500 }), {
				code: 'model.noWindow',
				message: /did not take a question of editor within 2 s/u,
			});
			assert.equal(window.sent.length, 0);
			assert.deepEqual(await openQuestions(), []);
		});

		it('is asked of one window only, whoever looks', async () => {
			await lead('host-8');
			const both = await Promise.all([open(ordered({ say: 'yes' })), open(ordered({ say: 'yes' }))]);
			const conversation = await openConversation('host-8');
			for (const text of ['1', '2', '3']) {
				await conversation.ask([user(text)], listener());
			}
			assert.equal(both[0].sent.length + both[1].sent.length, 3);
		});
	});
});
