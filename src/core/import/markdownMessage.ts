// Owns messages written as Markdown: a head of `Key: value` lines (bold, plain, or between dashes) and the text below it. Which files
// are read as messages follows from the folder: prose elsewhere is prose.

import type { JsonObject } from '../../base/json.ts';

/** Spelling in the head, lower case, to the key a message in JSON has. */
const headKeys: ReadonlyMap<string, string> = new Map([
	['from', 'from'],
	['to', 'to'],
	['priority', 'priority'],
	['message id', 'message_id'],
	['timestamp', 'timestamp'],
	['date', 'timestamp'],
	['subject', 'subject'],
	['type', 'type'],
]);

const headLine = /^(?:\*\*)?([A-Za-z][A-Za-z ]{0,30}?)(?:\*\*:|:\*\*|:)\s*(\S.*)$/u;

/** Of a message that is a list of orders the first one says how urgent it is. */
const pointPriority = /^[ \t]*[*-][ \t]+\*\*Priority:\*\*[ \t]*([A-Za-z]+)/mu;

/** The head stands at the top: what looks like one further down is part of the text. */
const headLength = 20;

const messageFolders = /(?:^|\/)(?:agent_mailboxes|broadcasts|supervisor_outgoing|inbox|processed_messages|mailbox)\//u;

/** Whether a Markdown or text file in this folder is a message. */
export function isMarkdownMessage(file: string): boolean {
	return /\.(?:md|txt)$/u.test(file) && messageFolders.test(file);
}

export function readMarkdownMessage(text: string): JsonObject {
	const head: JsonObject = {};
	for (const line of text.split(/\r?\n/u, headLength)) {
		const [, name, value] = headLine.exec(line.trimEnd()) ?? [];
		const key = name === undefined ? undefined : headKeys.get(name.toLowerCase());
		if (key !== undefined && value !== undefined && !Object.hasOwn(head, key)) {
			// A comment of the template behind the value is no part of it.
			head[key] = value.replace(/\s+# .*$/u, '').trim();
		}
	}
	const [, priority] = Object.hasOwn(head, 'priority') ? [] : (pointPriority.exec(text) ?? []);
	return { ...head, ...(priority === undefined ? {} : { priority }), body: text };
}
