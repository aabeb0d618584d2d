// Owns where messages stand: one to a file, lists in an inbox, `.msg` envelopes, Markdown with its head as `Key: value` lines. It
// counts and keeps them; a mailbox to put them in comes later.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';

export interface FoundMessage {
	readonly file: string;
	readonly pointer: string;
	/** The message as it stands; of a Markdown file the head, with the text as `body`. */
	readonly record: JsonObject;
	/** Whose mailbox the file lies in; undefined outside of one. */
	readonly owner: string | undefined;
}

/** Keys in the order in which they count. */
export const messageKeys = {
	sender: ['sender', 'sender_agent_id', 'sender_id', 'from', 'from_agent', 'from_agent_id', 'agent'],
	recipient: ['recipient', 'recipient_agent_id', 'recipient_id', 'target', 'to', 'to_agent', 'to_agent_id'],
	timestamp: ['timestamp', 'timestamp_utc', 'timestamp_utc_iso', 'timestamp_created', 'created_at', 'date'],
	type: ['message_type', 'type', 'event_type'],
	id: ['message_id', 'id', 'event_id'],
} as const;

const bodyKeys = ['content', 'body', 'message', 'payload', 'subject', 'details', 'text', 'data'] as const;

const has = (record: JsonObject, keys: readonly string[]): boolean => keys.some((key) => Object.hasOwn(record, key));

/** An object that goes from somebody to somebody, or from somebody and says something. */
export function isMessage(record: JsonObject): boolean {
	if (Object.hasOwn(record, 'task_id')) {
		return false;
	}
	const isSent = has(record, messageKeys.sender.slice(0, -1)) || Object.hasOwn(record, 'message_id');
	const isAddressed = has(record, messageKeys.recipient) || has(record, ['message_id', 'message_type', 'body']);
	return (isSent && isAddressed && has(record, bodyKeys)) || isAlert(record);
}

/** Alerts of two older tools name nobody they go to. */
function isAlert(record: JsonObject): boolean {
	const type = record['event_type'] ?? record['type'];
	return (
		typeof type === 'string' &&
		/ALERT|BLOCKER|ESCALATION/iu.test(type) &&
		(has(record, ['event_id', 'alert_id']) || has(record, ['agent', 'source_id'])) &&
		has(record, ['summary', 'data'])
	);
}

/** A message as a form to fill in, and a task that travels in one, are no mail. */
const isForm = (file: string): boolean => /template/iu.test(file.slice(file.lastIndexOf('/') + 1));

/** The task inside a message that defines or assigns one; a message that only tells of a task is none. */
export function taskInMessage(record: JsonObject): JsonObject | undefined {
	const kind = record['message_type'] ?? record['type'] ?? record['body_type'];
	if (
		typeof kind !== 'string' ||
		!/^(?:task|task_?(?:definition|assignment|handoff)|application\/dreamos-task)$/iu.test(kind)
	) {
		return undefined;
	}
	const body = record['body'] ?? record['content'] ?? record['payload'];
	return isJsonObject(body) && typeof body['task_id'] === 'string' && has(body, ['status', 'description', 'name'])
		? body
		: undefined;
}

const mailboxPath = /(?:^|\/)agent_mailboxes\/([^/]+)\//u;

/** The folder of the mailbox a file lies in. */
export function mailboxOwner(file: string): string | undefined {
	return mailboxPath.exec(file)?.[1];
}

/** Messages of a file's documents. */
export function findMessages(file: string, values: readonly JsonValue[]): FoundMessage[] {
	const owner = mailboxOwner(file);
	if (isForm(file)) {
		return [];
	}
	return values.flatMap((value, index) => {
		const start = values.length === 1 ? '' : `#${index}`;
		const list = isJsonObject(value) && !isMessage(value) ? value['messages'] : value;
		const inner = list === value ? start : `${start}/messages`;
		const items = Array.isArray(list)
			? list.map((record, position) => ({ record, pointer: `${inner}/${position}` }))
			: [{ record: list, pointer: inner }];
		return items.flatMap(({ record, pointer }) =>
			isJsonObject(record) && isMessage(record) && taskInMessage(record) === undefined
				? [{ file, pointer, record, owner }]
				: [],
		);
	});
}
