// Owns the figures about the messages that were found, in the keys of the older project's own reports.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { normaliseAgent } from '../board/normaliseAgent.ts';
import type { FoundMessage } from './findMessages.ts';
import { messageKeys } from './findMessages.ts';
import { none, Tally } from './taskTotals.ts';

const isoTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/u;

interface Given {
	readonly key: string;
	/** Undefined where the message has no such key. */
	readonly value: JsonValue | undefined;
}

function given(record: JsonObject, keys: readonly string[]): Given {
	const key = keys.find((each) => Object.hasOwn(record, each) && record[each] !== null);
	return key === undefined ? { key: none, value: undefined } : { key, value: record[key] };
}

const textOf = (value: JsonValue | undefined): string =>
	typeof value === 'string' ? value.trim() : value === undefined ? '' : JSON.stringify(value);

const unknown = '(unknown)';
const agent = (text: string): string => (text === '' ? null : normaliseAgent(text)) ?? unknown;

export function messageTotals(messages: readonly FoundMessage[]) {
	const tallies = {
		byRecipientNormalised: new Tally(),
		bySenderNormalised: new Tally(),
		recipientSpellings: new Tally(),
		senderSpellings: new Tally(),
		types: new Tally(),
		priorities: new Tally(),
		senderKeys: new Tally(),
		recipientKeys: new Tally(),
		timestampKeys: new Tally(),
		typeKeys: new Tally(),
		idKeys: new Tally(),
	};
	const ids = new Tally();
	let nonIsoTimestamps = 0;
	let missingTimestamp = 0;
	for (const { record, owner } of messages) {
		const sender = given(record, messageKeys.sender);
		const recipient = given(record, messageKeys.recipient);
		const time = given(record, messageKeys.timestamp);
		const type = given(record, messageKeys.type);
		const id = given(record, messageKeys.id);
		tallies.senderKeys.add(sender.key);
		tallies.recipientKeys.add(recipient.key);
		tallies.timestampKeys.add(time.key);
		tallies.typeKeys.add(type.key);
		tallies.idKeys.add(id.key);
		tallies.byRecipientNormalised.add(agent(textOf(recipient.value) || (owner ?? '')));
		tallies.bySenderNormalised.add(agent(textOf(sender.value)));
		if (recipient.value !== undefined) {
			tallies.recipientSpellings.add(textOf(recipient.value));
		}
		if (sender.value !== undefined) {
			tallies.senderSpellings.add(textOf(sender.value));
		}
		tallies.types.add(textOf(type.value) || none);
		tallies.priorities.add(textOf(record['priority'] ?? undefined) || 'None');
		if (id.value !== undefined) {
			ids.add(textOf(id.value));
		}
		if (time.value === undefined) {
			missingTimestamp++;
		} else if (!isoTime.test(textOf(time.value))) {
			nonIsoTimestamps++;
		}
	}
	return {
		total: messages.length,
		...(Object.fromEntries(Object.entries(tallies).map(([key, tally]) => [key, tally.toObject()])) as Record<
			keyof typeof tallies,
			Record<string, number>
		>),
		nonIsoTimestamps,
		missingTimestamp,
		duplicateMessageIds: Object.fromEntries(Object.entries(ids.toObject()).filter(([, count]) => count > 1)),
	};
}
