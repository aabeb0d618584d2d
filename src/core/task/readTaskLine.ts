// Owns the one-line form of a task: a name, and at its end marks such as `!high @Agent-2 #auth`. What is no mark stays part of the
// name; nothing typed is ever an error.

import type { TaskPriority } from './taskPriority.ts';
import { taskPriorities } from './taskPriority.ts';

export interface TaskLine {
	readonly name: string;
	readonly priority?: TaskPriority;
	readonly assigned_agent?: string;
	readonly tags: readonly string[];
}

/** Reads a line. Marks count at its end only, so that a name may speak of `#include`; `agents` are the ids that may be meant. */
export function readTaskLine(line: string, agents: readonly string[]): TaskLine {
	const words = line.trim().split(/\s+/u);
	const tags: string[] = [];
	let priority: TaskPriority | undefined;
	let agent: string | undefined;
	while (words.length > 1) {
		const word = words.at(-1) ?? '';
		const named = word.startsWith('@') ? agentNamed(word.slice(1), agents) : undefined;
		const urgency = word.startsWith('!') ? priorityNamed(word.slice(1)) : undefined;
		if (named !== undefined && agent === undefined) {
			agent = named;
		} else if (urgency !== undefined && priority === undefined) {
			priority = urgency;
		} else if (/^#[\p{L}_][\p{L}\p{N}_./-]*$/u.test(word)) {
			tags.unshift(word.slice(1));
		} else {
			break;
		}
		words.pop();
	}
	return {
		name: words.join(' '),
		tags: [...new Set(tags)],
		...(priority === undefined ? {} : { priority }),
		...(agent === undefined ? {} : { assigned_agent: agent }),
	};
}

const agentNamed = (text: string, agents: readonly string[]) =>
	agents.find((id) => id.toLowerCase() === text.toLowerCase());

/** `!h` is enough: no two priorities begin alike. */
const priorityNamed = (text: string): TaskPriority | undefined =>
	text === '' ? undefined : taskPriorities.find((each) => each.startsWith(text.toUpperCase()));
