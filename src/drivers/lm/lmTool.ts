// Owns what a tool is that we give to a language model: its input is checked before it runs, and whatever goes wrong is an answer
// that the model can act on.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { parseJsonOrUndefined } from '../../base/json.ts';
import type { ModelTool } from '../../core/models/languageModel.ts';

export interface ToolReply {
	readonly text: string;
	/** The work is over with it. */
	readonly ends?: boolean;
}

export interface LmTool extends ModelTool {
	/** Does it. Rejects for what could not be done; the message goes to the model. `signal` aborts when the turn is cut. */
	run(input: JsonObject, signal: AbortSignal): Promise<ToolReply>;
}

/** A tool with its input as a schema. A misspelt field is said, not ignored: a model learns from it. */
export function defineTool<Shape extends z.ZodRawShape>(definition: {
	readonly name: string;
	readonly description: string;
	readonly input: Shape;
	run(input: z.output<z.ZodObject<Shape>>, signal: AbortSignal): Promise<string>;
}): LmTool {
	const schema = z.strictObject(definition.input);
	const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(schema, { io: 'input' });
	return {
		name: definition.name,
		description: definition.description,
		inputSchema: parseJsonOrUndefined(JSON.stringify(inputSchema)) as JsonObject,
		async run(input, signal) {
			const parsed = schema.safeParse(input);
			if (!parsed.success) {
				const issues = parsed.error.issues.map(
					(issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`,
				);
				throw new DreamError(
					'tool.badInput',
					`${definition.name} cannot use this input: ${issues.join('; ')}.`,
					{ advice: `It takes: ${Object.keys(definition.input).join(', ')}.` },
				);
			}
			return { text: await definition.run(parsed.data, signal) };
		},
	};
}
