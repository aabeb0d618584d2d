// Checks the arithmetic of budgets: what counts for which limit, what holds what back, and when there is room again.

import assert from 'node:assert/strict';
import type { BudgetFacts, BudgetSettings } from '../../../../src/core/budget/budget.ts';
import {
	agentStates,
	budgetRefusal,
	budgetStates,
	createBudgetCheck,
	isNearlySpent,
	isNeedOfBudget,
	isSpent,
	taskStates,
} from '../../../../src/core/budget/budget.ts';
import { shareBudget } from '../../../../src/core/budget/budgetLimits.ts';
import { describeEstimate, estimateUsage } from '../../../../src/core/budget/medianUsage.ts';
import type { TurnUsage } from '../../../../src/core/budget/usage.ts';
import { noUsage, startOfDay, sumTurns } from '../../../../src/core/budget/usage.ts';
import { defaultSettings, readSettings } from '../../../../src/core/settings.ts';
import { Random } from '../../../support/random.ts';

const hour = 3_600_000;
/** Noon, wherever this runs. */
const now = startOfDay(Date.parse('2026-03-10T12:00:00.000Z')) + 12 * hour;

const turn = (fields: Partial<TurnUsage> = {}): TurnUsage => ({
	run_id: 'run-1',
	task_id: 'A',
	agent_id: 'Agent-1',
	at: new Date(now - 1000).toISOString(),
	input_tokens: 100,
	output_tokens: 0,
	cached_tokens: 5000,
	cost: null,
	currency: null,
	milliseconds: 60_000,
	is_estimated: false,
	...fields,
});

function factsOf(
	settings: Partial<BudgetSettings>,
	turns: readonly TurnUsage[],
	running: readonly TurnUsage[] = [],
): BudgetFacts {
	const of = (isCounted: (each: TurnUsage) => boolean) => sumTurns(turns.filter(isCounted));
	return {
		settings: { ...defaultSettings, ...settings },
		used: {
			all: sumTurns(turns),
			ofTask: (id) => of(({ task_id: taskId }) => taskId === id),
			ofAgent: (id) => of(({ agent_id: agentId }) => agentId === id),
			since: (since, id) =>
				turns.filter(({ at, agent_id: agent }) => Date.parse(at) > since && (id === undefined || id === agent)),
		},
		running,
		now,
	};
}
const taskA = { task_id: 'A', budget: {} };
const agent1 = { id: 'Agent-1' };
const levels = (facts: BudgetFacts) =>
	budgetStates(facts, taskA, agent1).map(({ scope, kind, used, limit }) => [scope, kind, used, limit]);

describe('budgets', () => {
	it('limit nothing where none is set', () => {
		const facts = factsOf({}, [turn({ input_tokens: 1e9 })]);
		assert.deepEqual(budgetStates(facts, taskA, agent1), []);
		assert.equal(createBudgetCheck(facts)(taskA, agent1), undefined);
	});

	it('count for each scope what belongs to it, turns under way as well, and tokens of a cache never', () => {
		const yesterday = new Date(startOfDay(now) - 1000).toISOString();
		const facts = factsOf(
			{
				'budgets.task': { tokens: 1000, minutes: 10 },
				'budgets.agent': { turns: 9 },
				'budgets.swarm': { money: 5 },
				'budgets.day': { tokens: 5000 },
			},
			[
				turn({ cost: 2, currency: 'USD' }),
				turn({ task_id: 'B', cost: 7, currency: 'EUR' }),
				turn({ agent_id: 'Agent-2', at: yesterday, cost: 1, currency: 'USD' }),
			],
			[turn({ input_tokens: 50 })],
		);
		assert.deepEqual(levels(facts), [
			['task', 'tokens', 250, 1000],
			['task', 'minutes', 3, 10],
			['swarm', 'money', 3, 5],
			['day', 'tokens', 250, 5000],
			['agent', 'turns', 3, 9],
		]);
	});

	it('warn from 80 % and hold back from 100 %, with who, how much of what, and the setting', () => {
		const at = (tokens: number) => {
			const [state] = taskStates(
				factsOf({ 'budgets.task': { tokens: 1000 } }, [turn({ input_tokens: tokens })]),
				taskA,
			);
			assert.ok(state !== undefined);
			return [isNearlySpent(state), isSpent(state)];
		};
		assert.deepEqual(
			[at(799), at(800), at(999), at(1000)],
			[
				[false, false],
				[true, false],
				[true, false],
				[false, true],
			],
		);
		const facts = factsOf({ 'budgets.task': { tokens: 1000 } }, [turn({ input_tokens: 1200, is_estimated: true })]);
		const refusal = createBudgetCheck(facts)(taskA, agent1);
		assert.equal(
			refusal,
			'needs budget: task A has used 1,200 of 1,000 tokens (dreamos.budgets.task, some of it estimated)',
		);
		assert.ok(isNeedOfBudget(refusal));
		assert.equal(
			createBudgetCheck(facts)({ ...taskA, task_id: 'B' }, agent1),
			undefined,
			'another task has its own',
		);
		assert.ok(
			createBudgetCheck(factsOf({ 'budgets.day': { money: 0 } }, []))(taskA, agent1) !== undefined,
			'nothing is nothing',
		);
	});

	it('hold as a task and an agent have them of their own, kind by kind, and say in which field the limit stands', () => {
		const facts = factsOf(
			{
				'budgets.task': { tokens: 1000, turns: 1 },
				'budgets.agent': { turns: 9, minutes: 90 },
				'budgets.window': { hours: 5, tokens: 400 },
			},
			[turn(), turn()],
		);
		const task = { task_id: 'A', budget: { turns: 2, money: 3 } };
		const agent = { id: 'Agent-1', budget: { minutes: 2, window: { hours: 24, turns: 7 } } };
		const told = budgetStates(facts, task, agent).map(({ kind, limit, place }) => [kind, limit, place]);
		assert.deepEqual(told, [
			['tokens', 1000, 'dreamos.budgets.task'],
			['money', 3, 'budget.money of the task'],
			['turns', 2, 'budget.turns of the task'],
			['minutes', 2, 'budget.minutes of Agent-1 in runtime/agents.json'],
			['turns', 9, 'dreamos.budgets.agent'],
			['tokens', 400, 'dreamos.budgets.window'],
			['turns', 7, 'budget.window.turns of Agent-1 in runtime/agents.json'],
		]);
		assert.equal(
			createBudgetCheck(facts)(task, agent1),
			'needs budget: task A has used 2 of 2 turns (budget.turns of the task)',
		);
		assert.equal(
			createBudgetCheck(facts)({ ...task, budget: { turns: 3 } }, agent),
			'needs budget: Agent-1 has used 2 of 2 minutes (budget.minutes of Agent-1 in runtime/agents.json)',
		);
		const daily = { id: 'Agent-1', budget: { window: { hours: 24, turns: 2 } } };
		assert.match(budgetRefusal(agentStates(facts, daily)) ?? '', /has used in 1 d 2 of 2 turns/u);
	});

	it('of a whole are shared by its parts, so that together they take no more', () => {
		assert.deepEqual(shareBudget({ money: 3, turns: 7 }, 2), { money: 1.5, turns: 3 });
		assert.deepEqual(shareBudget({}, 3), {});
	});

	it('say of a window when there is room again: once enough of the oldest turns is out of it', () => {
		const ago = (hours: number, tokens: number) =>
			turn({ at: new Date(now - hours * hour).toISOString(), input_tokens: tokens });
		const window = { 'budgets.window': { hours: 5, tokens: 1000 } };
		const facts = factsOf(window, [ago(6, 900), ago(4, 300), ago(3, 500), ago(1, 400)]);
		const [state] = agentStates(facts, agent1);
		assert.equal(state?.used, 1200, 'what is older than the window is free');
		assert.equal(state.free_at, now + hour);
		const refusal = budgetRefusal([state]) ?? '';
		assert.match(refusal, /in 5 h 1,200 of 1,000 tokens /u);
		assert.ok(refusal.endsWith(`room again at ${new Date(now + hour).toISOString()}`), refusal);
		assert.deepEqual(agentStates({ ...facts, now: now + hour }, agent1).map(isSpent), [false], 'and then there is');
		assert.deepEqual(agentStates(facts, { id: 'Agent-2' }).map(isSpent), [false], 'another agent has its own');
	});

	it('never leave more room for more use, and the quick check says what the states say', () => {
		const random = new Random(5);
		const amount = () => (random.below(3) === 0 ? undefined : random.below(800));
		for (let round = 0; round < 300; round += 1) {
			const limits = () => {
				const { tokens, turns } = {
					tokens: amount(),
					turns: random.below(4) === 0 ? random.below(8) : undefined,
				};
				return { ...(tokens === undefined ? {} : { tokens }), ...(turns === undefined ? {} : { turns }) };
			};
			const settings = {
				'budgets.task': limits(),
				'budgets.agent': limits(),
				'budgets.day': limits(),
				'budgets.swarm': limits(),
				'budgets.window': { hours: 1 + random.below(20), ...limits() },
			};
			const turns = Array.from({ length: random.below(8) }, () =>
				turn({
					task_id: random.pick(['A', 'B']),
					agent_id: random.pick(['Agent-1', 'Agent-2']),
					input_tokens: random.below(300),
					at: new Date(now - random.below(30) * hour).toISOString(),
				}),
			);
			const before = budgetStates(factsOf(settings, turns), taskA, agent1);
			const after = budgetStates(factsOf(settings, [...turns, turn()]), taskA, agent1);
			before.forEach(({ used }, index) => assert.ok((after[index]?.used ?? -1) >= used));
			const check = createBudgetCheck(factsOf(settings, turns));
			assert.equal(check(taskA, agent1) !== undefined, before.some(isSpent));
			assert.equal(check(taskA, agent1), check(taskA, agent1));
		}
	});

	it('are read from settings, and a wrong one is told and leaves the one below', () => {
		const { settings, problems } = readSettings([
			{ 'budgets.day': { money: 5 } },
			{ 'budgets.day': { money: -1 }, 'budgets.task': { token: 5 }, 'budgets.window': { tokens: 9 } },
		]);
		assert.deepEqual(settings['budgets.day'], { money: 5 });
		assert.deepEqual(settings['budgets.window'], { hours: 5, tokens: 9 });
		assert.deepEqual(
			problems.map(({ setting }) => setting),
			['dreamos.budgets.task', 'dreamos.budgets.day'],
		);
	});
});

describe('an estimate', () => {
	const run = (id: string, agent_id: string, task_id: string, tokens: number) => ({
		run_id: id,
		task_id,
		agent_id,
		usage: { ...noUsage, turns: 1, input_tokens: tokens },
	});
	const typeOf = (id: string) => (id.startsWith('F') ? 'fix' : 'feature');
	const facts = (runs: ReturnType<typeof run>[]) => ({ runs, typeOf, currency: 'USD' });

	it('is the median of the narrowest group that is large enough, and says which; else it is unknown', () => {
		const runs = [
			run('1', 'Agent-1', 'F1', 100),
			run('2', 'Agent-1', 'F2', 300),
			run('3', 'Agent-2', 'F3', 5000),
			run('4', 'Agent-2', 'G1', 9),
		];
		const wide = estimateUsage(facts(runs), { type: 'fix', agentId: 'Agent-1' });
		assert.deepEqual([wide?.tokens, wide?.runs, wide?.cost], [300, 3, null]);
		assert.match(describeEstimate(wide), /^about 300 tokens, 0 s \(median of 3 runs: tasks of type "fix"\)$/u);
		const narrow = estimateUsage(facts([...runs, run('5', 'Agent-1', 'F4', 200)]), {
			type: 'fix',
			agentId: 'Agent-1',
		});
		assert.deepEqual([narrow?.tokens, narrow?.of], [200, 'Agent-1 on tasks of type "fix"']);
		assert.equal(estimateUsage(facts(runs), { type: 'other', agentId: undefined }), undefined);
		assert.match(describeEstimate(undefined), /^unknown/u);
	});
});
