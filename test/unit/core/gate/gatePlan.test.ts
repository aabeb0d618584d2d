// Checks which gates a task has to pass, out of workspace, type and its own record, whatever the record holds.

import assert from 'node:assert/strict';
import type { JsonValue } from '../../../../src/base/json.ts';
import { acceptancePoints, isUnproven, needsReview, planGates } from '../../../../src/core/gate/gatePlan.ts';
import { defaultSettings, readSettings } from '../../../../src/core/settings.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { newTask } from '../../../../src/core/task/task.ts';

const task = (validation: unknown, fields: Partial<Task> = {}): Task => ({
	...newTask({ task_id: 'A', name: 'a', ...fields }),
	validation: validation as Task['validation'],
});

describe('planGates', () => {
	it('adds up workspace, type and task, each command once', () => {
		const { settings, problems } = readSettings([
			{
				'gates.workspace': { commands: ['lint'], tests: ['npm test'], touches: true },
				'gates.byType': { docs: { commands: ['spell', 'lint'], review: 'agent' } },
			},
		]);
		assert.deepEqual(problems, []);
		const plan = planGates(task({ commands: ['own', 'lint'] }, { task_type: 'docs' }), settings);
		assert.deepEqual(
			plan.commands.map(({ kind, command }) => [kind, command]),
			[
				['command', 'lint'],
				['command', 'spell'],
				['command', 'own'],
				['tests', 'npm test'],
			],
		);
		assert.deepEqual([plan.wantsTouches, plan.wantsDiff, plan.review], [true, false, 'agent']);
		assert.equal(planGates(task({}, { task_type: 'code' }), settings).review, 'none');
	});

	it('asks an editor for the strictest that anybody asks, with every command beside it', () => {
		const editorOf = (workspace: JsonValue, validation: unknown) => {
			const { settings, problems } = readSettings([{ 'gates.workspace': { diagnostics: workspace } }]);
			assert.deepEqual(problems, []);
			return planGates(task({ diagnostics: validation }), settings).editor;
		};
		assert.equal(editorOf(['tsc'], undefined), undefined);
		assert.equal(editorOf(false, false), undefined);
		assert.deepEqual(editorOf(true, undefined), { severity: 'error', commands: [] });
		assert.deepEqual(editorOf({ severity: 'warning', commands: ['tsc'] }, { commands: ['lint', 'tsc'] }), {
			severity: 'warning',
			commands: ['tsc', 'lint'],
		});
		assert.deepEqual(editorOf(false, { severity: 'none', commands: 'rm -rf /' }), {
			severity: 'error',
			commands: [],
		});
	});

	it('knows a plan that was not proven: nobody read it, and no command counts instead', () => {
		const gates = [{ command: 'x', exit_code: null, ending: 'notRead', duration_ms: 0, output: '' }];
		const plan = (diagnostics: unknown) => planGates(task({ diagnostics }), defaultSettings);
		assert.equal(isUnproven(plan(true), gates), true);
		assert.equal(isUnproven(plan({ commands: ['tsc'] }), gates), false);
		assert.equal(isUnproven(plan(true), []), false);
		assert.equal(isUnproven(plan(false), gates), false);
	});

	it('lets no task take away what the workspace asks for', () => {
		const { settings } = readSettings([{ 'gates.workspace': { diff: true, touches: true, review: 'person' } }]);
		const plan = planGates(task({ diff: false, touches: false, review: 'agent' }), settings);
		assert.deepEqual([plan.wantsDiff, plan.wantsTouches, plan.review], [true, true, 'person']);
	});

	it('reads gates from whatever a hand-edited record holds', () => {
		const commands = (validation: unknown) =>
			planGates(task(validation), defaultSettings).commands.map(({ command }) => command);
		assert.deepEqual(commands({ commands: ['a', ' ', 3, 'b'] }), ['a', 'b']);
		assert.deepEqual(commands({ commands: 'rm -rf /' }), []);
		assert.deepEqual(commands({}), []);
		const odd = { acceptance: ['x', 7, {}, { text: 'y', command: 'grep y f' }, { text: ' ' }] };
		assert.deepEqual(acceptancePoints(task(odd)), [
			{ text: 'x', command: undefined },
			{ text: 'y', command: 'grep y f' },
		]);
	});

	it('wants somebody to confirm the points no command backs', () => {
		const plan = planGates(
			task({ acceptance: ['looks good', { text: 'has y', command: 'grep y f' }] }),
			defaultSettings,
		);
		assert.deepEqual(plan.openPoints, ['looks good']);
		assert.deepEqual(plan.commands, [{ kind: 'acceptance', command: 'grep y f', point: 'has y' }]);
		assert.ok(needsReview(plan));
		assert.ok(!needsReview(planGates(task({ review: false }), defaultSettings)));
	});

	it('says which setting holds a set that is none', () => {
		const { settings, problems } = readSettings([{ 'gates.workspace': { comands: ['typo'] } }]);
		assert.deepEqual(
			problems.map(({ setting }) => setting),
			['dreamos.gates.workspace'],
		);
		assert.deepEqual(settings['gates.workspace'], {});
	});
});
