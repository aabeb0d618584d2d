// Checks the MCP program as a person sets it up in a client of theirs: a process on stdin and stdout, in a real workspace.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { boardPath } from '../../../src/core/paths.ts';
import { contentsOf } from '../../support/boardWorkspace.ts';
import { textOf } from '../../support/scriptedAcpTools.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const program = (name: string) => join(import.meta.dirname, `../../../src/${name}.ts`);

describe('the MCP program by hand', function () {
	this.timeout(120_000);
	this.slow(10_000);
	const folders = useTemporaryFolders();
	const clients: Client[] = [];
	let folder: string;

	before(() => {
		folder = folders.make();
		const { status, stderr } = dreamos('init', '--yes');
		assert.equal(status, 0, stderr);
	});
	afterEach(async () => {
		await Promise.all(clients.splice(0).map((client) => client.close()));
	});

	function dreamos(...words: string[]) {
		return spawnSync(process.execPath, [program('cli'), ...words, '--workspace', folder], { encoding: 'utf8' });
	}
	async function connect(...words: string[]): Promise<Client> {
		const client = new Client({ name: 'test', version: '1' });
		clients.push(client);
		const args = [program('mcp'), '--workspace', folder, ...words];
		await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
		return client;
	}
	const call = async (client: Client, name: string, input: object = {}) =>
		textOf(await client.callTool({ name, arguments: { ...input } }));

	it('acts as the person: lists, creates, claims, completes, and the boards show it', async () => {
		const client = await connect();
		const created = await call(client, 'task_create', { task_id: 'A', name: 'write it' });
		assert.match(created, /"task_id":"A".*"status":"READY"/u);
		assert.match(await call(client, 'task_list'), /"total":1.*"task_id":"A"/u);
		assert.match(await call(client, 'task_claim', { task_id: 'A' }), /"status":"CLAIMED"/u);
		assert.match(
			await call(client, 'task_complete', { task_id: 'A', summary: 'written' }),
			/"status":"COMPLETED"/u,
		);
		assert.match(await call(client, 'task_history', { task_id: 'A' }), /"who":"mcp:/u);
		await client.close();
		const board = JSON.parse(readFileSync(join(folder, boardPath('completed_tasks')), 'utf8')) as {
			task_id: string;
		}[];
		assert.deepEqual(
			board.map(({ task_id }) => task_id),
			['A'],
		);
	});

	it('acts as the agent that is named, who gets only what may be its own', async () => {
		const client = await connect('--agent', 'Agent-1');
		await call(client, 'task_create', { task_id: 'B', name: 'for another', assigned_agent: 'Agent-2' });
		await call(client, 'task_create', { task_id: 'C', name: 'for anybody' });
		assert.match(
			await call(client, 'task_claim', { task_id: 'B' }),
			/^error task\.assigned: B is assigned to Agent-2/u,
		);
		const claimed = JSON.parse(await call(client, 'task_claim', { task_id: 'C' })) as { run_id: string };
		assert.match(await call(client, 'run_report', { run_id: claimed.run_id, text: 'on it' }), /"reported":true/u);
		const other = await connect('--agent', 'Agent-2');
		assert.match(
			await call(other, 'run_report', { run_id: claimed.run_id, text: 'me too' }),
			/^error action\.forbidden/u,
		);
		assert.match(await call(client, 'task_show', { task_id: 'C' }), /"claimed_by":"Agent-1"/u);
	});

	it('is the agent of a run, and no person, where an agent of the swarm starts it', async () => {
		const env = { DREAMOS_AGENT_ID: 'Agent-3', DREAMOS_RUN_ID: 'run-x', DREAMOS_TASK_ID: 'X' };
		const args = [program('mcp'), '--workspace', folder, '--agent', 'Agent-1'];
		// A check of its change is told no workspace, and is no person either.
		const places: Record<string, string>[] = [{ DREAMOS_WORKSPACE: folder }, {}];
		for (const more of places) {
			const client = new Client({ name: 'test', version: '1' });
			clients.push(client);
			await client.connect(
				new StdioClientTransport({
					command: process.execPath,
					args,
					env: { ...env, ...more },
					stderr: 'ignore',
				}),
			);
			assert.match(await call(client, 'task_create', { name: 'mine' }), /"created_by":"agent:Agent-3"/u);
		}
	});

	it('offers nothing that may lose work, starts processes, or is for people alone', async () => {
		const names = (await (await connect()).listTools()).tools.map(({ name }) => name);
		assert.ok(names.includes('task_search') && names.includes('boards_check'));
		assert.deepEqual(
			[
				'run_accept',
				'run_reject',
				'swarm_start',
				'swarm_stop',
				'boards_accept',
				'boards_import',
				'task_pin',
				'task_place',
			].filter((name) => names.includes(name)),
			[],
		);
	});

	it('says on stderr what is wrong with its words, and ends', () => {
		const run = (...words: string[]) =>
			spawnSync(process.execPath, [program('mcp'), ...words], { encoding: 'utf8' });
		const unknown = run('--workspace', folder, '--agent', 'Nobody');
		assert.equal(unknown.status, 1);
		assert.match(unknown.stderr, /There is no agent Nobody\. Agents here: Agent-1/u);
		assert.equal(unknown.stdout, '');
		assert.match(run('--workspace', join(folder, 'not there')).stderr, /is not a folder/u);
		assert.equal(run('--nonsense').status, 2);
		assert.match(run('--nonsense').stderr, /Usage: mcp\.cjs/u);
		assert.equal(run('--workspace', '').status, 2);
	});

	it('serves a folder that is not set up with errors that say what to do, and writes nothing there', async () => {
		const elsewhere = folders.make();
		const client = new Client({ name: 'test', version: '1' });
		clients.push(client);
		const args = [program('mcp'), '--workspace', elsewhere];
		await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
		assert.match(await call(client, 'task_list'), /^error workspace\.notInitialized: .*[Ii]nitialize/u);
		await client.close();
		assert.deepEqual([...contentsOf(elsewhere)], []);
	});

	it('outlives garbage on stdin, answers what is left, and ends with its client', async () => {
		const child = spawn(process.execPath, [program('mcp'), '--workspace', folder], {
			stdio: ['pipe', 'pipe', 'ignore'],
		});
		let output = '';
		child.stdout.on('data', (chunk: Buffer) => {
			output += chunk.toString();
		});
		const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
		child.stdin.write('no JSON\n{"jsonrpc":"1.0"}\n\n[]\n\u0000\n');
		child.stdin.write(`{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(3_000_000)}"}\n`);
		child.stdin.write('{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n');
		const deadline = Date.now() + 30_000;
		while (!output.includes('"task_claim"') && Date.now() < deadline) {
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		assert.match(output, /"id":2/u);
		for (const line of output.trim().split('\n')) {
			JSON.parse(line);
		}
		child.stdin.end();
		assert.equal(await exited, 0);
	});
});
