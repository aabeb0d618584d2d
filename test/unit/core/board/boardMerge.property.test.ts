// Checks the three-way merge of a record against everything three sides can say: nothing of the file is lost without a word, nothing
// of the ledger is overwritten, and who changed nothing gets nothing changed.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../../src/base/json.ts';
import { jsonEquals } from '../../../../src/base/json.ts';
import type { Occurrence } from '../../../../src/core/board/boardDiff.ts';
import { readBoard } from '../../../../src/core/board/boardFile.ts';
import type { MergeFacts, RecordMerge } from '../../../../src/core/board/boardMerge.ts';
import { mergeRecord } from '../../../../src/core/board/boardMerge.ts';
import { renderRecord, taskFromRecord } from '../../../../src/core/board/boardRecord.ts';
import type { StoredTask } from '../../../../src/core/task/task.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import { boardOfStatus } from '../../../../src/core/task/taskStatus.ts';

/** Keys of ours with values that mean something of their own, and keys that only the author of a file knows. */
const fields = fc.record(
	{
		name: fc.string(),
		description: fc.string(),
		notes: fc.string(),
		priority: fc.constantFrom('CRITICAL', 'HIGH', 'MEDIUM', 'LOW'),
		tags: fc.uniqueArray(fc.constantFrom('x', 'y', 'ünïcödé', 'two words'), { maxLength: 3 }),
		task_type: fc.constantFrom('task', 'bug', 'chore'),
		theirs: fc.jsonValue({ maxDepth: 2 }),
		'own key': fc.jsonValue({ maxDepth: 2 }),
	},
	{ requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const base: JsonObject = {
	task_id: 'A',
	name: 'do A',
	description: '',
	status: 'READY',
	priority: 'MEDIUM',
	task_type: 'task',
	dependencies: [],
	tags: [],
	notes: 'a note',
	theirs: 1,
	'own key': ['x'],
};

function occurrence(record: JsonObject): Occurrence {
	const reading = readBoard(JSON.stringify([record]), { file: 'x.json', board: 'task_ready_queue' });
	return { board: 'task_ready_queue', entry: reading.entries[0] ?? assert.fail('no entry') };
}

function stored(record: JsonObject): StoredTask {
	const task = taskFromRecord(record).task ?? newTask({ task_id: 'A', name: '' });
	const board = boardOfStatus[task.status];
	return { task, record: renderRecord(task, record), board, position: 0, epoch: 0, run_id: null, sequence: 1 };
}

function merge(file: JsonObject, ledger: JsonObject, more: Partial<MergeFacts> = {}): RecordMerge {
	const change = { id: 'A', before: occurrence(base), after: occurrence(file) };
	const facts = { stored: stored(ledger), isUntouched: false, busyWorker: undefined, agents: new Set<string>() };
	return mergeRecord(change, { ...facts, ...more });
}

const changedKeys = (side: JsonObject): string[] =>
	Object.keys(side).filter((key) => !jsonEquals(side[key], base[key]));

describe('merging a record three ways', () => {
	it('changes nothing for a file that changed nothing', () => {
		fc.assert(
			fc.property(fields, (ledger) => {
				const merged = merge(base, { ...base, ...ledger });
				assert.deepEqual([merged.patch, merged.moves, merged.refusals], [{}, [], []]);
				assert.ok(jsonEquals(merged.record, stored({ ...base, ...ledger }).record));
			}),
		);
	});

	it('takes over all that only the file changed, and keeps all that only the ledger changed', () => {
		fc.assert(
			fc.property(fields, fields, (inFile, inLedger) => {
				const mine = changedKeys(inFile);
				const theirs = changedKeys(inLedger);
				const merged = merge({ ...base, ...inFile }, { ...base, ...inLedger });
				for (const key of mine.filter((each) => !theirs.includes(each))) {
					assert.ok(jsonEquals(merged.record[key], inFile[key]), key);
				}
				for (const key of theirs) {
					assert.ok(jsonEquals(merged.record[key], inLedger[key]), key);
				}
			}),
		);
	});

	it('tells every value of the file that it did not take over, with the value', () => {
		fc.assert(
			fc.property(fields, fields, (inFile, inLedger) => {
				const { refusals, record } = merge({ ...base, ...inFile }, { ...base, ...inLedger });
				for (const key of changedKeys(inFile)) {
					const isTaken = jsonEquals(record[key], inFile[key]);
					const isTold = refusals.some(({ field, value }) => field === key && jsonEquals(value, inFile[key]));
					assert.ok(isTaken || isTold, `${key} is neither in the record nor told`);
				}
			}),
		);
	});

	it('never throws and never changes what it was given, whatever stands in the file', () => {
		const wild = fc.dictionary(
			fc.oneof(
				fc.string({ unit: 'binary' }),
				fc.constantFrom(...Object.keys(base), '__proto__', 'state', 'result'),
			),
			fc.jsonValue() as fc.Arbitrary<JsonValue>,
		) as fc.Arbitrary<JsonObject>;
		fc.assert(
			fc.property(
				wild,
				fields,
				fc.option(fc.constant('Agent-1')),
				fc.boolean(),
				(file, ledger, worker, isUntouched) => {
					const before = stored({ ...base, ...ledger });
					const copy = structuredClone(before);
					const merged = merge(
						{ ...file, task_id: 'A' },
						{},
						{
							stored: before,
							busyWorker: worker ?? undefined,
							isUntouched,
						},
					);
					assert.deepEqual(before, copy);
					assert.ok(merged.refusals.every(({ message, advice }) => message !== '' && advice !== ''));
					if (worker !== null) {
						assert.deepEqual(merged.moves, [], 'no file moves what an agent works on');
					}
				},
			),
		);
	});
});
