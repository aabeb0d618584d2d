// Owns every way an agent can fail, each with the scripted agent that fails so.

import { strict as assert } from 'node:assert';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAcpDriver } from '../../../../src/drivers/acp/acpDriver.ts';
import { defaultAcpLimits } from '../../../../src/drivers/acp/acpRun.ts';
import type { JobParts } from '../../../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, scripted, startJob } from '../../../support/driverJobs.ts';
import type { Script } from '../../../support/scriptedAcpScript.ts';

interface Case {
	readonly title: string;
	readonly script?: Script;
	readonly parts?: JobParts;
	readonly code: string;
	readonly reason: RegExp;
	readonly isTransient: boolean;
}

const node = process.execPath;

const cases: readonly Case[] = [
	{
		title: 'exits at once',
		script: { start: [{ do: 'exit', code: 3, words: 'opencode.json: \u001B[31mUnexpected token\u001B[0m\n' }] },
		code: 'agent.exited',
		reason: /ended with exit code 3 before it answered "initialize"\. Start it in a terminal .* Its last words:\nopencode\.json: Unexpected token$/u,
		isTransient: true,
	},
	{
		title: 'is a wrapper around nothing',
		script: { start: [{ do: 'exit', code: 127, words: 'sh: agent: not found' }] },
		code: 'agent.exited',
		reason: /exit code 127/u,
		isTransient: false,
	},
	{
		title: 'says on stdout why it exits',
		script: {
			start: [
				{ do: 'raw', text: 'Error: no config\n' },
				{ do: 'exit', code: 1 },
			],
		},
		code: 'agent.exited',
		reason: /Its last words:\nError: no config$/u,
		isTransient: true,
	},
	{
		title: 'exits after half a message',
		script: {
			start: [
				{ do: 'raw', text: '{"jsonrpc":"2.0","id":0,"resu' },
				{ do: 'exit', code: 1 },
			],
		},
		code: 'agent.exited',
		reason: /exit code 1 before it answered "initialize"/u,
		isTransient: true,
	},
	{
		title: 'closes its output and lives on',
		parts: { command: [node, '-e', 'require("fs").closeSync(1); setTimeout(() => 0, 600000)'] },
		code: 'agent.exited',
		reason: /closed its output before it answered "initialize"\. .* It left no message on stderr\.$/u,
		isTransient: true,
	},
	{
		title: 'never answers initialize',
		script: { initialize: { isSilent: true } },
		parts: { patience: { start: 1_500 } },
		code: 'agent.protocol',
		reason: /did not answer "initialize" within 1\.5 s.*\n?.*"command" of Agent-1 in runtime\/agents\.json/u,
		isTransient: false,
	},
	{
		title: 'never answers session/new',
		script: { session: { isSilent: true } },
		parts: { patience: { session: 1_600 } },
		code: 'agent.protocol',
		reason: /did not answer "session\/new" within 1\.6 s/u,
		isTransient: false,
	},
	{
		title: 'speaks another version of the protocol',
		script: { initialize: { answer: { protocolVersion: 2 } } },
		code: 'agent.protocol',
		reason: /speaks version 2 of the Agent Client Protocol; this driver speaks version 1/u,
		isTransient: false,
	},
	{
		title: 'answers initialize without a version',
		script: { initialize: { answer: { protocolVersion: undefined } } },
		parts: {
			command: [
				node,
				'-e',
				'process.stdin.once("data", () => console.log(JSON.stringify({ id: 0, result: [] })))',
			],
		},
		code: 'agent.protocol',
		reason: /answered "initialize" without a protocol version/u,
		isTransient: false,
	},
	{
		title: 'answers initialize with an error',
		script: {
			initialize: { error: { code: -32602, message: 'bad params', data: { details: 'info is missing' } } },
		},
		code: 'agent.protocol',
		reason: /answered "initialize" with an error: bad params: info is missing \(-32602\)/u,
		isTransient: false,
	},
	{
		title: 'answers session/new without an id',
		script: { session: { answer: { sessionId: 7 } } },
		code: 'agent.protocol',
		reason: /answered "session\/new" without a session id/u,
		isTransient: false,
	},
	{
		title: 'is no agent but echoes what it reads',
		parts: { command: ['cat'] },
		code: 'agent.protocol',
		reason: /answered "initialize" with an error/u,
		isTransient: false,
	},
	{
		title: 'is no agent but prints text for ever',
		parts: { command: ['yes', 'no'] },
		code: 'agent.protocol',
		reason: /prints text where messages of the protocol are expected\. .* Its last words:\nno\nno/u,
		isTransient: false,
	},
	{
		title: 'is not logged in',
		script: {
			initialize: {
				answer: {
					authMethods: [
						{ id: 'key', name: 'API key' },
						{ id: 'web', name: 'Browser', description: 'Log in on the web' },
					],
				},
			},
			session: { error: { code: -32000, message: 'Authentication required' } },
		},
		code: 'agent.authenticationRequired',
		reason: /is not logged in\. It says: Authentication required\. It offers: API key; Browser \(Log in on the web\)\./u,
		isTransient: false,
	},
	{
		title: 'hands on a 401 of its model service',
		script: { turn: [{ do: 'fail', code: 401, message: 'Invalid key' }] },
		code: 'agent.authenticationRequired',
		reason: /is not logged in\. It says: Invalid key/u,
		isTransient: false,
	},
	{
		title: 'answers the prompt with an error whose text is only in its details',
		script: { turn: [{ do: 'fail', code: -32603, message: 'Internal error', data: { details: 'no such model' } }] },
		code: 'agent.failed',
		reason: /reported an error while working: Internal error: no such model \(-32603\)/u,
		isTransient: true,
	},
	{
		title: 'cannot make sense of the request of its model service',
		script: { turn: [{ do: 'fail', code: 400, message: 'context too long' }] },
		code: 'agent.failed',
		reason: /context too long \(400\)/u,
		isTransient: false,
	},
	{
		title: 'hands on a refused key as an internal error, as opencode, qwen and cline do',
		script: {
			turn: [{ do: 'fail', code: -32603, message: 'Internal error', data: { details: '401 Incorrect API key' } }],
		},
		code: 'agent.authenticationRequired',
		reason: /is not logged in\. It says: Internal error: 401 Incorrect API key/u,
		isTransient: false,
	},
	{
		title: 'wants to be logged in with its own program',
		script: {
			initialize: {
				answer: {
					authMethods: [{ id: 'login', name: 'Log in', type: 'terminal', args: ['login', '--device'] }],
				},
			},
			session: { error: { code: -32000, message: 'Authentication required' } },
		},
		code: 'agent.authenticationRequired',
		reason: /It offers: Log in: run \S+node \S+scriptedAcp\.agent\.ts login --device in a terminal\./u,
		isTransient: false,
	},
	{
		title: 'is held back by its model service',
		script: { turn: [{ do: 'fail', code: 429, message: 'slow down' }] },
		code: 'agent.rateLimited',
		reason: /was held back by its model service while working: slow down \(429\)/u,
		isTransient: true,
	},
	{
		title: 'ends its turn well without a word, as kimi and pi hide an error (trap 13)',
		script: {
			start: [{ do: 'stderr', text: 'provider said 400\n' }],
			turn: [{ do: 'think', text: 'nothing to say' }],
		},
		code: 'agent.silent',
		reason: /ended its turn without a word and without using a tool.*Its last words:\nprovider said 400/su,
		isTransient: true,
	},
	{
		title: 'says an error as if it were its answer, as copilot and codex do',
		script: { turn: [{ do: 'say', text: 'Error: 400 context too long' }] },
		code: 'agent.failed',
		reason: /reported an error while working: Error: 400 context too long/u,
		isTransient: true,
	},
	{
		title: 'falls silent, as claude does that retries a refused key',
		script: { turn: [{ do: 'say', text: 'well' }, { do: 'hang' }] },
		parts: { patience: { silence: 3_000 } },
		code: 'agent.timeout',
		reason: /gave no sign of life for 3 s while it was working and used no tool/u,
		isTransient: true,
	},
	{
		title: 'does not offer the mode that is written beside it',
		script: {
			session: {
				answer: { modes: { currentModeId: 'a', availableModes: [{ id: 'a', name: 'A' }, { id: 'b' }] } },
			},
		},
		parts: { entry: { mode: 'strict' } },
		code: 'agent.option',
		reason: /offers no mode "strict"\. It offers: a, b\. Correct "mode" of Agent-1 in runtime\/agents\.json/u,
		isTransient: false,
	},
	{
		title: 'does not offer the option that is written beside it',
		parts: { entry: { options: { effort: 'high' } } },
		script: {},
		code: 'agent.option',
		reason: /offers no effort "high"\. It offers no choice of that kind\. Correct "options"/u,
		isTransient: false,
	},
	{
		title: 'refuses',
		script: { turn: [{ do: 'say', text: 'I would rather not.' }], stopReason: 'refusal' },
		code: 'agent.refused',
		reason: /Agent-1 refused the task\. It says: I would rather not\. Rewrite the task/u,
		isTransient: false,
	},
	{
		title: 'runs out of tokens',
		script: { turn: [{ do: 'say', text: 'and then' }], stopReason: 'max_tokens' },
		code: 'agent.limit',
		reason: /limit of tokens/u,
		isTransient: false,
	},
	{
		title: 'runs out of requests',
		script: { turn: [{ do: 'say', text: 'and then' }], stopReason: 'max_turn_requests' },
		code: 'agent.limit',
		reason: /limit of requests in one turn/u,
		isTransient: false,
	},
	{
		title: 'ends as cancelled after a rejected permission, as codex does',
		script: { turn: [{ do: 'ask', title: 'Write /etc/hosts', paths: ['/etc/hosts'] }], stopReason: 'cancelled' },
		code: 'agent.stopped',
		reason: /ended its turn as cancelled; this was not allowed: Write \/etc\/hosts\./u,
		isTransient: false,
	},
	{
		title: 'ends as cancelled though nobody cancelled it',
		script: { turn: [], stopReason: 'cancelled' },
		code: 'agent.stopped',
		reason: /nobody had asked it to/u,
		isTransient: true,
	},
	{
		title: 'ends for a reason nobody knows',
		script: { turn: [], stopReason: 'tired' },
		code: 'agent.protocol',
		reason: /ended its turn for a reason that is not known here: tired/u,
		isTransient: false,
	},
	{
		title: 'crashes in the middle of a turn',
		script: {
			turn: [
				{ do: 'tool', id: '1', title: 'Edit', status: 'in_progress' },
				{ do: 'exit', code: 139, words: 'segfault' },
			],
		},
		code: 'agent.exited',
		reason: /ended with exit code 139 while working\. .* Its last words:\nsegfault$/u,
		isTransient: true,
	},
	{
		title: 'is killed by the system',
		parts: { command: [node, '-e', 'process.kill(process.pid, "SIGKILL")'] },
		code: 'agent.exited',
		reason: /was ended by SIGKILL before it answered "initialize"/u,
		isTransient: true,
	},
	{
		title: 'is not done in time',
		script: { turn: [{ do: 'hang' }] },
		parts: { timeoutMilliseconds: 5_000 },
		code: 'agent.timeout',
		reason: /was not done after 5 s, the longest time for one try; it was working\. Raise dreamos\.agents\.turnTimeoutSeconds/u,
		isTransient: true,
	},
];

/** How the sentences begin that say what to do next. */
const nextStep =
	/ (?:Install|Check|Start|Correct|Log in|Update|Raise|Rewrite|Split|Restart|Allow|Wait|Try|If it happens again|Some agents retry)\b/u;

describe('An agent that', () => {
	let fixture: DriverFixture;
	const driver = createAcpDriver(realDriverPorts(), {
		...defaultAcpLimits,
		exitGrace: 500,
	});

	beforeEach(async () => {
		fixture = await DriverFixture.create();
	});
	afterEach(async () => {
		const left = await fixture.living();
		await fixture.dispose();
		assert.deepEqual(left, []);
	});

	for (const { title, script, parts, code, reason, isTransient } of cases) {
		it(`${title}: ${code}`, async () => {
			const job = startJob(
				driver,
				fixture.job({
					...(script === undefined ? {} : scripted(script)),
					...parts,
				}),
			);
			const outcome = await job.outcome;
			assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
			assert.equal(outcome.code, code, outcome.reason);
			assert.match(outcome.reason, reason);
			assert.equal(outcome.isTransient, isTransient);
			const [said = ''] = outcome.reason.split(/ (?:Its last words:|It left no message)/u);
			assert.match(said, nextStep, 'what to do comes before what the agent said');
		});
	}

	it('is not executable: agent.notFound, and the message says so', async () => {
		const file = path.join(fixture.root, 'agent');
		await writeFile(file, '#!/bin/sh\n');
		await chmod(file, 0o644);
		const outcome = await startJob(driver, fixture.job({ command: [file] })).outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.notFound');
		assert.match(outcome.kind === 'failed' ? outcome.reason : '', /cannot be run as a program/u);
	});

	it('has no command is refused, in one line that names the file', () => {
		for (const command of [undefined, [], [' ']]) {
			const job = fixture.job({ command });
			assert.match(
				driver.refusal(job.agent, job.task) ?? '',
				/^Agent-1 has no program: write "command".*runtime\/agents\.json/u,
			);
		}
		const job = fixture.job({ command: ['agent'] });
		assert.equal(driver.refusal(job.agent, job.task), undefined);
	});
});
