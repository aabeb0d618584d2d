// Owns what a report of a fault says: versions, state, settings and the last of the log, with everything private taken out. Pure.

import type { PrivateNames } from '../base/redact.ts';
import { redact } from '../base/redact.ts';

export interface IssueFacts {
	/** Names and values in the order in which they are told. */
	readonly facts: Readonly<Record<string, string>>;
	/** Settings that differ from their defaults. */
	readonly settings: Readonly<Record<string, unknown>>;
	readonly log: readonly string[];
	readonly names: PrivateNames;
}

/** Markdown for an issue; the person writes the first part and may strike out of the rest. */
export function buildIssueReport({ facts, settings, log, names }: IssueFacts): string {
	const told = [
		...Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`),
		...Object.entries(settings).map(([name, value]) => `- \`${name}\`: \`${JSON.stringify(value)}\``),
	];
	return [
		'## What happened',
		'',
		'(What did you do, what did you expect, what came instead?)',
		'',
		'## Diagnostics',
		'',
		'Names, folders and whatever looks like a key were taken out. Read it before you send it.',
		'',
		...told.map((line) => redact(line, names)),
		'',
		'```text',
		redact(log.join('\n'), names).replaceAll('```', "'''"),
		'```',
		'',
	].join('\n');
}
