// Owns the JSON Schemas of the files people edit: made from the one zod schema of a task and of an agent when the product is built,
// shipped, and contributed to the editor, which completes and explains by them. A schema refuses no board that the reader takes.

import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { agentSchema } from '../agent/agent.ts';
import { policyFileSchema } from '../policy/policyRule.ts';
import type { Task } from '../task/task.ts';
import { taskSchema } from '../task/task.ts';
import type { PlainFieldName } from './recordFields.ts';
import { recordFields, spareKey } from './recordFields.ts';

/** Goes up when a field changes its meaning; a field more is no new version. */
const schemaVersion = 1;

const anything = z.unknown();
const text = z.union([z.string(), z.null()]);
const idItem = z.union([
	z.string(),
	z.number(),
	z.looseObject({ task_id: z.union([z.string(), z.number()]) }),
	z.looseObject({ id: z.union([z.string(), z.number()]) }),
]);
const time = z.union([z.string(), z.number(), z.null()]);
const words = z.union([z.string(), z.array(z.string()), z.null()]);
const noObject = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.unknown())]);
const otherThanList = z.union([z.string(), z.number(), z.boolean(), z.null(), z.looseObject({})]);

/** What a board may hold under a field's own key besides the field as the ledger keeps it. What a word means is for the reader to say. */
const looseForms: Readonly<Record<keyof Task, z.ZodType>> = {
	task_id: z.number(),
	name: z.union([text, z.number(), z.boolean()]),
	description: z.union([text, z.number(), z.boolean()]),
	status: text,
	priority: z.union([text, z.number()]),
	task_type: z.union([text, z.number(), z.boolean()]),
	category: anything,
	tags: words,
	assigned_agent: text,
	claimed_by: text,
	dependencies: z.union([idItem, z.array(idItem), z.null()]),
	parent: z.union([idItem, z.null()]),
	required_capabilities: words,
	touches: otherThanList,
	due: time,
	estimate: z.union([z.string(), z.boolean(), z.null(), z.array(z.unknown()), z.looseObject({})]),
	pinned: anything,
	attempts: z.null(),
	max_attempts: z.null(),
	budget: z.null(),
	validation: z.union([noObject, z.looseObject({ commands: z.string() })]),
	action: anything,
	params: z.union([noObject, z.looseObject({ run: z.string() })]),
	context: otherThanList,
	block_reason: anything,
	result: noObject,
	source: anything,
	notes: anything,
	created_by: text,
	created_at: time,
	updated_by: text,
	updated_at: time,
	claimed_at: time,
	started_at: time,
	completed_by: text,
	completed_at: time,
};

/** JSON Schema of a board file: a list of tasks under our names or any the reader knows, with whatever else their authors keep. */
export function boardFileSchema(): JsonObject {
	const properties: JsonObject = {};
	const aliases: JsonObject = {};
	for (const field of Object.keys(taskSchema.shape) as (keyof Task)[]) {
		const strict = taskSchema.shape[field];
		const { description, ...strictSchema } = toJsonSchema(strict);
		properties[field] = {
			...(description === undefined ? {} : { description }),
			anyOf: [strictSchema, toJsonSchema(looseForms[field])],
		};
		for (const key of aliasesOf(field)) {
			aliases[key] = { description: `Read as ${field}.`, doNotSuggest: true };
		}
	}
	return {
		$schema: 'http://json-schema.org/draft-07/schema#',
		$id: `urn:dreamos:schema:task-board:${schemaVersion}`,
		title: 'Dream.OS task board',
		description: 'Tasks of one board. Keys that are not listed here belong to their author and are kept.',
		type: ['array', 'object'],
		items: { type: 'object', properties: { ...aliases, ...properties }, defaultSnippets: [newTaskSnippet] },
	};
}

/** JSON Schema of runtime/agents.json. */
export function agentsFileSchema(): JsonObject {
	return {
		$schema: 'http://json-schema.org/draft-07/schema#',
		$id: `urn:dreamos:schema:agents:${schemaVersion}`,
		title: 'Dream.OS agents',
		type: ['array', 'object'],
		items: toJsonSchema(agentSchema),
	};
}

/** JSON Schema of .dreamos/policies.yaml, for editors that complete YAML. */
export function policiesFileSchema(): JsonObject {
	return {
		$schema: 'http://json-schema.org/draft-07/schema#',
		$id: `urn:dreamos:schema:policies:${schemaVersion}`,
		title: 'Dream.OS permission rules',
		...toJsonSchema(policyFileSchema),
	};
}

const newTaskSnippet: JsonObject = {
	label: 'New task',
	description: 'A task that waits in the backlog',
	body: {
		task_id: '${1:TASK-unique}',
		name: '${2:What is to be done}',
		description: '$3',
		status: 'PENDING',
		priority: '${4|CRITICAL,HIGH,MEDIUM,LOW|}',
		dependencies: [],
	},
};

function aliasesOf(field: keyof Task): readonly string[] {
	const plain = Object.hasOwn(recordFields, field) ? recordFields[field as PlainFieldName] : undefined;
	const keys = [...(plain?.keys ?? []), ...(plain?.borrowed ?? []), spareKey(field)];
	return keys.filter((key) => !Object.hasOwn(taskSchema.shape, key));
}

function toJsonSchema(schema: z.ZodType): JsonObject {
	const made = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) as JsonValue;
	const { $schema: _dialect, ...rest } = isJsonObject(made) ? made : {};
	return rest;
}
