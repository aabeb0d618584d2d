// Checks that people reach agents at work: with words after a turn and at once, by making them stand still, over the end of a host,
// and by handing their work to another. The agent is the scripted one, told what to do by what is said to it.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import { nullLogger } from '../../../src/base/log.ts';
import type { Agent } from '../../../src/core/agent/agent.ts';
import { runtimePaths } from '../../../src/core/paths.ts';
import type { Run } from '../../../src/core/run/run.ts';
import { hostExitCodes } from '../../../src/host/exitCodes.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

const ann = { kind: 'human', id: 'ann' } as const;

describe('steering agents at work', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let window: OpenWorkspace;
	afterEach(async () => {
		await window.close();
		await swarm.dispose();
	});

	const agent = (id: string, script: Script, fields: Partial<Agent> = {}): Agent => {
		const file = join(folders.make(), 'script.json');
		writeFileSync(file, JSON.stringify(script));
		return buildAgent(id, { driver: 'acp', command: [...(scripted({}).command ?? []), file], ...fields });
	};
	const open = async (...agents: Agent[]) => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [] });
		window = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
		});
		await window.dream.perform('workspace.initialize', {}, ann);
		writeFileSync(join(swarm.folder, runtimePaths.agents), JSON.stringify(agents));
		await window.flushBoards();
		await swarm.tell(true);
	};
	const perform = <T>(action: string, input: object) => window.dream.perform(action, input, ann) as Promise<T>;
	const run = async (taskId = 'A') => {
		const found = (await swarm.runs(taskId)).at(-1);
		assert.ok(found !== undefined);
		return found;
	};
	/** The run once its agent has made a file, by which a script says that it got so far. */
	const begun = async (file: string, taskId = 'A'): Promise<Run> => {
		await swarm.until(
			async () => existsSync(join((await swarm.runs(taskId)).at(-1)?.worktree ?? 'none', file)),
			`${file} is there`,
		);
		return run(taskId);
	};
	const events = async (type: string) => (await swarm.events()).filter((event) => event.type === type);
	const log = async () => swarm.shown((await run()).log_file ?? 'none') ?? '';

	const begin: Script['turn'] = [
		{ do: 'write', path: 'begun', content: '' },
		{ do: 'wait', milliseconds: 1500 },
		{ do: 'say', text: 'First part.' },
	];

	it('tells a message when the turn is over, before the work is checked, and says who wrote it', async () => {
		await open(
			agent('Agent-1', {
				turn: begin,
				laterTurns: [{ do: 'sayPrompt' }, { do: 'write', path: 'wanted.txt', content: 'w\n' }],
			}),
		);
		await swarm.add('A', [], { params: {}, validation: { commands: ['test -e wanted.txt'] } });
		const host = await swarm.lead();
		const { run_id } = await begun('begun');
		await perform('run.message', { run_id, text: 'One more thing.' });
		assert.equal((await events('run.messageDelivered')).length, 0);
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal((await swarm.runs('A')).length, 1);
		assert.match(await log(), /human:ann says to Agent-1: One more thing(?:.|\n)*> One more thing/u);
		const [[told], [delivered]] = [await events('run.messaged'), await events('run.messageDelivered')];
		assert.deepEqual([told?.actor, told?.data?.['text']], ['human:ann', 'One more thing.']);
		assert.equal(delivered?.data?.['message'], told?.data?.['message']);
		await assert.rejects(perform('run.message', { run_id, text: 'late' }), (error) => {
			assert.ok(isDreamError(error, 'run.notSteerable'));
			assert.match(error.message, /it is completed/u);
			return true;
		});
		await host.stop();
	});

	it('cuts the turn short for a message that is to be told at once', async () => {
		await open(
			agent('Agent-1', {
				turn: [{ do: 'write', path: 'begun', content: '' }, { do: 'hang' }],
				cancel: 'obey',
				laterTurns: [{ do: 'sayPrompt' }, { do: 'write', path: 'wanted.txt', content: 'w\n' }],
			}),
		);
		await swarm.add('A', [], { params: {} });
		const host = await swarm.lead();
		const { run_id } = await begun('begun');
		await perform('run.message', { run_id, text: 'Stop that.', now: true });
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal(swarm.shown('wanted.txt'), 'w\n');
		assert.match(await log(), /The turn is cut short(?:.|\n)*You were interrupted(?:.|\n)*> Stop that/u);
		await host.stop();
	});

	it('lets a run stand still for as long as it is paused, beside others, and go on in its session', async () => {
		await open(
			agent(
				'Agent-1',
				{
					turn: [
						{ do: 'write', path: 'begun', content: '' },
						{ do: 'wait', milliseconds: 60_000 },
					],
					laterTurns: [{ do: 'sayPrompt' }, { do: 'write', path: 'rest.txt', content: 'r\n' }],
				},
				{ limits: { silence_timeout_seconds: 2, turn_timeout_seconds: 4 } },
			),
			buildAgent('Builder', { driver: 'command' }),
		);
		swarm.settings = { ...swarm.settings, 'swarm.maxConcurrentRuns': 1 };
		await swarm.add('A', [], { params: {}, assigned_agent: 'Agent-1' });
		const host = await swarm.lead();
		const { run_id } = await begun('begun');
		await perform('run.pause', { run_id });
		await swarm.until(async () => (await log()).includes('Paused by human:ann'), 'it stands still');
		await swarm.add('B', ['echo b > b.txt'], { assigned_agent: 'Builder' });
		await swarm.statusIs('B', 'COMPLETED');
		await perform('run.message', { run_id, text: 'Be brief.' });
		// Longer than it may be silent, and than its turn may take.
		await new Promise((resolve) => setTimeout(resolve, 4500));
		const paused = await run();
		assert.deepEqual(
			[paused.state, paused.pause?.by, (await swarm.task('A')).status],
			['working', 'human:ann', 'IN_PROGRESS'],
		);
		await perform('run.resume', { run_id });
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal((await swarm.runs('A')).length, 1);
		assert.equal(swarm.shown('rest.txt'), 'r\n');
		assert.match(await log(), /You were paused by human:ann(?:.|\n)*> Be brief/u);
		await assert.rejects(perform('run.resume', { run_id }), (error) => isDreamError(error, 'run.notPaused'));
		await host.stop();
	});

	for (const end of ['stopped', 'killed'] as const) {
		it(`keeps a pause over the end of a host that is ${end}, with session, worktree and messages`, async () => {
			await open(
				agent('Agent-1', {
					resume: 'load',
					turn: [
						{ do: 'write', path: 'begun', content: 'b\n' },
						{ do: 'wait', milliseconds: 60_000 },
					],
					turnAfterResume: [{ do: 'sayPrompt' }, { do: 'write', path: 'rest.txt', content: 'r\n' }],
				}),
			);
			await swarm.add('A', [], { params: {}, max_attempts: 1 });
			const first = swarm.spawnHost();
			const { run_id } = await begun('begun');
			await perform('run.pause', { run_id });
			await swarm.until(async () => (await log()).includes('Paused by human:ann'), 'it stands still');
			if (end === 'killed') {
				first.child.kill('SIGKILL');
				await first.exited;
			} else {
				await swarm.tell(false);
				assert.equal(await first.exited, hostExitCodes.stopped);
				await swarm.tell(true);
			}
			await perform('run.message', { run_id, text: 'Be brief.' });
			const heir = swarm.spawnHost();
			await swarm.add('B', [], { params: {}, assigned_agent: 'Agent-1' });
			await swarm.until(async () => (await events('host.started')).length === 2, 'the next host leads');
			const paused = await run();
			assert.deepEqual([paused.run_id, paused.state, paused.pause?.is_over], [run_id, 'working', false]);
			assert.ok(existsSync(join(paused.worktree ?? '', 'begun')));
			await perform('run.resume', { run_id });
			const task = await swarm.statusIs('A', 'COMPLETED');
			assert.deepEqual([task.attempts, (await swarm.runs('A')).length], [1, 1]);
			assert.equal((await run()).session?.session_id, paused.session?.session_id);
			assert.deepEqual([swarm.shown('begun'), swarm.shown('rest.txt')], ['b\n', 'r\n']);
			assert.match(await log(), /You were paused in the middle(?:.|\n)*> Be brief/u);
			await swarm.tell(false);
			assert.equal(await heir.exited, hostExitCodes.stopped);
		});
	}

	it('refuses for agents that cannot listen, and tells a message that comes to nothing', async () => {
		await open(
			buildAgent('Builder', { driver: 'command' }),
			agent('Agent-1', { turn: [{ do: 'write', path: 'begun', content: '' }, { do: 'hang' }] }),
		);
		await swarm.add('A', ['touch begun', 'sleep 20'], { assigned_agent: 'Builder' });
		const host = await swarm.lead();
		const { run_id } = await begun('begun');
		for (const [action, input] of [
			['run.message', { text: 'hear me' }],
			['run.pause', {}],
		] as const) {
			await assert.rejects(perform(action, { run_id, ...input }), (error) => {
				assert.ok(isDreamError(error, 'run.notSteerable'));
				assert.match(error.message, /its driver "command" only runs the steps of the task/u);
				return true;
			});
		}
		await perform('task.cancel', { task_id: 'A' });
		await swarm.add('B', [], { params: {}, assigned_agent: 'Agent-1' });
		const second = await begun('begun', 'B');
		await perform('run.message', { run_id: second.run_id, text: 'too late' });
		await perform('task.cancel', { task_id: 'B' });
		const [undelivered] = await events('run.messageUndelivered');
		assert.match(
			undelivered?.message ?? '',
			/what human:ann wrote was not delivered, because the task is CANCELLED: too late/u,
		);
		await host.stop();
	});

	it('begins a restarted run anew, which costs no attempt, and gives a paused agent nothing', async () => {
		await open(
			agent('Agent-1', {
				turn: [
					{ do: 'write', path: 'begun', content: '' },
					{ do: 'wait', milliseconds: 60_000 },
				],
			}),
			agent('Agent-2', {}),
		);
		await swarm.add('A', [], { params: {}, max_attempts: 1, assigned_agent: 'Agent-1' });
		const host = await swarm.lead();
		const first = await begun('begun');
		await perform('run.restart', { run_id: first.run_id });
		await swarm.until(async () => (await swarm.runs('A')).length === 2, 'it begins anew');
		const second = await begun('begun');
		assert.deepEqual([(await swarm.runs('A'))[0]?.state, second.worker], ['released', 'Agent-1']);
		await perform('agent.pause', { agent_id: 'Agent-2' });
		await swarm.add('B', [], { params: {}, assigned_agent: 'Agent-2' });
		assert.match((await perform<{ why: string }>('task.why', { task_id: 'B' })).why, /Agent-2 is disabled/u);
		await perform('agent.resume', { agent_id: 'Agent-2' });
		await swarm.statusIs('B', 'COMPLETED');
		await host.stop();
	});

	it('hands the work of one agent to another, which begins from it with a note, and costs no attempt', async () => {
		await open(
			agent('Agent-1', {
				turn: [
					{ do: 'write', path: 'half.txt', content: 'half\n' },
					{ do: 'say', text: 'Half of it is there.' },
					{ do: 'write', path: 'begun', content: '' },
					{ do: 'hang' },
				],
			}),
			agent('Agent-2', { turn: [{ do: 'sayPrompt' }, { do: 'write', path: 'rest.txt', content: 'rest\n' }] }),
			buildAgent('Other', { capabilities: [] }),
		);
		await swarm.add('A', [], {
			params: {},
			max_attempts: 1,
			assigned_agent: 'Agent-1',
			validation: { commands: ['cat half.txt rest.txt'] },
		});
		const host = await swarm.lead();
		const { run_id } = await begun('begun');
		await assert.rejects(perform('run.handoff', { run_id, agent: 'Nobody' }), (error) =>
			isDreamError(error, 'agent.unknown'),
		);
		await perform('run.handoff', { run_id, agent: 'Agent-2', note: 'Mind the other half.' });
		const task = await swarm.statusIs('A', 'COMPLETED');
		const [first, second] = await swarm.runs('A');
		assert.deepEqual([first?.state, second?.worker, task.attempts], ['released', 'Agent-2', 2]);
		assert.deepEqual([swarm.shown('half.txt'), swarm.shown('rest.txt')], ['half\n', 'rest\n']);
		const text = await log();
		assert.match(text, /Mind the other half/u);
		assert.match(text, /already holds its work, uncommitted(?:.|\n)*Half of it is there/u);
		assert.match(task.notes, /State: attempt 1 of Agent-1, working since(?:.|\n)*Files changed so far: /u);
		await host.stop();
	});
});
