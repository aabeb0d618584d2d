// Owns how answers and errors read for a model: JSON without what says nothing, never more than it can read, and an error with its
// code and what to do next.

import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describeError, isDreamError } from '../base/errors.ts';
import type { Task } from '../core/task/task.ts';
import type { Tool } from './tool.ts';

/** Characters of one answer. */
const answerLimit = 60_000;
const shownEvents = 30;
const shownRuns = 5;

const text = (value: string) => ({ type: 'text' as const, text: value });

/** The answer of a tool; `input` is what the action was given. */
export function toolAnswer(tool: Tool, answer: unknown, input: Readonly<Record<string, unknown>>): CallToolResult {
	const json = JSON.stringify(withoutNothing(shorten(tool.action, answer, input)));
	const shown =
		json.length > answerLimit
			? `${json.slice(0, answerLimit)}\n[… ${json.length - answerLimit} characters cut: ask for less …]`
			: json;
	return { content: [text(shown), ...(tool.closing === undefined ? [] : [text(tool.closing)])] };
}

/** An error a model can act on: `code: message advice`, and the same as data. */
export function toolError(error: unknown): CallToolResult {
	const known = isDreamError(error);
	const code = known ? error.code : 'internal.error';
	return {
		isError: true,
		content: [text(`${code}: ${describeError(error)}`)],
		structuredContent: {
			error: {
				code,
				message: known ? error.message : describeError(error),
				advice: known ? (error.advice ?? null) : null,
				details: known ? (JSON.parse(JSON.stringify(error.details)) as object) : {},
			},
		},
	};
}

function shorten(action: string, answer: unknown, input: Readonly<Record<string, unknown>>): unknown {
	switch (action) {
		case 'task.list':
			return listPage(answer as readonly Task[], Number(input['limit']), Number(input['offset']));
		case 'task.show': {
			const { runs, history, ...task } = answer as {
				readonly runs: readonly Record<string, unknown>[];
				readonly history: readonly Record<string, unknown>[];
			};
			return {
				...task,
				runs: runs.slice(0, shownRuns).map(({ gates: _gates, ...run }) => run),
				history: history.slice(-shownEvents).map(({ at, actor, message }) => ({ at, actor, message })),
			};
		}
		case 'agent.list':
			// Not how they are run: the command and environment of another agent are nobody's business.
			return (answer as readonly Record<string, unknown>[]).map(
				({ id, name, role, capabilities, state, task_id }) => ({
					id,
					name,
					role,
					capabilities,
					state,
					task_id,
				}),
			);
		default:
			return answer;
	}
}

function listPage(tasks: readonly Task[], limit: number, offset: number) {
	return {
		total: tasks.length,
		offset,
		tasks: tasks
			.slice(offset, offset + limit)
			.map(({ task_id, status, priority, name, claimed_by, assigned_agent }) => ({
				task_id,
				status,
				priority,
				name,
				claimed_by,
				assigned_agent,
			})),
	};
}

/** The value without fields that are null, empty text, empty lists or empty objects. */
function withoutNothing(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(withoutNothing);
	}
	if (typeof value !== 'object' || value === null) {
		return value;
	}
	return Object.fromEntries(
		Object.entries(value)
			.map(([key, each]) => [key, withoutNothing(each)] as const)
			.filter(([, each]) => !isNothing(each)),
	);
}

function isNothing(value: unknown): boolean {
	return (
		value === null ||
		value === undefined ||
		value === '' ||
		(Array.isArray(value) && value.length === 0) ||
		(typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0)
	);
}
