// Checks the signals of drift one by one, what a score is made of, and the ladder; and properties that hold for any run.

import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DriftLadder } from '../../../../src/core/drift/driftLadder.ts';
import type { DriftTask } from '../../../../src/core/drift/driftMeter.ts';
import { DriftMeter } from '../../../../src/core/drift/driftMeter.ts';
import type { DriftSignalName } from '../../../../src/core/drift/driftReading.ts';
import { driftRungs, driftSignalNames, parseDriftNote, readDrift } from '../../../../src/core/drift/driftReading.ts';
import type { DriftLine } from '../../../../src/core/drift/driftSteps.ts';
import { parseDriftLine, steadyText } from '../../../../src/core/drift/driftSteps.ts';
import { DriftWatch } from '../../../../src/core/drift/driftWatch.ts';
import { goalDistance, goalStatements } from '../../../../src/core/drift/goalWords.ts';

const task: DriftTask = { name: 'Sort the members', description: 'by name', touches: ['teams/**'] };
let count = 0;

interface Call {
	readonly title: string;
	readonly kind?: string;
	readonly path?: string;
	readonly output?: string;
	readonly hasFailed?: boolean;
	readonly diff?: string;
}

function callLines({ title, kind = 'read', path, output, hasFailed, diff }: Call): DriftLine[] {
	count += 1;
	const toolCallId = `call ${count}`;
	const data = {
		toolCallId,
		title,
		kind,
		locations: path === undefined ? [] : [path],
		...(diff === undefined ? {} : { diffs: [{ path, text: diff }] }),
	};
	const status = hasFailed === true ? 'failed' : 'completed';
	return [
		{ at: count, kind: 'tool', text: title, data: { ...data, status: 'in_progress' } },
		{ at: count, kind: 'tool', text: title, data: { ...data, status } },
		...(output === undefined ? [] : [{ at: count, kind: 'output', text: output, data: { toolCallId } } as const]),
	];
}

const end: DriftLine = { at: 0, kind: 'note', text: 'the end' };

function measure(lines: readonly DriftLine[], more: Partial<DriftTask> = {}) {
	const meter = new DriftMeter({ ...task, ...more });
	[...lines, end].forEach((line) => meter.note(line));
	const reading = meter.measure();
	const signal = (name: DriftSignalName) => {
		const found = reading.signals.find((each) => each.name === name);
		assert.ok(found !== undefined);
		return found;
	};
	return { reading, signal };
}

const times = (number: number, make: (index: number) => readonly DriftLine[]): DriftLine[] =>
	Array.from({ length: number }, (_each, index) => make(index)).flat();

describe('signals of drift', () => {
	it('tell each by a figure, also of a run that did nothing', () => {
		const { reading } = measure([]);
		assert.deepEqual(reading.signals.map(({ name }) => name).toSorted(), [...driftSignalNames].toSorted());
		assert.deepEqual([reading.score, reading.reasons], [0, []]);
	});

	it('repeat: the same call with the same result counts, another result or a change between does not', () => {
		const same = times(20, () => callLines({ title: 'make', kind: 'execute', output: 'took 1.2 s' }));
		assert.ok(measure(same).signal('repeat').strength > 0.9);
		const timed = times(20, (index) => callLines({ title: 'make', kind: 'execute', output: `took ${index}.3 s` }));
		assert.ok(measure(timed).signal('repeat').strength > 0.9, 'times are no results');
		const other = times(20, (index) => callLines({ title: 'make', kind: 'execute', output: `${index} failed` }));
		assert.equal(measure(other).signal('repeat').strength, 0);
		const changed = times(20, (index) => [
			...callLines({ title: 'Edit a', kind: 'edit', path: 'a', diff: `+${index}` }),
			...callLines({ title: 'make', kind: 'execute', output: 'ok' }),
		]);
		assert.equal(measure(changed).signal('repeat').strength, 0);
		const thereAndBack = times(20, (index) => [
			...callLines({ title: 'Edit a', kind: 'edit', path: 'a', diff: `+${index % 2}` }),
			...callLines({ title: 'make', kind: 'execute', output: 'ok' }),
		]);
		assert.ok(measure(thereAndBack).signal('repeat').strength > 0.9);
	});

	it('idle: counts steps since the worktree was last as it never was before', () => {
		const look = (index: number): DriftLine[] => [
			...callLines({ title: `Read ${index}` }),
			{
				at: 0,
				kind: 'note',
				text: 'The worktree has changed.',
				data: { worktree: `mark ${index % 2}`, files: ['a'] },
			},
		];
		assert.equal(measure(times(60, look)).signal('idle').figure, 58, 'two states in turn are no change');
	});

	it('errors: what fails as before, or fails nearly always; a test that fails in ever other ways is work', () => {
		const failing = (output: (index: number) => string) =>
			times(20, (index) => [
				...callLines({ title: 'Edit a', kind: 'edit', path: 'a', diff: `+${index}` }),
				...callLines({ title: 'test', kind: 'execute', hasFailed: true, output: output(index) }),
			]);
		assert.ok(measure(failing(() => 'boom')).signal('errors').strength > 0.9);
		assert.equal(measure(failing((index) => `${20 - index} left`)).signal('errors').strength, 0);
		const refused = times(20, (index) =>
			callLines({ title: `try ${index}`, kind: 'execute', hasFailed: true, output: `no ${index}` }),
		);
		assert.equal(measure(refused).signal('errors').strength, 1);
	});

	it('outside: many changed files the task does not name; none where it names none', () => {
		const elsewhere = times(10, (index) =>
			callLines({ title: `Edit ${index}`, kind: 'edit', path: `ui/${index}.ts`, diff: 'x' }),
		);
		assert.equal(measure(elsewhere).signal('outside').strength, 1);
		assert.equal(measure(elsewhere, { touches: [] }).signal('outside').strength, 0);
		const inside = times(10, (index) =>
			callLines({ title: `Edit ${index}`, kind: 'edit', path: `teams/${index}.ts`, diff: 'x' }),
		);
		assert.equal(measure(inside).signal('outside').strength, 0);
	});

	it('goal: another one, said twice; never the task in other order, never once', () => {
		const say = (text: string): DriftLine => ({ at: 0, kind: 'message', text });
		const other = say('My goal is to redesign the payment gateway infrastructure.');
		assert.equal(measure([other, other]).signal('goal').strength, 1);
		assert.equal(measure([other]).signal('goal').strength, 0);
		const same = say('My task is to sort the names of all members.');
		assert.equal(measure([same, same]).signal('goal').strength, 0);
		assert.deepEqual(goalStatements('Nothing is said here.'), []);
		assert.equal(goalDistance('too few', new Set()), undefined);
	});

	it('plan: one that stands still, and one that goes back', () => {
		const plan = (done: number): DriftLine => ({
			at: 0,
			kind: 'plan',
			text: 'plan',
			data: {
				entries: [0, 1, 2, 3].map((each) => ({
					content: `${each}`,
					status: each < done ? 'completed' : 'pending',
				})),
			},
		});
		const reads = times(130, (index) => callLines({ title: `Read ${index}` }));
		assert.equal(measure([plan(1), ...reads]).signal('plan').strength, 1);
		assert.equal(measure([plan(1), ...reads, plan(2)]).signal('plan').strength, 0);
		assert.equal(measure([plan(4), ...reads]).signal('plan').strength, 0, 'it is done');
		assert.equal(measure([plan(3), plan(1), plan(2), plan(1), plan(0)]).signal('plan').strength, 1);
	});

	it('context and pace: say nothing alone, and add to what others say', () => {
		const slow: DriftLine[] = [
			{ at: 0, kind: 'note', text: 'begin' },
			{ at: 3_600_000, kind: 'usage', text: 'Context', data: { used: 96, size: 100 } },
		];
		const usual = { milliseconds: 60_000, tokens: 10 };
		const alone = measure(slow, { usual });
		assert.deepEqual(
			[alone.signal('context').strength, alone.signal('pace').strength, alone.reading.score],
			[1, 1, 0],
		);
		const loop = times(12, () => callLines({ title: 'make', kind: 'execute', output: 'no' }));
		assert.ok(measure([...slow, ...loop], { usual }).reading.score > measure(loop).reading.score);
		const spent: DriftLine = { at: 1, kind: 'usage', text: 'Used', data: { inputTokens: 60, outputTokens: 40 } };
		assert.equal(measure([spent], { usual }).signal('pace').figure, 10);
	});

	it('forget what was before the agent was told', () => {
		const meter = new DriftMeter(task);
		times(20, () => callLines({ title: 'make', kind: 'execute', output: 'no' })).forEach((line) =>
			meter.note(line),
		);
		meter.beginAgain();
		assert.equal(meter.measure().score, 0);
	});

	it('are the same for text that differs in times, addresses and hashes only', () => {
		assert.equal(
			steadyText('took 3.1 s at 0xff in /tmp/a1 1a2b3c4d'),
			steadyText('took 12 ms at 0xa in /tmp/b 9f8e7d6c'),
		);
		assert.notEqual(steadyText('3 failed'), steadyText('2 failed'));
	});
});

describe('a score of drift', () => {
	const line = fc.record({
		title: fc.constantFrom('Read a', 'make', 'Edit b'),
		kind: fc.constantFrom('read', 'execute', 'edit'),
		path: fc.constantFrom('teams/a', 'b'),
		output: fc.constantFrom('', '1', '2'),
		hasFailed: fc.boolean(),
	});

	it('is between 0 and 1 with reasons whenever it is high, and the same for the same lines, whatever they are', () => {
		fc.assert(
			fc.property(fc.array(line, { maxLength: 120 }), (calls) => {
				const lines = calls.flatMap(callLines);
				const [first, second] = [measure(lines).reading, measure(lines).reading];
				assert.ok(first.score >= 0 && first.score <= 1);
				assert.ok(first.score < 0.45 || first.reasons.length > 0);
				assert.deepEqual(first, second);
			}),
			{ numRuns: 60 },
		);
	});

	it('never falls when one signal grows', () => {
		const strength = fc.double({ min: 0, max: 1, noNaN: true });
		fc.assert(
			fc.property(fc.array(strength, { minLength: 8, maxLength: 8 }), fc.nat(7), strength, (all, index, more) => {
				const signals = driftSignalNames.map((name, place) => ({
					name,
					figure: 0,
					text: name,
					strength: all[place] ?? 0,
				}));
				const raised = signals.map((each, place) =>
					place === index ? { ...each, strength: Math.max(each.strength, more) } : each,
				);
				assert.ok(readDrift(raised).score >= readDrift(signals).score - 1e-12);
			}),
		);
	});

	it('is read from foreign lines without failing', () => {
		fc.assert(
			fc.property(fc.array(fc.anything(), { maxLength: 30 }), (entries) => {
				const meter = new DriftMeter(task);
				for (const data of entries) {
					const kind = ['tool', 'plan', 'usage', 'note', 'output', 'message'][meter.steps % 6];
					const parsed = parseDriftLine({ at: 'never', kind, text: String(meter.steps), data });
					assert.ok(parsed !== undefined);
					meter.note({ ...parsed, at: 0 });
				}
				assert.ok(meter.measure().score >= 0);
			}),
		);
		assert.deepEqual(
			[parseDriftLine(null), parseDriftLine({ kind: 1 }), parseDriftNote({ score: 'x' })],
			[undefined, undefined, undefined],
		);
		assert.deepEqual(parseDriftNote({ score: 0.5, reasons: ['a', 1] }), { score: 0.5, reasons: ['a'], step: null });
	});
});

describe('the ladder against drift', () => {
	it('goes up one rung at a time, each once, and ends', () => {
		const ladder = new DriftLadder('normal');
		const rungs = Array.from({ length: 100 }, () => ladder.next({ score: 1 })).filter((rung) => rung !== undefined);
		assert.deepEqual(rungs, driftRungs);
	});

	it('begins where earlier attempts were, and wants more than one odd moment', () => {
		const ladder = new DriftLadder('normal', 3);
		assert.deepEqual(
			[1, 1, 0, 1, 1, 1].map((score) => ladder.next({ score })),
			[undefined, undefined, undefined, undefined, undefined, 'release'],
		);
	});

	it('is climbed by an agent that only talks, too', () => {
		const watch = new DriftWatch(task, 'normal');
		const rungs = times(300, (index) => [
			{ at: index * 3000, kind: 'message', text: index % 2 ? 'I begin now.' : 'Let me see.' },
		]).map((line) => watch.note(line)?.rung);
		assert.deepEqual(
			rungs.filter((rung) => rung !== undefined),
			['remind'],
			'nothing more before it was told',
		);
	});
});
