// Checks the endpoint for the tools of runs with a real client, and with everything that is no good request.

import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { nullLogger } from '../../../src/base/log.ts';
import type { RunTools } from '../../../src/core/driver/jobTools.ts';
import type { Ledger } from '../../../src/core/ledger.ts';
import type { Run } from '../../../src/core/run/run.ts';
import { advanceTask, claimTask } from '../../../src/core/task/advanceTask.ts';
import { createTask } from '../../../src/core/task/createTask.ts';
import { HostTools } from '../../../src/mcp/hostTools.ts';
import { textOf } from '../../support/scriptedAcpTools.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann, dreamOver, openTemporaryLedger } from '../../support/temporaryLedger.ts';

const initialize = {
	jsonrpc: '2.0',
	id: 1,
	method: 'initialize',
	params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};

describe('the endpoint for tools', () => {
	const folders = useTemporaryFolders();
	const clients: Client[] = [];
	let ledger: Ledger;
	let host: HostTools;

	beforeEach(async () => {
		const opened = await openTemporaryLedger(folders.make());
		ledger = opened.ledger;
		host = new HostTools({ ...opened, log: nullLogger, folder: '/work', script: '/dist/host.cjs' });
	});
	afterEach(async () => {
		await Promise.all(clients.splice(0).map((client) => client.close().catch(() => undefined)));
		await host.close();
		ledger.dispose();
	});

	/** A task in work by an agent, as the host has it. */
	const working = (taskId: string, worker = 'Agent-1'): Promise<Run> =>
		ledger.write(ann, async (transaction) => {
			await transaction.putAgent(buildAgent(worker));
			await createTask(transaction, { task_id: taskId, name: `do ${taskId}` });
			const claim = { taskId, worker, driver: 'acp', hostId: 'host-1', now: Date.now() };
			const { run } = await claimTask(transaction, claim);
			await advanceTask(transaction, { taskId, move: 'start' });
			return run;
		});
	const openTools = (run: Run, onMissing: (message: string) => void = () => undefined) =>
		host.open({ run, agent: {}, actor: { kind: 'agent', id: run.worker }, onMissing });
	const connect = async ({ http }: RunTools, headers = http.headers) => {
		const client = new Client({ name: 'test', version: '1' });
		clients.push(client);
		await client.connect(new StreamableHTTPClientTransport(new URL(http.url), { requestInit: { headers } }));
		return client;
	};
	const call = async (client: Client, name: string, input: object = {}) =>
		textOf(await client.callTool({ name, arguments: { ...input } }));
	const post = (tools: RunTools, body: string, headers: Record<string, string> = {}) =>
		fetch(tools.http.url, {
			method: 'POST',
			body,
			headers: {
				'content-type': 'application/json',
				accept: 'application/json, text/event-stream',
				...tools.http.headers,
				...headers,
			},
		});
	const statusOf = async (id: string) => (await ledger.read((reader) => reader.task(id)))?.task.status;

	it('keeps nothing of a run that is over, though its session still answers', async () => {
		const kept: WeakRef<object>[] = [];
		const all: RunTools[] = [];
		for (const id of ['A', 'B', 'C']) {
			const tools = await openTools(await working(id, `Agent-${id}`));
			all.push(tools);
			const process = { of: id };
			kept.push(new WeakRef(process));
			void tools.connected.then(() => process.of);
			void tools.finished.then(() => process.of);
		}
		const [, ...over] = all.splice(0);
		over.forEach((tools) => tools.dispose());
		over.length = 0;
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void;
		await setImmediate();
		collect();
		assert.deepEqual(
			kept.map((each) => each.deref() !== undefined),
			[true, false, false],
			'the first run goes on',
		);
	});

	it('says who it is, tells when an agent came, and offers tools whose inputs are the actions’ without what the session knows', async () => {
		const tools = await openTools(await working('A'));
		const client = await connect(tools);
		await tools.connected;
		assert.equal(client.getServerVersion()?.name, 'dreamos');
		assert.match(client.getInstructions() ?? '', /run_finish/u);
		const offered = new Map((await client.listTools()).tools.map((tool) => [tool.name, tool]));
		assert.deepEqual(
			[...offered.keys()],
			[
				'task_show',
				'task_list',
				'task_search',
				'agent_list',
				'run_report',
				'run_ask',
				'task_block',
				'run_handoff',
				'task_propose',
				'run_finish',
			],
		);
		const block = offered.get('task_block');
		assert.deepEqual(Object.keys(block?.inputSchema.properties ?? {}), ['reason', 'kind']);
		assert.deepEqual(block?.inputSchema.required, ['reason']);
		assert.equal(offered.get('task_show')?.inputSchema.required, undefined);
		assert.equal(offered.get('task_show')?.annotations?.readOnlyHint, true);
	});

	it('answers with errors a model can act on', async () => {
		const client = await connect(await openTools(await working('A')));
		assert.equal(
			await call(client, 'task_show', { task_id: 'Z' }),
			'error task.unknown: There is no task Z. Look at the list of tasks for its id.',
		);
		assert.match(
			await call(client, 'run_report', { txt: 'x' }),
			/^error action\.badInput: .*It takes: text, percent\./u,
		);
		assert.match(
			await call(client, 'run_accept', { run_id: 'x' }),
			/^error tool\.unknown: .*There are: task_show/u,
		);
		const result = await client.callTool({ name: 'task_block', arguments: { reason: ' ' } });
		const { code, advice } = (result.structuredContent as { error: { code: string; advice: string } }).error;
		assert.deepEqual([code, advice], ['action.badInput', 'It takes: reason, kind.']);
		assert.equal(await statusOf('A'), 'IN_PROGRESS');
	});

	it('a whole board is read a page at a time', async () => {
		const client = await connect(await openTools(await working('A')));
		await ledger.write(ann, async (transaction) => {
			for (let index = 0; index < 120; index += 1) {
				await createTask(transaction, { task_id: `T${index}`, name: `task ${index}` });
			}
		});
		const page = JSON.parse(await call(client, 'task_list', { limit: 20, offset: 110 })) as {
			total: number;
			tasks: unknown[];
		};
		assert.deepEqual([page.total, page.tasks.length], [121, 11]);
	});

	it('says of other agents what they do, not how they are run', async () => {
		const client = await connect(await openTools(await working('A')));
		await ledger.write(ann, (transaction) =>
			transaction.putAgent(
				buildAgent('Agent-2', { env: { KEY: 'hidden' }, command: ['hidden'], role: 'tester' }),
			),
		);
		assert.equal(
			await call(client, 'agent_list'),
			'[{"id":"Agent-1","state":"working","task_id":"A"},{"id":"Agent-2","role":"tester","state":"idle"}]',
		);
	});

	it('refuses a call with a wrong token, or none, before it reads a byte of it', async () => {
		const tools = await openTools(await working('A'));
		for (const authorization of ['', 'Bearer', 'Bearer short', `Bearer ${'x'.repeat(43)}`, 'Basic YTpi']) {
			const response = await post(tools, 'no JSON', { Authorization: authorization });
			assert.equal(response.status, 401, authorization);
			assert.match(await response.text(), /token is missing, or belongs to no session/u);
		}
		await assert.rejects(connect(tools, { Authorization: `Bearer ${'x'.repeat(43)}` }));
	});

	it('a session speaks for its own run only, whatever it is told', async () => {
		const [first, second] = [await working('A'), await working('B', 'Agent-2')];
		const client = await connect(await openTools(first));
		for (const input of [
			{ reason: 'x', task_id: 'B' },
			{ reason: 'x', run_id: second.run_id, epoch: second.epoch },
		]) {
			assert.match(await call(client, 'task_block', input), /^error action\.badInput: .*Unrecognized key/u);
		}
		assert.match(
			await call(client, 'run_finish', { summary: 'x', run_id: second.run_id }),
			/^error action\.badInput/u,
		);
		assert.equal(await statusOf('B'), 'IN_PROGRESS');
		// The right run in the name of somebody else is refused by the action itself.
		const stranger = await host.open({
			run: second,
			actor: { kind: 'agent', id: 'Agent-1' },
			agent: {},
			onMissing: () => undefined,
		});
		assert.match(await call(await connect(stranger), 'run_report', { text: 'x' }), /^error action\.forbidden: /u);
	});

	it('after its run ended, or was taken over, a call changes nothing and says so', async () => {
		const run = await working('A');
		const tools = await openTools(run);
		const client = await connect(tools);
		await ledger.write(ann, (transaction) =>
			advanceTask(transaction, { taskId: 'A', move: 'release', reason: 'a person took it' }),
		);
		const over = /^error run\.fenced: Run run-\S+ of A is over: released\. Nothing was changed\./u;
		assert.match(await call(client, 'run_report', { text: 'still here' }), over);
		const later = { taskId: 'A', worker: 'Agent-2', driver: 'acp', hostId: 'host-1', now: Date.now() };
		await ledger.write(ann, (transaction) => claimTask(transaction, later));
		for (const [name, input] of [
			['task_block', { reason: 'zombie' }],
			['run_finish', { summary: 'zombie' }],
			['run_ask', { question: 'zombie?' }],
			['run_handoff', { agent: 'Agent-1', note: 'zombie' }],
			['task_propose', { name: 'zombie' }],
			['task_show', {}],
		] as const) {
			assert.match(await call(client, name, input), over, name);
		}
		tools.dispose();
		assert.match(await call(client, 'run_report', { text: 'still here' }), /^error run\.fenced/u);
		const tasks = await ledger.read((reader) => reader.tasks());
		assert.deepEqual(
			tasks.map(({ task }) => [task.task_id, task.status, task.claimed_by]),
			[['A', 'CLAIMED', 'Agent-2']],
		);
	});

	it('a run that is lost between the check and the change is fenced by the change, and that is recorded', async () => {
		const run = await working('A');
		const release = () =>
			ledger.write(ann, (transaction) =>
				advanceTask(transaction, { taskId: 'A', move: 'release', reason: 'just now' }),
			);
		await host.close();
		host = new HostTools({
			dream: dreamOver(ledger, folders.make()),
			ledger: {
				async read(work) {
					const seen = await ledger.read(work);
					await release();
					return seen;
				},
			},
			log: nullLogger,
			folder: '/work',
			script: '/dist/host.cjs',
		});
		const client = await connect(await openTools(run));
		assert.match(
			await call(client, 'task_block', { reason: 'x' }),
			/^error run\.fenced: Run run-\S+ no longer holds A\./u,
		);
		assert.equal(await statusOf('A'), 'READY');
		const events = await ledger.read((reader) => reader.events({ task_id: 'A' }));
		assert.equal(events.at(-1)?.type, 'run.fenced');
	});

	it('takes no garbage', async () => {
		const tools = await openTools(await working('A'));
		const cases: readonly (readonly [string, number])[] = [
			['', 400],
			['{', 400],
			['\u0000\u0001', 400],
			['[]', 202],
			['null', 400],
			['"text"', 400],
			['{"jsonrpc":"1.0","id":1,"method":"initialize"}', 400],
			[`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
			[JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} }), 202],
			[JSON.stringify({ jsonrpc: '2.0', method: 'notifications/nothing' }), 202],
		];
		for (const [body, status] of cases) {
			assert.equal((await post(tools, body)).status, status, body.slice(0, 60));
		}
		const deep = `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"run_report","arguments":{"text":${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`;
		assert.ok((await post(tools, deep)).status < 500);
		const unknown = await post(tools, JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/burn', params: {} }));
		assert.match(await unknown.text(), /"id":7.*-32601|-32601.*"id":7/u);
		const bad = await post(
			tools,
			JSON.stringify({ jsonrpc: '2.0', id: 8, method: 'tools/call', params: { name: 5 } }),
		);
		assert.match(await bad.text(), /"error"/u);
		assert.match(await call(await connect(tools), 'task_show'), /"task_id":"A"/u);
	});

	it('reads no body that is too large, declared or not, and goes on serving', async () => {
		const tools = await openTools(await working('A'));
		const { port } = new URL(tools.http.url);
		const send = (headers: Record<string, string>) =>
			new Promise<string>((resolve) => {
				const request = httpRequest(
					{
						port,
						host: '127.0.0.1',
						path: '/mcp',
						method: 'POST',
						headers: { ...tools.http.headers, ...headers },
					},
					(response) => {
						response.resume();
						resolve(String(response.statusCode));
					},
				);
				// A connection that is closed in the middle of a body is an answer, too.
				request.on('error', () => resolve('closed'));
				const chunk = Buffer.alloc(1024 * 1024, 'x');
				for (let count = 0; count < 50; count += 1) {
					request.write(chunk);
				}
				request.end();
			});
		assert.ok(['413', 'closed'].includes(await send({ 'content-length': String(50 * 1024 * 1024) })));
		assert.ok(['413', 'closed'].includes(await send({ 'transfer-encoding': 'chunked' })));
		assert.equal((await post(tools, 'x'.repeat(2 * 1024 * 1024))).status, 413);
		assert.match(await call(await connect(tools), 'task_show'), /"task_id":"A"/u);
	});

	it('serves no web page and no other name that points here', async () => {
		const tools = await openTools(await working('A'));
		const { port } = new URL(tools.http.url);
		const ask = (headers: Record<string, string>, method = 'POST', path = '/mcp') =>
			new Promise<number | undefined>((resolve, reject) => {
				const request = httpRequest(
					{
						port,
						host: '127.0.0.1',
						path,
						method,
						headers: {
							'content-type': 'application/json',
							accept: 'application/json, text/event-stream',
							...tools.http.headers,
							...headers,
						},
					},
					(response) => {
						response.resume();
						resolve(response.statusCode);
					},
				);
				request.on('error', reject);
				request.end(method === 'POST' ? JSON.stringify(initialize) : undefined);
			});
		assert.equal(await ask({}), 200);
		assert.equal(await ask({ host: `localhost:${port}`, origin: `http://localhost:${port}` }), 200);
		assert.equal(await ask({ host: 'evil.example' }), 403);
		assert.equal(await ask({ host: `evil.example:${port}` }), 403);
		assert.equal(await ask({ host: '127.0.0.1:1' }), 403);
		assert.equal(await ask({ origin: 'https://evil.example' }), 403);
		assert.equal(await ask({ origin: 'null' }), 403);
		assert.equal(await ask({}, 'GET'), 405);
		assert.equal(await ask({}, 'DELETE'), 405);
		assert.equal(await ask({}, 'OPTIONS'), 405);
		assert.equal(await ask({}, 'POST', '/'), 404);
	});

	it('is on this machine only, on a port of the system’s choosing, and gone with its host', async () => {
		const tools = await openTools(await working('A'));
		assert.match(tools.http.url, /^http:\/\/127\.0\.0\.1:\d+\/mcp$/u);
		const other = await openTools(await working('B', 'Agent-2'));
		assert.equal(other.http.url, tools.http.url);
		assert.notEqual(other.http.headers['Authorization'], tools.http.headers['Authorization']);
		const client = await connect(tools);
		await host.close();
		await assert.rejects(client.callTool({ name: 'task_show', arguments: {} }));
		await assert.rejects(fetch(tools.http.url));
	});
});
