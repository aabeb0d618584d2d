// Checks who begins what, and that whoever does not begin has a reason a person can read.

import assert from 'node:assert/strict';
import type { RunOutcome } from '../../../../src/core/figures/workRecord.ts';
import { countOutcomes } from '../../../../src/core/figures/workRecord.ts';
import type { ScheduleFacts } from '../../../../src/core/loop/schedule.ts';
import { planStarts, whyWaiting } from '../../../../src/core/loop/schedule.ts';
import type { Settings } from '../../../../src/core/settings.ts';
import { defaultSettings } from '../../../../src/core/settings.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { buildAgent, buildRun, buildTask } from '../../../support/swarmBuilders.ts';

const anything = { refusal: () => undefined };

interface Parts extends Partial<Omit<ScheduleFacts, 'settings'>> {
	readonly settings?: Partial<Settings>;
	readonly shouldRun?: boolean;
}

function facts({ settings, ...parts }: Parts): ScheduleFacts & { readonly shouldRun: boolean } {
	return {
		tasks: [],
		agents: [buildAgent('Agent-1'), buildAgent('Agent-2')],
		openRuns: [],
		settings: { ...defaultSettings, ...settings },
		drivers: new Map([['command', anything]]),
		held: new Map(),
		shouldRun: true,
		...parts,
	};
}

const begun = (parts: Parts) =>
	planStarts(facts(parts)).starts.map(({ task, agent }) => `${task.task.task_id} ${agent.id}`);
const why = (parts: Parts, id: string) => whyWaiting(facts(parts), id);

describe('planStarts', () => {
	it('gives tasks in order to free agents, one each', () => {
		const tasks = [
			buildTask('low', { priority: 'LOW' }, 1),
			buildTask('old', {}, 2),
			buildTask('urgent', { priority: 'CRITICAL' }, 3),
		];
		assert.deepEqual(begun({ tasks }), ['urgent Agent-1', 'old Agent-2']);
		assert.equal(planStarts(facts({ tasks })).starts[0]?.reason, 'first in order (CRITICAL), Agent-1 is free');
	});

	it('leaves busy agents alone; a change that waits for review occupies nobody', () => {
		const tasks = [buildTask('A'), buildTask('B')];
		for (const state of ['claimed', 'preparing', 'working', 'validating', 'landing'] as const) {
			assert.deepEqual(begun({ tasks, openRuns: [buildRun('r', { state })] }), ['A Agent-2'], state);
		}
		assert.deepEqual(begun({ tasks, openRuns: [buildRun('r', { state: 'review' })] }), ['A Agent-1', 'B Agent-2']);
	});

	it('keeps to the limit, which a person at work does not use up', () => {
		const tasks = [buildTask('A'), buildTask('B')];
		const settings = { 'swarm.maxConcurrentRuns': 1 };
		assert.deepEqual(begun({ tasks, settings }), ['A Agent-1']);
		assert.deepEqual(begun({ tasks, settings, openRuns: [buildRun('r')] }), []);
		assert.deepEqual(begun({ tasks, settings, openRuns: [buildRun('r', { worker: 'ann', host_id: null })] }), [
			'A Agent-1',
		]);
	});

	it('respects assignment, capabilities, disabled and held agents, drivers', () => {
		const agents = [
			buildAgent('Agent-1'),
			buildAgent('Agent-2', { capabilities: ['rust'] }),
			buildAgent('Agent-3', { enabled: false }),
		];
		assert.deepEqual(begun({ agents, tasks: [buildTask('A', { assigned_agent: 'Agent-2' })] }), ['A Agent-2']);
		assert.deepEqual(begun({ agents, tasks: [buildTask('A', { required_capabilities: ['rust'] })] }), [
			'A Agent-2',
		]);
		assert.deepEqual(begun({ agents, tasks: [buildTask('A', { assigned_agent: 'Agent-3' })] }), []);
		assert.deepEqual(begun({ agents, tasks: [buildTask('A')], held: new Map([['Agent-1', 'not logged in']]) }), [
			'A Agent-2',
		]);
		const drivers = new Map([['command', { refusal: () => 'no steps' }]]);
		assert.deepEqual(begun({ agents, tasks: [buildTask('A')], drivers }), []);
	});

	it('gives the place of a run that waits for an answer to another, and its agent to nobody', () => {
		const openRuns = [buildRun('run-1', { worker: 'Agent-1' })];
		const settings = { 'swarm.maxConcurrentRuns': 1 };
		const tasks = [buildTask('B')];
		assert.deepEqual(begun({ tasks, openRuns, settings }), []);
		const asking = new Map([['run-1', 'question-1']]);
		assert.deepEqual(begun({ tasks, openRuns, settings, asking }), ['B Agent-2']);
	});

	it('goes on to tasks that can begin when the first cannot', () => {
		const tasks = [
			buildTask('rust', { priority: 'CRITICAL', required_capabilities: ['rust'] }, 1),
			buildTask('any', {}, 2),
		];
		assert.deepEqual(begun({ tasks }), ['any Agent-1']);
	});
});

describe('whyWaiting', () => {
	it('says what stands in the way', () => {
		const waiting = buildTask('B', { status: 'PENDING', dependencies: ['A', 'Z'] });
		assert.equal(why({ tasks: [buildTask('A'), waiting] }, 'B'), 'it waits for A (READY); Z (does not exist)');
		assert.equal(
			why({ tasks: [buildTask('C', { status: 'PENDING' })] }, 'C'),
			'it is in the backlog; make it ready',
		);
		assert.equal(why({ tasks: [buildTask('A')], agents: [] }, 'A'), 'there is no agent in runtime/agents.json');
		assert.equal(
			why({ tasks: [buildTask('A', { required_capabilities: ['rust'] })] }, 'A'),
			'no agent can take it: Agent-1 lacks rust; Agent-2 lacks rust',
		);
		assert.equal(why({ tasks: [buildTask('A', { status: 'REVIEW' })] }, 'A'), 'its change waits for review');
		const blocked = buildTask('A', {
			status: 'BLOCKED',
			block_reason: { kind: 'conflict', text: 'a.txt was changed' },
		});
		assert.equal(why({ tasks: [blocked] }, 'A'), 'it is blocked (conflict): a.txt was changed');
	});

	it('gives a task that went back to whoever had it, while they are free', () => {
		const tasks = [buildTask('A', {}, 1), buildTask('B', {}, 2)];
		const owners = new Map([['B', 'Agent-1']]);
		const agents = [buildAgent('Agent-1'), buildAgent('Agent-2')];
		assert.deepEqual(begun({ tasks: [buildTask('A')], agents, owners: new Map([['A', 'Agent-2']]) }), [
			'A Agent-2',
		]);
		assert.deepEqual(begun({ tasks, agents, owners }), ['A Agent-1', 'B Agent-2'], 'nobody waits for them');
		const { starts } = planStarts(facts({ tasks: [buildTask('A')], agents, owners: new Map([['A', 'Agent-2']]) }));
		assert.match(starts[0]?.reason ?? '', /Agent-2 is free and had it before$/u);
	});

	it('moves off who got nowhere with it last, to any other that is free, and back where there is none', () => {
		const agents = [buildAgent('Agent-1'), buildAgent('Agent-2')];
		const drifted = new Map([['A', 'Agent-1']]);
		const [start] = planStarts(facts({ tasks: [buildTask('A')], agents, drifted })).starts;
		assert.deepEqual(
			[start?.agent.id, start?.reason.endsWith('Agent-2 is free, and Agent-1 got nowhere with it before')],
			['Agent-2', true],
		);
		const [alone] = planStarts(facts({ tasks: [buildTask('A')], agents: [buildAgent('Agent-1')], drifted })).starts;
		assert.equal(alone?.agent.id, 'Agent-1');
	});

	it('says who is busy, what the limit is, and that the swarm is stopped', () => {
		const agents = [buildAgent('Agent-1')];
		const tasks = [buildTask('A', {}, 1), buildTask('B', {}, 2)];
		assert.equal(why({ tasks, agents }, 'A'), undefined);
		assert.equal(why({ tasks, agents }, 'B'), 'every agent that may take it is busy: Agent-1 with A');
		assert.equal(
			why({ tasks, settings: { 'swarm.maxConcurrentRuns': 1 } }, 'B'),
			'1 of 1 places are taken (dreamos.swarm.maxConcurrentRuns)',
		);
		assert.equal(why({ tasks, shouldRun: false }, 'A'), 'the swarm is stopped');
	});

	it('says which kind of agent has no place left', () => {
		const tasks = [buildTask('A', {}, 1), buildTask('B', {}, 2)];
		const settings = { 'swarm.maxRunsPerDriver': { command: 1 } };
		assert.deepEqual(begun({ tasks, settings }), ['A Agent-1']);
		assert.equal(
			why({ tasks, settings }, 'B'),
			'every agent that may take it has to wait: Agent-1 with A; Agent-2 because 1 of 1 places of command agents are taken (dreamos.swarm.maxRunsPerDriver)',
		);
		assert.deepEqual(begun({ tasks, settings: { 'swarm.maxRunsPerDriver': { acp: 1 } } }).length, 2);
	});

	it('gives an agent as many tasks at once as its entry says', () => {
		const tasks = [buildTask('A', {}, 1), buildTask('B', {}, 2), buildTask('C', {}, 3)];
		const agents = [buildAgent('Agent-1', { limits: { concurrent_runs: 2 } })];
		assert.deepEqual(begun({ tasks, agents }), ['A Agent-1', 'B Agent-1']);
		assert.equal(why({ tasks, agents }, 'C'), 'every agent that may take it is busy: Agent-1 with A, B');
	});

	it('begins nothing while the machine has no room, and says so', () => {
		const machine = 'this machine has less than 256 MB of memory free (dreamos.swarm.minFreeMegabytes)';
		assert.deepEqual(begun({ tasks: [buildTask('A')], machine }), []);
		assert.equal(why({ tasks: [buildTask('A')], machine }, 'A'), machine);
	});
});

describe('declared touches', () => {
	const tasks = [
		buildTask('A', { touches: ['src/core/**'] }, 1),
		buildTask('B', { touches: ['docs', 'src/core/task/task.ts'] }, 2),
		buildTask('C', { touches: ['test/**'] }, 3),
		buildTask('D', {}, 4),
	];
	const agents = ['Agent-1', 'Agent-2', 'Agent-3', 'Agent-4'].map((id) => buildAgent(id));

	it('keep tasks apart that may change the same file, in one round and against work in flight', () => {
		assert.deepEqual(begun({ tasks, agents }), ['A Agent-1', 'C Agent-2', 'D Agent-3']);
		const reason =
			'it may change the same files as A, at which Agent-1 works: src/core/task/task.ts and src/core/** (dreamos.swarm.separateTouches)';
		assert.equal(why({ tasks, agents }, 'B'), reason);
		const inFlight = [buildTask('A', { status: 'IN_PROGRESS', touches: ['src/core/**'] }, 1), ...tasks.slice(1)];
		for (const openRuns of [
			[buildRun('r')],
			[buildRun('r', { host_id: null })],
			[buildRun('r', { state: 'landing' })],
		]) {
			assert.deepEqual(begun({ tasks: inFlight, agents, openRuns }), ['C Agent-2', 'D Agent-3']);
			assert.equal(why({ tasks: inFlight, agents, openRuns }, 'B'), reason);
		}
	});

	it('say nothing once the setting is off, or the change waits for review', () => {
		assert.deepEqual(begun({ tasks, agents, settings: { 'swarm.separateTouches': false } }).length, 4);
		const inReview = [buildTask('A', { status: 'REVIEW', touches: ['src/core/**'] }, 1), ...tasks.slice(1)];
		const openRuns = [buildRun('r', { state: 'review' })];
		assert.equal(why({ tasks: inReview, agents, openRuns }, 'B'), undefined);
	});
});

describe('autonomy', () => {
	const careful = { touches: ['src/a.ts'], validation: { commands: ['npm test'] } };

	it('asks before what it would begin, in order, and says so until somebody said yes', () => {
		const tasks = [buildTask('A', {}, 1), buildTask('B', {}, 2)];
		const parts: Parts = { tasks, settings: { autonomy: 'ask' } };
		const plan = planStarts(facts(parts));
		assert.deepEqual(plan.starts, []);
		assert.deepEqual(
			plan.asks.map(({ task, agent, reason }) => `${task.task.task_id} ${agent.id}: ${reason}`),
			['A Agent-1: dreamos.autonomy is ask', 'B Agent-1: dreamos.autonomy is ask'],
		);
		assert.match(why(parts, 'A') ?? '', /^it waits for a person's yes, and others are asked about first/u);
		assert.equal(
			why({ ...parts, startQuestions: new Map([['A', 'question-1']]) }, 'A'),
			"it waits for a person's yes (question-1): dreamos.autonomy is ask",
		);
		assert.deepEqual(begun({ ...parts, approved: new Map([['B', 1]]) }), ['B Agent-1']);
		const tried = [buildTask('A', { attempts: 1 })];
		assert.deepEqual(begun({ ...parts, tasks: tried, approved: new Map([['A', 1]]) }), [], 'one attempt each');
	});

	it('knows what is risky', () => {
		const riskOf = (fields: Partial<Task>) =>
			planStarts(
				facts({ tasks: [buildTask('A', { ...careful, ...fields })], settings: { autonomy: 'askForRisky' } }),
			).asks[0]?.reason;
		assert.equal(riskOf({}), undefined);
		assert.equal(riskOf({ validation: {} }), 'risky: no check proves its work (dreamos.autonomy)');
		assert.equal(riskOf({ validation: { review: true } }), undefined, 'a person looks before it lands');
		assert.equal(riskOf({ touches: [] }), 'risky: it does not say what it touches (dreamos.autonomy)');
		assert.equal(riskOf({ tags: ['risky'] }), 'risky: it is tagged risky (dreamos.autonomy)');
		for (const glob of [
			'**',
			'*/**',
			'../other/a.ts',
			'/etc/passwd',
			'~/x',
			'C:\\x',
			'.github/workflows/*',
			'.dreamos',
		]) {
			assert.equal(riskOf({ touches: ['src/a.ts', glob] }), `risky: it touches ${glob} (dreamos.autonomy)`);
		}
		assert.equal(riskOf({ touches: ['src/**', '.gitignore', 'a..b'] }), undefined);
	});
});

describe('what agents did before', () => {
	const tasks = [buildTask('A', { task_type: 'bugfix' })];
	const outcomes = (worker: string, completed: number, failed: number, task_id = 'other'): RunOutcome[] =>
		[...Array<'completed'>(completed).fill('completed'), ...Array<'failed'>(failed).fill('failed')].map(
			(state) => ({
				worker,
				task_id,
				task_type: 'bugfix',
				state,
			}),
		);
	const start = (...done: RunOutcome[][]) =>
		planStarts(facts({ tasks, records: countOutcomes(done.flat()) })).starts[0]?.reason;

	it('puts one that did clearly better at the type before the first, and says so', () => {
		assert.equal(
			start(outcomes('Agent-1', 2, 4), outcomes('Agent-2', 9, 1)),
			'first in order (MEDIUM), Agent-2 was better at work of type bugfix: 9 of 10, Agent-1 2 of 6 (dreamos.swarm.preferProven)',
		);
		assert.match(start(outcomes('Agent-1', 8, 2), outcomes('Agent-2', 9, 1)) ?? '', /Agent-1 is free$/u);
		assert.match(start(outcomes('Agent-1', 0, 2), outcomes('Agent-2', 9, 1)) ?? '', /Agent-1 is free$/u, 'too new');
		assert.match(start(outcomes('Agent-1', 2, 4), outcomes('Agent-2', 2, 0)) ?? '', /Agent-1 is free$/u);
	});

	it('moves a task off the agent that failed at it, where another is free', () => {
		assert.equal(
			start(outcomes('Agent-1', 0, 1, 'A')),
			'first in order (MEDIUM), Agent-2 is free, and Agent-1 failed at it before',
		);
		assert.match(start(outcomes('Agent-1', 0, 1, 'A'), outcomes('Agent-2', 0, 1, 'A')) ?? '', /Agent-1 is free$/u);
		const openRuns = [buildRun('r', { worker: 'Agent-2', task_id: 'B' })];
		const records = countOutcomes(outcomes('Agent-1', 0, 1, 'A'));
		assert.deepEqual(begun({ tasks, openRuns, records }), ['A Agent-1'], 'nobody waits for another');
	});

	it('counts only what an agent did itself, and nothing once it is switched off', () => {
		const states = ['released', 'lost', 'cancelled', 'blocked'] as const;
		const stopped = outcomes('Agent-1', 4, 0).map((each, index) => ({ ...each, state: states[index] ?? 'lost' }));
		assert.match(start(stopped, outcomes('Agent-2', 9, 1)) ?? '', /Agent-1 is free$/u);
		const records = countOutcomes([...outcomes('Agent-1', 0, 6, 'A'), ...outcomes('Agent-2', 9, 0)]);
		assert.deepEqual(begun({ tasks, records }), ['A Agent-2']);
		assert.deepEqual(begun({ tasks, records, settings: { 'swarm.preferProven': false } }), ['A Agent-1']);
	});
});
