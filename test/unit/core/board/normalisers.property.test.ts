// Checks the normalisers against everything there can be: whatever is read, the answer is one of ours, and reading it again changes
// nothing.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../../../src/base/json.ts';
import { everybody, normaliseAgent } from '../../../../src/core/board/normaliseAgent.ts';
import { normalisePriority } from '../../../../src/core/board/normalisePriority.ts';
import { normaliseStatus } from '../../../../src/core/board/normaliseStatus.ts';
import { isPlaceholder, normaliseTime } from '../../../../src/core/board/normaliseTime.ts';
import { taskPriorities } from '../../../../src/core/task/taskPriority.ts';
import { taskStatuses } from '../../../../src/core/task/taskStatus.ts';

const anything = fc.oneof(fc.jsonValue() as fc.Arbitrary<JsonValue>, fc.string({ unit: 'binary' }));
/** Spaces and dashes around and within, and any case: how people spell the same word. */
const spelled = (word: string): fc.Arbitrary<string> =>
	fc
		.tuple(
			fc.constantFrom('', ' ', '\t'),
			fc.constantFrom('_', ' ', '-'),
			fc.boolean(),
			fc.constantFrom('', 'Status.'),
		)
		.map(([space, joint, isSmall, prefix]) => {
			const text = word.replaceAll('_', joint);
			return `${space}${prefix}${isSmall ? text.toLowerCase() : text}${space}`;
		});

describe('normalising', () => {
	it('reads any status as one of ours, as missing, or as unknown', () => {
		fc.assert(
			fc.property(anything, (raw) => {
				const reading = normaliseStatus(raw);
				assert.ok(reading.kind !== 'known' || taskStatuses.includes(reading.status));
			}),
		);
		fc.assert(
			fc.property(
				fc.constantFrom(...taskStatuses).chain((status) => fc.tuple(fc.constant(status), spelled(status))),
				([status, text]) => assert.deepEqual(normaliseStatus(text), { kind: 'known', status }),
			),
		);
	});

	it('reads any priority as one of ours, as missing, or as none; a higher number is never more urgent', () => {
		fc.assert(
			fc.property(anything, (raw) => {
				const priority = normalisePriority(raw);
				assert.ok(priority === null || priority === undefined || taskPriorities.includes(priority));
				assert.equal(normalisePriority(priority), priority ?? null);
			}),
		);
		fc.assert(
			fc.property(fc.double({ min: 0, noNaN: true }), fc.double({ min: 0, noNaN: true }), (left, right) => {
				const [first, second] = [Math.min(left, right), Math.max(left, right)].map((each) => {
					const priority = normalisePriority(each);
					return priority === null || priority === undefined ? Infinity : taskPriorities.indexOf(priority);
				});
				assert.ok((first ?? 0) <= (second ?? 0));
			}),
		);
	});

	it('reads any time as a moment in UTC, as not known, or as none, and the same again', () => {
		fc.assert(
			fc.property(anything, (raw) => {
				const time = normaliseTime(raw);
				if (typeof time === 'string') {
					assert.equal(new Date(time).toISOString(), time);
					assert.equal(normaliseTime(time), time);
				}
			}),
		);
		const years = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
		fc.assert(
			fc.property(fc.date(years), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, minutes) => {
				assert.equal(normaliseTime(date.toISOString()), date.toISOString());
				// The same moment, told by somebody in another zone.
				const there = new Date(date.getTime() + minutes * 60_000);
				fc.pre(there.getUTCFullYear() >= 1 && there.getUTCFullYear() <= 9999);
				const pad = (value: number) => String(Math.abs(value)).padStart(2, '0');
				const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
				assert.equal(normaliseTime(there.toISOString().replace('Z', zone)), date.toISOString());
			}),
		);
	});

	it('reads any name of an agent as an id or as nobody, and the same again; who is registered keeps the name', () => {
		const names = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc
				.tuple(
					fc.constantFrom('Agent', 'agent_', 'Captain-Agent-', 'cursor ', 'Supervisor', 'co-captain agent'),
					fc.nat(),
				)
				.map(([word, number]) => `${word}${number}`),
			fc.constantFrom('ALL', 'broadcast to all', 'Thea', 'none', 'N/A', '[TBD]', '{{AGENT}}', 'captain'),
		);
		fc.assert(
			fc.property(names, (raw) => {
				const id = normaliseAgent(raw);
				assert.ok(id === null || id.trim() !== '');
				assert.equal(id === null ? null : normaliseAgent(id), id);
				assert.equal(normaliseAgent(raw, new Set([raw.trim()])), raw.trim());
				assert.ok(id !== everybody || !isPlaceholder(raw));
			}),
		);
	});
});
