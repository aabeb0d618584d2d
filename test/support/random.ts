// Owns repeatable chance for tests: the same seed gives the same values on every machine.

import type { JsonObject, JsonValue } from '../../src/base/json.ts';

const words = [
	'',
	'a',
	'Task',
	'ünïcödé',
	'🚀',
	'\u0000',
	'\ud800',
	'"quoted"',
	'back\\slash',
	'line\nbreak',
	'<b>x</b>',
	'{{NOW}}',
	'[x]',
	'   ',
	'1e400',
];
const keys = [
	'id',
	'name',
	'title',
	'task',
	'description',
	'details',
	'status',
	'state',
	'priority',
	'task_type',
	'type',
	'action',
	'tags',
	'dependencies',
	'depends_on',
	'deps',
	'assigned_agent',
	'assigned_to',
	'owner',
	'claimed_by',
	'params',
	'validation',
	'attempts',
	'max_attempts',
	'budget',
	'notes',
	'result',
	'result_summary',
	'completion_summary',
	'block_reason',
	'blocker_reason',
	'created_at',
	'timestamp_created',
	'timestamp_updated',
	'completed_at',
	'timestamp_completed_utc',
	'required_capabilities',
	'created_by',
	'history',
	'zeta',
	'__proto__',
	'constructor',
	'dreamos_notes',
	'toString',
];
const telling: readonly JsonValue[] = [
	'PENDING',
	'todo',
	'WORKING',
	'BLOCKED',
	'URGENT',
	'High',
	'Agent 3',
	'cursor_2',
	'2024-07-30T12:00:00Z',
	'2025-04-29T20:21:21.378+00:00Z',
	1,
	2,
	3,
	-1,
	1.5,
	null,
	true,
	[],
	{},
	['A', 'B'],
	['A', 1],
	{ run: ['x'] },
	{ run: 'x' },
	{ commands: 'y' },
	{ kind: 'budget', text: 't' },
	{ summary: 's' },
];

/** mulberry32: small, and good enough to visit the corners. */
export class Random {
	private state: number;

	constructor(seed: number) {
		this.state = seed;
	}

	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let value = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
		return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
	}

	below(limit: number): number {
		return Math.floor(this.next() * limit);
	}

	pick<T>(list: readonly T[]): T {
		return list[this.below(list.length)] as T;
	}

	text(): string {
		return Array.from({ length: this.below(4) }, () => this.pick(words)).join(this.pick(['', ' ', '-']));
	}

	value(depth = 0): JsonValue {
		switch (this.below(depth > 3 ? 4 : 7)) {
			case 0:
				return this.text();
			case 1:
				return this.pick(telling);
			case 2:
				return this.below(1000) - 500;
			case 3:
				return this.pick([null, true, false]);
			case 4:
				return Array.from({ length: this.below(4) }, () => this.value(depth + 1));
			default:
				return this.object(depth + 1);
		}
	}

	object(depth = 0): JsonObject {
		return Object.fromEntries(
			Array.from({ length: this.below(5) }, () => [this.pick([...keys, this.text()]), this.value(depth)]),
		);
	}

	/** A record such as nobody sane would write, with the id given. */
	record(id: string): JsonObject {
		const entries: [string, JsonValue][] = [[this.pick(['task_id', 'id']), id]];
		for (let count = this.below(14); count > 0; count--) {
			const key = this.pick(keys);
			if (key !== 'id') {
				entries.push([key, this.next() < 0.6 ? this.pick(telling) : this.value()]);
			}
		}
		return Object.fromEntries(entries);
	}
}
