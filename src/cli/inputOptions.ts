// Owns how an action's input schema becomes flags and positionals, and how their texts become input again.

import { Argument, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import type { DefinedAction } from '../core/actions/action.ts';

interface Field {
	readonly name: string;
	readonly isRequired: boolean;
	readonly description: string;
	readonly inner: z.core.$ZodType;
}

/** The schema without optional, default and the like. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
		return unwrap(schema.unwrap());
	}
	return schema;
}

function fieldsOf(action: DefinedAction): Field[] {
	return Object.entries(action.input.shape as Readonly<Record<string, z.ZodType>>).map(([name, schema]) => ({
		name,
		isRequired: !(schema instanceof z.ZodOptional || schema instanceof z.ZodDefault),
		description: schema.description ?? '',
		inner: unwrap(schema),
	}));
}

/** Comes from the environment of the agent that calls; the action says when it is missing. */
const callerField = 'run_id';

const flagName = (name: string): string => name.replaceAll('_', '-');

function parseNumber(text: string): number {
	const value = Number(text);
	if (text.trim() === '' || Number.isNaN(value)) {
		throw new InvalidArgumentError('It must be a number.');
	}
	return value;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new InvalidArgumentError(`It must be JSON (${error instanceof Error ? error.message : String(error)}).`);
	}
}

function optionFor(field: Field): Option {
	const flag = `--${flagName(field.name)}`;
	const { inner } = field;
	if (inner instanceof z.ZodBoolean) {
		return new Option(flag, field.description);
	}
	if (inner instanceof z.ZodArray) {
		return new Option(`${flag} <text>`, `${field.description} (repeatable)`).argParser(
			(text: string, before: string[] | undefined) => [...(before ?? []), text],
		);
	}
	if (inner instanceof z.ZodEnum) {
		return new Option(`${flag} <word>`, field.description).choices(inner.options.map(String));
	}
	if (inner instanceof z.ZodNumber) {
		return new Option(`${flag} <number>`, field.description).argParser(parseNumber);
	}
	if (inner instanceof z.ZodString) {
		return new Option(`${flag} <text>`, field.description);
	}
	return new Option(`${flag} <json>`, field.description).argParser(parseJson);
}

export interface ActionInput {
	readonly positionals: readonly Argument[];
	readonly options: readonly Option[];
	/** Input of the action from what commander read. */
	collect(positionals: readonly unknown[], options: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** Flags and positionals of an action. A required field that is no positional becomes a mandatory flag. */
export function inputOptions(action: DefinedAction): ActionInput {
	const fields = fieldsOf(action);
	const positionalNames = action.terminal.positionals ?? [];
	const positionalFields = positionalNames.map((name) => {
		const field = fields.find((each) => each.name === name);
		if (field === undefined) {
			throw new Error(`Action ${action.id} names a positional ${name} that its input does not have.`);
		}
		return field;
	});
	const flagged = fields.filter(({ name }) => !positionalNames.includes(name));
	const options = flagged.map((field) => ({
		field,
		option: optionFor(field).makeOptionMandatory(field.isRequired && field.name !== callerField),
	}));
	const takesAll = (index: number) => action.terminal.takesAllWords === true && index === positionalFields.length - 1;
	return {
		positionals: positionalFields.map(({ name, description, isRequired, inner }, index) => {
			const word = `${flagName(name)}${takesAll(index) ? '...' : ''}`;
			const argument = new Argument(isRequired ? `<${word}>` : `[${word}]`, description);
			return inner instanceof z.ZodNumber ? argument.argParser(parseNumber) : argument;
		}),
		options: options.map(({ option }) => option),
		collect(positionals, values) {
			const input: Record<string, unknown> = {};
			positionalFields.forEach(({ name }, index) => {
				const given = positionals[index];
				const text = takesAll(index) && Array.isArray(given) ? given.join(' ') || undefined : given;
				if (text !== undefined) {
					input[name] = text;
				}
			});
			for (const { field, option } of options) {
				const value = values[option.attributeName()];
				if (value !== undefined) {
					input[field.name] = value;
				}
			}
			return input;
		},
	};
}
