// Owns how an action becomes a tool: its name, its input as JSON Schema, and which fields the session fills in by itself. It has
// no rule about tasks: whatever a tool does, the action does.

import * as z from 'zod';
import { DreamError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { findAction } from '../core/actions/catalogue.ts';

/** A choice of what a tool shows of its action. */
export interface ToolView {
	readonly action: string;
	/** Said to the model instead of the action's own description. */
	readonly description?: string;
	/** Fields that are not asked for: the session knows them. */
	readonly filled?: readonly string[];
	/** Fields that may be left out: then what the session knows stands there. */
	readonly usual?: readonly string[];
	/** Said after the answer: what follows for the caller. */
	readonly closing?: string;
	/** Whoever called it with success has nothing left to do. */
	readonly endsTurn?: true;
}

export interface Tool {
	readonly name: string;
	readonly action: string;
	readonly title: string;
	readonly description: string;
	readonly isReadOnly: boolean;
	readonly inputSchema: JsonObject;
	readonly closing: string | undefined;
	readonly endsTurn: boolean;
	/**
	 * The action's input from what a model gave and what its session knows. Fails with `action.badInput`, also for fields that do not
	 * exist.
	 */
	readInput(given: unknown, known: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** Inputs that are the tool's own: a whole board is too much for a model. */
export const listWindow = {
	limit: z.number().int().min(1).max(500).default(50).describe('How many are shown'),
	offset: z.number().int().nonnegative().default(0).describe('How many are left out before'),
};

/** The name of an action as a tool: `task_claim` for `task.claim`. */
export const toolName = (action: string): string => action.replaceAll('.', '_');

export function createTool(view: ToolView): Tool {
	const action = findAction(view.action);
	if (action === undefined) {
		throw new Error(`There is no action ${view.action}.`);
	}
	const shape: Record<string, z.ZodType> = { ...(action.input.shape as Readonly<Record<string, z.ZodType>>) };
	for (const name of view.filled ?? []) {
		delete shape[name];
	}
	for (const name of view.usual ?? []) {
		const field = shape[name];
		if (field !== undefined) {
			shape[name] = field.optional().describe(`${field.description ?? name}; your own when left out`);
		}
	}
	if (view.action === 'task.list') {
		Object.assign(shape, listWindow);
	}
	// A misspelt field is said, not ignored: a model learns from it.
	const schema = z.strictObject(shape);
	const name = toolName(action.id);
	return {
		name,
		action: action.id,
		title: action.title,
		description: view.description ?? action.description,
		isReadOnly: action.effect === 'read',
		inputSchema: jsonSchema(schema),
		closing: view.closing,
		endsTurn: view.endsTurn === true,
		readInput(given, known) {
			const parsed = schema.safeParse(given ?? {});
			if (!parsed.success) {
				const issues = parsed.error.issues.map(
					(issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`,
				);
				throw new DreamError('action.badInput', `${name} cannot use this input: ${issues.join('; ')}.`, {
					details: { tool: name, issues },
					advice: `It takes: ${Object.keys(shape).join(', ') || 'nothing'}.`,
				});
			}
			return { ...pick(known, view.usual), ...parsed.data, ...pick(known, view.filled) };
		},
	};
}

function pick(known: Readonly<Record<string, unknown>>, names: readonly string[] = []): Record<string, unknown> {
	return Object.fromEntries(names.map((name) => [name, known[name]]));
}

function jsonSchema(schema: z.ZodType): JsonObject {
	const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
	return JSON.parse(JSON.stringify(rest)) as JsonObject;
}
