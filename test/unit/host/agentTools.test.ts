// Checks the tools of agents where they matter: in a swarm, used by an agent with the client real agents have, over HTTP and stdio.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runtimePaths } from '../../../src/core/paths.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import type { Task } from '../../../src/core/task/task.ts';
import { createDrivers } from '../../../src/drivers/drivers.ts';
import { createAcpDriver } from '../../../src/drivers/acp/acpDriver.ts';
import { defaultAcpLimits } from '../../../src/drivers/acp/acpRun.ts';
import { HostTools } from '../../../src/mcp/hostTools.ts';
import { realDriverPorts, scriptedAgent } from '../../support/driverJobs.ts';
import type { Script, Step } from '../../support/scriptedAcpScript.ts';
import { scriptVariable } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { dreamOver } from '../../support/temporaryLedger.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

/** A key of the agent. */
const key = 'sk-0123456789';

const takesHttp: Script['initialize'] = { answer: { agentCapabilities: { mcpCapabilities: { http: true } } } };

describe('the tools of an agent', function () {
	this.slow(5_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let tools: HostTools;
	const secrets: string[] = [];

	afterEach(async () => {
		await swarm.dispose();
		await tools.close();
	});

	const agentWith = (id: string, script: Script) =>
		buildAgent(id, {
			driver: 'acp',
			command: [...scriptedAgent],
			env: { [scriptVariable]: JSON.stringify(script), PROBE_API_KEY: key },
		});

	async function begin(
		script: Script,
		{
			toolsConnect = defaultAcpLimits.toolsConnect,
			task = {},
		}: { toolsConnect?: number; task?: Partial<Task> } = {},
	): Promise<void> {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [agentWith('Agent-1', script), buildAgent('Agent-2')] },
		);
		swarm.settings = { ...swarm.settings, 'agents.protocolLog': true };
		tools = new HostTools({
			dream: dreamOver(swarm.ledger, swarm.folder),
			ledger: swarm.ledger,
			log: swarm.log,
			folder: swarm.folder,
			script: join(import.meta.dirname, '../../../src/host.ts'),
		});
		const ports = realDriverPorts();
		const drivers = new Map(createDrivers(ports));
		drivers.set('acp', createAcpDriver(ports, { ...defaultAcpLimits, toolsConnect }));
		await swarm.add('A', [], { assigned_agent: 'Agent-1', max_attempts: 1, ...task });
		await swarm.tell(true);
		secrets.length = 0;
		await swarm.lead({
			drivers,
			openTools: async (request) => {
				const opened = await tools.open(request);
				secrets.push((opened.http.headers['Authorization'] ?? '').replace('Bearer ', ''));
				return opened;
			},
		});
	}

	/** What agents said, as logged. */
	const said = () => {
		const folder = join(swarm.folder, runtimePaths.runLogs);
		return readdirSync(folder)
			.map((name) => readFileSync(join(folder, name), 'utf8'))
			.join('\n');
	};
	const finishing: readonly Step[] = [
		{
			do: 'tools',
			calls: [
				{ tool: 'task_show' },
				{ tool: 'run_report', input: { text: 'half way', percent: 50 } },
				{ tool: 'task_list', input: { status: 'IN_PROGRESS' } },
			],
		},
		{ do: 'write', path: 'a.txt', content: 'agent\n' },
		{ do: 'tools', calls: [{ tool: 'run_finish', input: { summary: 'I wrote a.txt.' } }] },
	];

	it('let it read, report and finish over HTTP', async () => {
		await begin({ initialize: takesHttp, turn: finishing });
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.equal(task.result?.summary, 'I wrote a.txt.');
		assert.equal(swarm.shown('a.txt'), 'agent\n');
		const log = said();
		assert.match(log, /tools: task_show task_list task_search agent_list run_report run_ask task_block/u);
		assert.match(log, /task_show: \{\\"task_id\\":\\"A\\",\\"name\\":\\"do A\\"/u);
		assert.match(log, /connected to the tools/u);
		const events = await swarm.events('A');
		assert.deepEqual(
			events.filter(({ type }) => type === 'run.reported').map(({ actor, message }) => [actor, message]),
			[['agent:Agent-1', 'Agent-1 (50%): half way']],
		);
		assert.ok(!events.some(({ type }) => type === 'run.toolsMissing'));
	});

	it('trap 12: are named in the prompt as the agent shows them, for one that hides them until it looks for them', async () => {
		const hidden = finishing.map((step) => (step.do === 'tools' ? { ...step, hiddenAs: 'mcp__dreamos__' } : step));
		const claude = { ...takesHttp?.answer, agentInfo: { name: 'claude-agent-acp', title: 'Claude', version: '1' } };
		await begin({ initialize: { answer: claude }, turn: [{ do: 'sayPrompt' }, ...hidden] });
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.equal(task.result?.summary, 'I wrote a.txt.');
		assert.match(said(), /If you do not see them at first, look them up \(ToolSearch\)/u);
		assert.doesNotMatch(said(), /I know of no such tools/u);
	});

	it('let it finish over stdio when it takes no HTTP', async () => {
		await begin({ turn: finishing });
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.equal(task.result?.summary, 'I wrote a.txt.');
		assert.match(said(), /run_finish: \{\\"run_id\\":/u);
	});

	it('end the turn of an agent that is done and says no more', async () => {
		await begin({
			initialize: takesHttp,
			turn: [...finishing, { do: 'fail', code: -32603, message: 'late trouble' }],
		});
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.equal(task.result?.summary, 'I wrote a.txt.');
	});

	it('do not make a task done without its gates', async () => {
		await begin({ initialize: takesHttp, turn: finishing });
		await swarm.add('B', [], { assigned_agent: 'Agent-1', validation: { commands: ['false'] }, max_attempts: 1 });
		assert.equal((await swarm.statusIs('B', 'FAILED')).result?.summary, 'I wrote a.txt.');
	});

	it('ask the person: the task waits, the work is kept, and the next attempt begins with the answer', async () => {
		await begin({
			initialize: takesHttp,
			turn: [
				{ do: 'sayPrompt' },
				{ do: 'write', path: 'a.txt', content: 'so far\n' },
				{
					do: 'tools',
					calls: [{ tool: 'run_ask', input: { question: 'Which one?', choices: ['red', 'blue'] } }],
				},
				{ do: 'hang' },
			],
		});
		const blocked = async (runs: number) => {
			await swarm.until(async () => {
				const [ended, { status }] = [await swarm.runs('A'), await swarm.task('A')];
				return status === 'BLOCKED' && ended.length === runs;
			}, `attempt ${runs} asks`);
			await swarm.until(() => swarm.leftovers().every((name) => !name.startsWith('run-')), 'it is cleared away');
		};
		await blocked(1);
		assert.deepEqual((await swarm.task('A')).block_reason, {
			kind: 'needs_input',
			text: 'Which one? (red / blue)',
		});
		assert.equal(swarm.shown('a.txt'), 'a\n');
		const [first] = await swarm.runs('A');
		assert.ok(swarm.leftovers().includes(`refs/dreamos/rescue/${first?.run_id}`));
		assert.doesNotMatch(said(), /take the red one/u);
		await swarm.ledger.write(person, (transaction) =>
			advanceTask(transaction, { taskId: 'A', move: 'unblock', reason: 'take the red one' }),
		);
		await blocked(2);
		assert.match(said(), /What was said to that:[^]*> take the red one/u);
	});

	it('hand off: the other agent goes on with the note', async () => {
		await begin(
			{
				initialize: takesHttp,
				turn: [{ do: 'tools', calls: [{ tool: 'run_handoff', input: { agent: 'Agent-2', note: 'use red' } }] }],
			},
			{ task: { assigned_agent: 'Agent-1', params: { run: ['echo two > a.txt'] }, notes: 'first' } },
		);
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.equal(swarm.shown('a.txt'), 'two\n');
		assert.match(
			task.notes,
			/^first\n\nHanded off by Agent-1 \(run-[^)]+\) to Agent-2:\nuse red\nState: attempt 1 of Agent-1, [^\n]+\nFiles changed so far: none\.$/u,
		);
		const runs = await swarm.runs('A');
		assert.deepEqual(
			runs.map(({ worker, state, reason }) => [worker, state, reason]),
			[
				['Agent-1', 'released', 'handed off to Agent-2: use red'],
				['Agent-2', 'completed', null],
			],
		);
	});

	it('block and propose; after its end a run changes nothing and is told so', async () => {
		await begin({
			initialize: takesHttp,
			turn: [
				{
					do: 'tools',
					calls: [
						{ tool: 'run_handoff', input: { agent: 'Agent-1', note: 'mine' } },
						{ tool: 'run_handoff', input: { agent: 'Nobody', note: 'x' } },
						{ tool: 'task_propose', input: { name: 'clean up', description: 'later' } },
						{ tool: 'task_block', input: { reason: 'no key', kind: 'capability' } },
						{ tool: 'run_report', input: { text: 'after the end' } },
						{ tool: 'task_show' },
					],
				},
				{ do: 'hang' },
			],
		});
		assert.deepEqual((await swarm.statusIs('A', 'BLOCKED')).block_reason, {
			kind: 'capability',
			text: 'no key',
		});
		const proposed = (await swarm.ledger.read((reader) => reader.tasks())).find(
			({ task }) => task.name === 'clean up',
		);
		assert.deepEqual(
			[proposed?.task.status, proposed?.task.tags, proposed?.task.context, proposed?.task.created_by],
			['PENDING', ['proposed'], ['A'], 'agent:Agent-1'],
		);
		await swarm.until(() => swarm.leftovers().every((name) => !name.startsWith('run-')), 'it is cleared away');
		assert.ok(!(await swarm.events('A')).some(({ type }) => type === 'run.reported'));
		assert.match(said(), /run_handoff: error run\.handOffRefused/u);
		assert.match(
			said(),
			/run_handoff: error agent\.unknown: There is no agent Nobody\. Agents here: Agent-1, Agent-2\./u,
		);
	});

	it('report an agent that never comes for them, in the log and in the history', async () => {
		await begin(
			{
				initialize: takesHttp,
				turn: [
					{ do: 'say', text: 'ready\n' },
					{ do: 'wait', milliseconds: 1500 },
				],
			},
			{ toolsConnect: 300 },
		);
		await swarm.statusIs('A', 'COMPLETED');
		const missing = (await swarm.events('A')).filter(({ type }) => type === 'run.toolsMissing');
		assert.equal(missing.length, 1);
		assert.match(missing[0]?.message ?? '', /^Agent-1 did not connect to the tools of Dream\.OS within 0\.3 s/u);
		assert.match(said(), /tools\.notConnected/u);
		assert.ok(swarm.lines.some((line) => line.startsWith('warn') && line.includes('did not connect')));
	});

	it('never let their secret into logs, events or the ledger, whatever the agent says', async () => {
		await begin({
			initialize: takesHttp,
			turn: [
				{ do: 'sayServers' },
				{ do: 'tools', calls: [{ tool: 'run_report', input: { text: `it is $SECRET, and ${key}` } }] },
				{ do: 'tools', calls: [{ tool: 'task_propose', input: { name: 'use $SECRET' } }] },
				{ do: 'failWithServers' },
			],
		});
		await swarm.statusIs('A', 'FAILED');
		const reason = (await swarm.runs('A'))[0]?.reason ?? '';
		// It was said everywhere, and is not found anywhere.
		assert.match(said(), /Bearer \[token\]/u);
		assert.match(said(), /"direction":"sent".*"method":"session\/new".*Bearer \[token\]/u);
		assert.match(reason, /Bearer \[token\]/u);
		assert.ok((await swarm.events('A')).some(({ message }) => message === 'Agent-1: it is [token], and [secret]'));
		const ledger = join(swarm.folder, runtimePaths.ledger);
		const everything = [
			said(),
			swarm.lines.join('\n'),
			readFileSync(ledger, 'latin1'),
			readFileSync(`${ledger}-wal`, 'latin1'),
			JSON.stringify(await swarm.ledger.read((reader) => reader.tasks())),
		].join('\n');
		assert.ok(everything.includes('[token]') && secrets.length > 0);
		assert.deepEqual(
			secrets.filter((secret) => everything.includes(secret)),
			[],
		);
	});
});
