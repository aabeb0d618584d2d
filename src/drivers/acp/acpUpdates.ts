// Owns turning `session/update` into lines of the run's log. What it does not know it names once and lets pass.

import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';
import { createLineWriter } from './acpMessages.ts';
import type { Foreign } from './acpRead.ts';
import { numberAt, objectAt, objectsAt, textAt } from './acpRead.ts';
import type { ToolCalls } from './acpToolCalls.ts';
import { readTurnTokens } from './acpUsage.ts';

export interface Updates {
	/** One `update` of a session, in the order it came. */
	read(update: Foreign): void;
	/** Tokens of a whole turn, as some agents answer a prompt with them. */
	readTurnUsage(response: Foreign): void;
	/** Tells what is still held back. */
	flush(): void;
	/** Whether the agent said anything to the person; thoughts do not count. */
	readonly hasText: boolean;
	/** What the agent said since its last tool call, as the summary of its work. */
	readonly lastMessage: string;
}

const maximumSummary = 2_000;
const maximumOutput = 8_000;
/** Known and of no interest for a log. */
const quiet = new Set([
	'user_message_chunk',
	'available_commands_update',
	'config_option_update',
	'session_info_update',
	'compaction_summary_chunk',
]);

export function createUpdates(toolCalls: ToolCalls, tell: (update: DriverUpdate) => void): Updates {
	const lines = createLineWriter(tell);
	const unknown = new Set<string>();
	let lastMessage = '';
	let hasText = false;
	let isMessageOver = false;
	let toldPlan = '';
	let toldContext = '';

	const readMessage = (update: Foreign) => {
		const text = contentText(objectAt(update, 'content'));
		if (text.trim() !== '') {
			hasText = true;
		}
		lastMessage = isMessageOver ? text : lastMessage + text;
		isMessageOver = false;
		if (lastMessage.length > maximumSummary * 2) {
			lastMessage = lastMessage.slice(-maximumSummary);
		}
		lines.add('message', text);
	};
	const readToolCall = (update: Foreign) => {
		lines.flush();
		isMessageOver = true;
		toolCalls.seen(update);
		const output = toolOutput(update);
		if (output.trim() !== '') {
			const data = { toolCallId: displayLine(textAt(update, 'toolCallId') ?? '') };
			tell({ kind: 'output', text: output.slice(-maximumOutput), data });
		}
	};
	const readPlan = (update: Foreign) => {
		const entries = objectsAt(update, 'entries').slice(0, 200);
		const text = entries
			.map((entry) => `[${planMark(entry)}] ${displayLine(textAt(entry, 'content') ?? '')}`)
			.join('\n');
		if (text !== toldPlan) {
			toldPlan = text;
			lines.flush();
			tell({ kind: 'plan', text, data: { entries: entries.map(planEntry) } });
		}
	};
	/** Agents tell their context after each step, changed or not. */
	const tellContext = (update: Foreign) => {
		const text = contextText(update);
		if (text !== '' && text !== toldContext) {
			toldContext = text;
			tell({ kind: 'usage', text, data: contextData(update) });
		}
	};
	const readOther = (name: string, update: Foreign) => {
		if (name === 'current_mode_update') {
			tell({ kind: 'note', text: `Mode: ${displayLine(textAt(update, 'currentModeId') ?? 'unknown')}` });
		} else if (name === 'notice') {
			const parts = [textAt(update, 'title'), textAt(update, 'description')].filter((part) => part !== undefined);
			tell({ kind: 'note', text: `The agent says: ${displayLine(parts.join(': ') || 'nothing', 1_000)}` });
		} else if (name === 'compaction_update') {
			tell({
				kind: 'note',
				text: `The agent shortens its context: ${displayLine(textAt(update, 'status') ?? '')}`,
			});
		} else if (!quiet.has(name) && !unknown.has(name) && unknown.size < 50) {
			unknown.add(name);
			tell({
				kind: 'note',
				text: `The agent sent an update of a kind that is not known here: ${displayLine(name, 80)}`,
			});
		}
	};
	return {
		get hasText() {
			return hasText;
		},
		get lastMessage() {
			const text = lastMessage.trim();
			return text.length > maximumSummary ? `…${text.slice(1 - maximumSummary)}` : text;
		},
		flush() {
			lines.flush();
			// What comes in the next turn is another message.
			isMessageOver = true;
		},
		read(update) {
			const name = textAt(update, 'sessionUpdate') ?? 'an update without a name';
			switch (name) {
				case 'agent_message_chunk':
					readMessage(update);
					break;
				case 'agent_thought_chunk':
					lines.add('thought', contentText(objectAt(update, 'content')));
					break;
				case 'tool_call':
				case 'tool_call_update':
					readToolCall(update);
					break;
				case 'plan':
					readPlan(update);
					break;
				case 'usage_update':
					tellContext(update);
					break;
				default:
					readOther(name, update);
			}
		},
		readTurnUsage(response) {
			// Two turns that took the same are still two turns.
			const used = readTurnTokens(response);
			if (used !== undefined) {
				tell({ kind: 'usage', text: used.text, data: used.tokens });
			}
		},
	};
}

/** Text of a content block; anything that is not text is named. */
function contentText(content: Foreign | undefined): string {
	const text = textAt(content, 'text');
	if (content?.['type'] === 'text' || (content !== undefined && content['type'] === undefined)) {
		return text ?? '';
	}
	const type = displayLine(textAt(content, 'type') ?? 'content', 40);
	const name =
		textAt(content, 'uri') ?? textAt(objectAt(content, 'resource'), 'uri') ?? textAt(content, 'mimeType') ?? '';
	return content === undefined ? '' : `[${type} ${displayLine(name)}]`;
}

/**
 * What a tool call shows as its output: its content once it is final (until then agents repeat it as it grows), and the
 * terminals nobody created, whose output some agents put into `_meta`.
 */
function toolOutput(update: Foreign): string {
	const isFinal = ['completed', 'failed'].includes(textAt(update, 'status') ?? '');
	const texts = objectsAt(update, 'content').flatMap((item) =>
		isFinal && item['type'] === 'content' ? [contentText(objectAt(item, 'content'))] : [],
	);
	for (const [key, value] of Object.entries(objectAt(update, '_meta') ?? {})) {
		if (key.startsWith('terminal_output')) {
			texts.push(typeof value === 'string' ? value : (textAt(value, 'data') ?? textAt(value, 'output') ?? ''));
		}
	}
	return texts.join('\n');
}

function planMark(entry: Foreign): string {
	const status = textAt(entry, 'status');
	return status === 'completed' ? 'x' : status === 'in_progress' ? '>' : ' ';
}

function planEntry(entry: Foreign) {
	return {
		content: displayLine(textAt(entry, 'content') ?? ''),
		status: displayLine(textAt(entry, 'status') ?? 'pending', 40),
		priority: displayLine(textAt(entry, 'priority') ?? 'medium', 40),
	};
}

function contextText(update: Foreign): string {
	const used = numberAt(update, 'used');
	const size = numberAt(update, 'size');
	const cost = objectAt(update, 'cost');
	const amount = numberAt(cost, 'amount');
	return [
		used === undefined ? '' : `Context: ${used}${size === undefined ? '' : ` of ${size}`} tokens`,
		amount === undefined ? '' : `Cost: ${amount} ${displayLine(textAt(cost, 'currency') ?? '', 10)}`.trim(),
	]
		.filter((part) => part !== '')
		.join(', ');
}

function contextData(update: Foreign): Readonly<Record<string, unknown>> {
	const cost = objectAt(update, 'cost');
	return {
		used: numberAt(update, 'used'),
		size: numberAt(update, 'size'),
		cost: numberAt(cost, 'amount'),
		currency: displayLine(textAt(cost, 'currency') ?? '', 10),
	};
}
