// Checks how a language model works on a task: the tools it has, what it may not do, how it is spoken to, how it ends and goes on.

import { strict as assert } from 'node:assert';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DreamError } from '../../../../src/base/errors.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { DriverJob, NextTurn } from '../../../../src/core/driver/driver.ts';
import type { JobTools } from '../../../../src/core/driver/jobTools.ts';
import { createLmDriver } from '../../../../src/drivers/lm/lmDriver.ts';
import type { JobParts } from '../../../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, startJob } from '../../../support/driverJobs.ts';
import type { LanguageModelScript } from '../../../support/scriptedLanguageModel.ts';
import { ScriptedLanguageModel, inOrder, messageText } from '../../../support/scriptedLanguageModel.ts';
import { steeredBy } from '../../../support/steeringPerson.ts';

/** The part of a run's tools that the driver uses. */
function runTools(called: string[]): JobTools {
	const unused = { url: '', headers: {} };
	return {
		name: 'dreamos',
		toolNames: ['run_report', 'run_finish'],
		http: unused,
		stdio: { command: '', arguments: [], environment: {} },
		commandLine: '',
		environment: {},
		direct: {
			tools: ['run_report', 'run_ask', 'run_finish'].map((name) => ({
				name,
				description: name,
				inputSchema: { type: 'object' },
				endsTurn: name !== 'run_report',
			})),
			call(name: string, input: JsonObject) {
				called.push(`${name} ${JSON.stringify(input)}`);
				const isError = input['bad'] === true;
				return Promise.resolve({ text: isError ? 'run.fenced: it is over' : 'noted', isError });
			},
		},
		connected: Promise.resolve(),
		noteMissing: () => undefined,
		redact: (text) => text,
	};
}

describe('The lm driver', () => {
	let fixture: DriverFixture;
	let model: ScriptedLanguageModel;

	beforeEach(async () => {
		fixture = await DriverFixture.create();
		model = new ScriptedLanguageModel();
	});
	afterEach(() => fixture.dispose());

	const file = (name: string) => path.join(fixture.worktree, name);
	const read = (name: string) => readFile(file(name), 'utf8');
	function begin(script: LanguageModelScript, parts: JobParts = {}, more: Partial<DriverJob> = {}) {
		model.script = script;
		const driver = createLmDriver({ ...realDriverPorts(), languageModels: model });
		const entry = { driver: 'lm', ...parts.entry };
		return startJob(driver, { ...fixture.job({ ...parts, entry }), ...more });
	}
	/** Has the model call these tools, one a turn, and gives what it was answered. */
	async function answers(calls: readonly (readonly [string, object])[], parts: JobParts = {}): Promise<string[]> {
		const job = begin(inOrder(...calls.map((call) => ({ call: [call] })), { say: 'Done.' }), parts);
		const outcome = await job.outcome;
		assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
		return (model.asked.at(-1) ?? []).flatMap(({ parts: each }) =>
			each.flatMap((part) => (part.kind === 'result' ? [part.text] : [])),
		);
	}

	it('reads, lists, searches, writes, edits and deletes files', async () => {
		await mkdir(file('src/deep'), { recursive: true });
		await mkdir(file('node_modules/x'), { recursive: true });
		await writeFile(file('src/a.ts'), 'one\ntwo\nthree\n');
		await writeFile(file('src/deep/b.ts'), 'Two again\n');
		await writeFile(file('node_modules/x/c.ts'), 'two\n');
		const said = await answers([
			['list_files', {}],
			['list_files', { path: 'src', pattern: 'b.*' }],
			['search_text', { text: 'two', any_case: true }],
			['read_file', { path: 'src/a.ts', first_line: 2, lines: 1 }],
			['edit_file', { path: 'src/a.ts', old_text: 'two', new_text: '2' }],
			['write_file', { path: 'new/c.txt', content: 'c\n' }],
			['delete_file', { path: 'src/deep/b.ts' }],
			['list_files', {}],
		]);
		assert.deepEqual(said.slice(0, 4), [
			'src/a.ts\nsrc/deep/b.ts',
			'src/deep/b.ts',
			'src/a.ts:2: two\nsrc/deep/b.ts:1: Two again',
			'two\n[Lines 2 to 2 of 3.]',
		]);
		assert.equal(said.at(-1), 'new/c.txt\nsrc/a.ts');
		assert.equal(await read('src/a.ts'), 'one\n2\nthree\n');
		assert.equal(await read('new/c.txt'), 'c\n');
	});

	it('keeps line ends and marks, and leaves alone what is no text or not clear', async () => {
		await writeFile(file('crlf.txt'), '\uFEFFa\r\nb\r\nc\r\n');
		await writeFile(file('twice.txt'), 'x x');
		await writeFile(file('image.bin'), Buffer.from([1, 0, 2]));
		await writeFile(file('latin.txt'), Buffer.from([0x61, 0xe4]));
		const said = await answers([
			['edit_file', { path: 'crlf.txt', old_text: 'a\nb', new_text: 'a\nB' }],
			['edit_file', { path: 'twice.txt', old_text: 'x', new_text: 'y' }],
			['edit_file', { path: 'twice.txt', old_text: 'z', new_text: 'y' }],
			['read_file', { path: 'image.bin' }],
			['edit_file', { path: 'latin.txt', old_text: 'a', new_text: 'b' }],
			['read_file', { path: 'none.txt' }],
			['read_file', { file: 'a' }],
			['no_such_tool', {}],
		]);
		assert.equal(await read('crlf.txt'), '\uFEFFa\r\nB\r\nc\r\n');
		assert.match(said[1] ?? '', /^error: .*more than once/u);
		assert.match(said[2] ?? '', /^error: .*not in twice\.txt/u);
		assert.match(said[3] ?? '', /^error: image\.bin is no text file \(3 bytes\)/u);
		assert.match(said[4] ?? '', /^error: latin\.txt is no text file/u);
		assert.match(said[5] ?? '', /^error: There is no file none\.txt/u);
		assert.match(said[6] ?? '', /^error: read_file cannot use this input: .*It takes: path, first_line, lines/u);
		assert.match(said[7] ?? '', /^error: There is no tool no_such_tool\. There are: read_file/u);
	});

	it('stays in its worktree, also behind links', async () => {
		const outside = path.join(fixture.root, 'outside.txt');
		await writeFile(outside, 'secret outside\n');
		await symlink(outside, file('link.txt'));
		const said = await answers([
			['read_file', { path: '../outside.txt' }],
			['read_file', { path: 'link.txt' }],
			['write_file', { path: outside, content: 'x' }],
			['edit_file', { path: 'link.txt', old_text: 'secret', new_text: 'x' }],
			['delete_file', { path: '../outside.txt' }],
			['write_file', { path: '.git/hooks/pre-commit', content: 'x' }],
			['list_files', { path: '..' }],
			['search_text', { text: 'secret outside' }],
		]);
		for (const text of said.slice(0, 7)) {
			assert.match(text, /^error: .*outside (?:the worktree|your folder)/u);
		}
		assert.equal(said[7], 'Nothing found.');
		assert.equal(await readFile(outside, 'utf8'), 'secret outside\n');
	});

	it('does with leave only what rules allow, also when it searches', async () => {
		await writeFile(file('key.pem'), 'needle in the key\n');
		await writeFile(file('a.txt'), 'needle\n');
		const rules = [
			'rules:',
			'  - { decision: deny, kind: [read, edit], path: "*.pem", reason: keys are for people }',
			'  - { decision: deny, kind: execute, command: "git push*" }',
			'  - { decision: deny, kind: delete }',
		].join('\n');
		const said = await answers(
			[
				['read_file', { path: 'key.pem' }],
				['search_text', { text: 'needle' }],
				['run_command', { command: 'git push origin' }],
				['delete_file', { path: 'a.txt' }],
				['run_command', { command: 'echo fine' }],
			],
			{ permissions: { rules } },
		);
		assert.match(said[0] ?? '', /^error: key\.pem was not read: .*keys are for people/u);
		assert.equal(said[1], 'a.txt:1: needle\n[1 files with the text may not be read]');
		assert.match(said[2] ?? '', /^error: The command was not run: /u);
		assert.match(said[3] ?? '', /^error: a\.txt was not removed: /u);
		assert.match(said[4] ?? '', /^\[exit code 0\]\nfine\n$/u);
	});

	it('waits for the person where rules say to ask', async () => {
		const asked: string[] = [];
		const said = await answers([['run_command', { command: 'echo one' }]], {
			permissions: {
				setting: 'ask',
				answer: ({ commands }) => {
					asked.push(...commands);
					return Promise.resolve({ isAllowed: true });
				},
			},
		});
		assert.deepEqual(asked, ['echo one']);
		assert.match(said[0] ?? '', /one/u);
	});

	it('offers no command where all are to be denied', async () => {
		await begin(inOrder({ say: 'Done.' }), { permissions: { setting: 'deny' } }).outcome;
		const names = model.opened[0]?.tools.map(({ name }) => name) ?? [];
		assert.ok(names.includes('read_file') && !names.includes('run_command'), names.join(', '));
	});

	it('shows the end of long output, and ends a command whose time is over', async () => {
		const node = JSON.stringify(process.execPath);
		const said = await answers([
			['run_command', { command: `${node} -e "for (let i = 0; i < 20000; i++) console.log('line ' + i)"` }],
			['run_command', { command: 'sleep 30', timeout_seconds: 1 }],
		]);
		assert.ok((said[0] ?? '').length < 17_000);
		assert.match(said[0] ?? '', /^\[exit code 0\]\n\[… \d+ characters cut …\][^]*line 19999\n$/u);
		assert.match(said[1] ?? '', /^\[ended after 1 s, before it was done\]/u);
	});

	it('tells no key to the model or in what it says', async () => {
		const key = 'sk-0123456789abcdef';
		const job = begin(
			inOrder({ call: [['run_command', { command: 'echo $MY_API_KEY' }]] }, { say: `it is ${key}` }),
			{ env: { MY_API_KEY: key } },
		);
		const outcome = await job.outcome;
		assert.equal(outcome.kind === 'finished' && outcome.summary, 'it is [secret]');
		assert.ok(!JSON.stringify(model.asked).includes(key));
		assert.ok(!job.text().includes(key));
	});

	it('ends with run_finish and its summary, and calls tools of the run as they are', async () => {
		const called: string[] = [];
		const job = begin(
			inOrder(
				{ call: [['run_report', { text: 'half' }]] },
				{ call: [['run_finish', { bad: true }]] },
				{
					call: [
						['run_finish', { summary: 'All of it.' }],
						['write_file', { path: 'late.txt', content: '' }],
					],
				},
			),
			{},
			{ tools: runTools(called) },
		);
		assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'All of it.' });
		assert.deepEqual(called, [
			'run_report {"text":"half"}',
			'run_finish {"bad":true}',
			'run_finish {"summary":"All of it."}',
		]);
		assert.match(messageText(model.asked[2]?.at(-1) ?? { role: 'user', parts: [] }), /^error: run\.fenced/u);
		await assert.rejects(read('late.txt'));
	});

	it('reminds a model once that stops without a word on how its work ended', async () => {
		const job = begin(
			inOrder({ say: 'I will do it.' }, { say: 'There is nothing to do.' }),
			{},
			{ tools: runTools([]) },
		);
		assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'There is nothing to do.' });
		assert.match(messageText(model.asked[1]?.at(-1) ?? { role: 'user', parts: [] }), /call run_finish/u);
	});

	it('a model that says and does nothing is a failure that may pass', async () => {
		const outcome = await begin(inOrder({ say: '' })).outcome;
		assert.deepEqual(outcome.kind === 'failed' && [outcome.code, outcome.isTransient], ['agent.silent', true]);
	});

	it('stops at its limit of requests', async () => {
		const outcome = await begin(inOrder({ call: [['list_files', {}]] }), {
			entry: { limits: { model_requests: 3 } },
		}).outcome;
		assert.equal(model.asked.length, 3);
		assert.match(
			outcome.kind === 'failed' ? `${outcome.code} ${outcome.reason}` : '',
			/^agent\.limit .*3 times.*limits\.model_requests/u,
		);
	});

	it('gives up a model that falls silent, and not one whose command takes long', async () => {
		const slow = begin(inOrder({ call: [['run_command', { command: 'sleep 4' }]] }, { say: 'Done.' }), {
			patience: { silence: 2_000 },
		});
		assert.equal((await slow.outcome).kind, 'finished');
		const silent = await begin(inOrder({ hang: 'hm' }), { patience: { silence: 2_000 } }).outcome;
		assert.match(silent.kind === 'failed' ? `${silent.code} ${silent.reason}` : '', /^agent\.timeout .*for 2 s/u);
	});

	it('says the failure of the port as it is', async () => {
		const fail = new DreamError('model.noPermission', 'You have not allowed it.', { advice: 'Allow it.' });
		assert.deepEqual(await begin(inOrder({ fail })).outcome, {
			kind: 'failed',
			code: 'model.noPermission',
			reason: 'You have not allowed it. Allow it.',
			isTransient: false,
		});
	});

	it('tells usage where the model does', async () => {
		const job = begin(inOrder({ say: 'Done.', usage: { input_tokens: 12, output_tokens: 3 } }));
		await job.outcome;
		assert.equal(job.text('usage'), '12 tokens in, 3 out');
	});

	it('is spoken to between turns and in the middle of one, with the results it is owed', async () => {
		const said: (NextTurn | undefined)[] = [
			undefined,
			{ text: 'Somebody says: stop that.', onHeard: () => heard.push('first') },
			undefined,
		];
		const heard: string[] = [];
		const { steering, cut } = steeredBy(said);
		const job = begin(
			inOrder(
				{
					call: [
						['run_command', { command: 'echo begun; sleep 30' }],
						['list_files', {}],
					],
				},
				{ say: 'As you wish.' },
			),
			{},
			{ steering },
		);
		await job.told('begun');
		cut();
		assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'As you wish.' });
		assert.deepEqual(heard, ['first']);
		const last = model.asked.at(-1)?.at(-1)?.parts ?? [];
		assert.deepEqual(
			last.map((part) => part.kind),
			['result', 'result', 'text'],
		);
		assert.match(JSON.stringify(last), /cut short.*cut short.*stop that/u);
	});

	it('begins a conversation of its own where it is to begin anew, and owes it nothing', async () => {
		const said: (NextTurn | undefined)[] = [
			undefined,
			{ text: 'Your task, from its checkpoint.', isFresh: true, onHeard: () => undefined },
			undefined,
		];
		const { steering, cut } = steeredBy(said);
		const job = begin(
			(messages) =>
				messageText(messages[0] ?? { role: 'user', parts: [] }).startsWith('Your task')
					? { say: 'As you wish.' }
					: { call: [['run_command', { command: 'echo begun; sleep 30' }]] },
			{},
			{ steering },
		);
		await job.told('begun');
		cut();
		assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'As you wish.' });
		assert.deepEqual(model.asked.at(-1)?.map(messageText), ['Your task, from its checkpoint.']);
		const [first, second] = job.sessions;
		assert.ok(first !== undefined && second !== undefined);
		assert.notEqual(second.session_id, first.session_id);
	});

	it('goes on with the conversation of an earlier attempt in the same folder only', async () => {
		const first = begin(inOrder({ call: [['list_files', {}]] }, { hang: 'thinking' }));
		await first.told('thinking');
		await first.session.cancel();
		const [session] = first.sessions;
		assert.ok(session !== undefined);
		const resume = { session, prompt: 'You were interrupted.' };
		const second = begin(() => ({ say: 'Done.' }), { resume });
		assert.equal((await second.outcome).kind, 'finished');
		const whole = model.asked.at(-1)?.map(messageText) ?? [];
		assert.match(whole[0] ?? '', /^Do nothing\./u);
		assert.equal(whole.at(-1), 'You were interrupted.');
		assert.equal(second.sessions[0]?.session_id, session.session_id);
		const elsewhere = begin(() => ({ say: 'Done.' }), {
			resume: { ...resume, session: { ...session, cwd: '/elsewhere' } },
		});
		assert.equal((await elsewhere.outcome).kind, 'finished');
		assert.equal(model.asked.at(-1)?.length, 1);
	});

	it('answers calls that were under way when its host died, before it goes on', async () => {
		const first = begin(inOrder({ call: [['run_command', { command: 'echo begun; sleep 30' }]] }));
		await first.told('begun');
		await first.session.cancel();
		const [session] = first.sessions;
		assert.ok(session !== undefined);
		await begin(() => ({ say: 'Done.' }), { resume: { session, prompt: 'Go on.' } }).outcome;
		assert.match(
			messageText(model.asked.at(-1)?.at(-1) ?? { role: 'user', parts: [] }),
			/^It is not known whether/u,
		);
	});

	it('works nowhere without a port or a worktree', async () => {
		const without = startJob(createLmDriver(realDriverPorts()), fixture.job({ entry: { driver: 'lm' } }));
		const outcome = await without.outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'model.notServed');
		await rm(fixture.worktree, { recursive: true });
		const gone = await begin(inOrder({ say: 'Done.' })).outcome;
		assert.equal(gone.kind === 'failed' && gone.code, 'worktree.missing');
	});
});
