// Owns finding the kinds, commands and paths a tool call names: in its locations, its diffs, its raw input, its command line and what it says
// about itself. It judges words, not effects.

import { isJsonObject } from '../../base/json.ts';
import type { PlacedPath } from '../../core/policy/permissionRequest.ts';
import type { ToolKind } from '../../core/policy/policyRule.ts';
import { toolKinds } from '../../core/policy/policyRule.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, objectsAt, textAt } from './acpRead.ts';
import { isAbsolutePath } from '../../base/isAbsolutePath.ts';
import { commandPaths, isWebAddress, withoutScheme } from './commandPaths.ts';
import type { WorktreeFence } from '../worktreeFence.ts';

/** Keys of raw input whose text is a path, compared in lower case without `_` and `-`. */
const pathKey =
	/^(?:(?:abs|absolute|file|dir|directory|folder|old|new|source|src|target|destination|dest|from|to|root|working|work|base|notebook)*(?:path|paths|file|files|filename|filenames|dir|directory|folder)|cwd|workdir|source|target|destination|root)$/u;
const commandKey = /^(?:command|commands|cmd|script|commandline)$/u;

/** More than a person would read; the rest is not looked at, and `isComplete` says so. */
const maximumPaths = 500;
const maximumDepth = 5;

export interface NamedPaths {
	readonly paths: readonly string[];
	/** False when there was more than we look at. */
	readonly isComplete: boolean;
}

/** Every command line the tool call names, in its raw input or, where that has none, as the title of a command. */
export function namedCommands(toolCall: Foreign): string[] {
	const commands: string[] = [];
	const walk = (value: unknown, key: string, depth: number) => {
		const isCommand = commandKey.test(key);
		if (isCommand && typeof value === 'string') {
			commands.push(value);
		} else if (Array.isArray(value)) {
			const words = value.filter((word) => typeof word === 'string');
			if (isCommand && key !== 'commands' && words.length > 0) {
				commands.push(words.join(' '));
			} else if (depth < maximumDepth) {
				value.forEach((item) => walk(item, key, depth + 1));
			}
		} else if (isJsonObject(value) && depth < maximumDepth) {
			for (const [name, inner] of Object.entries(value)) {
				walk(inner, name.toLowerCase().replaceAll(/[_-]/gu, ''), depth + 1);
			}
		}
	};
	walk(toolCall['rawInput'], '', 0);
	const title = textAt(toolCall, 'title');
	if (commands.length === 0 && toolCall['kind'] === 'execute' && title !== undefined) {
		// Some agents give the command line only as the title, and dress it as Markdown.
		commands.push(/^`(?<inner>[^`]+)`$/u.exec(title.trim())?.groups?.['inner'] ?? title);
	}
	return commands;
}

/** What a tool call is: the kind it says, and the kinds its content shows. An agent may say anything. */
export function namedKinds(toolCall: Foreign): ToolKind[] {
	const said = toolKinds.find((kind) => kind === toolCall['kind']) ?? 'other';
	const hasDiff = objectsAt(toolCall, 'content').some((content) => content['type'] === 'diff');
	const hasCommand = namedCommands(toolCall).length > 0;
	const isVague = said === 'other' && (hasDiff || hasCommand);
	return [
		...new Set<ToolKind>([
			...(isVague ? [] : [said]),
			...(hasDiff ? (['edit'] as const) : []),
			...(hasCommand ? (['execute'] as const) : []),
		]),
	];
}

/** Kinds whose text is prose, in which a path means nothing. */
const proseKinds = ['think', 'switch_mode'];

/**
 * Every path the tool call names, as it names it: absolute, relative to the worktree, or beginning with `~`. `roots` are the
 * names of the worktree.
 */
export function namedPaths(toolCall: Foreign, roots: readonly string[]): NamedPaths {
	const paths = new Set<string>();
	let isComplete = true;
	const add = (path: string) => {
		if (paths.size >= maximumPaths) {
			isComplete = false;
		} else if (path !== '') {
			paths.add(withoutScheme(path));
		}
	};
	const walk = (value: unknown, key: string, depth: number) => {
		if (depth > maximumDepth) {
			isComplete = false;
		} else if (typeof value === 'string') {
			if (pathKey.test(key) && !isWebAddress(value)) {
				add(value);
			} else if (commandKey.test(key)) {
				commandPaths(value, roots).forEach(add);
			}
		} else if (Array.isArray(value)) {
			value.forEach((item) => walk(item, key, depth + 1));
		} else if (isJsonObject(value)) {
			for (const [name, inner] of Object.entries(value)) {
				// A patch may be written as an object whose keys are the files.
				if (isAbsolutePath(name)) {
					add(name);
				}
				walk(inner, name.toLowerCase().replaceAll(/[_-]/gu, ''), depth + 1);
			}
		}
	};
	for (const location of objectsAt(toolCall, 'locations')) {
		add(textAt(location, 'path') ?? '');
	}
	for (const content of objectsAt(toolCall, 'content')) {
		const text = textAt(objectAt(content, 'content'), 'text');
		if (content['type'] === 'diff') {
			add(textAt(content, 'path') ?? '');
		} else if (text !== undefined && !proseKinds.includes(textAt(toolCall, 'kind') ?? '')) {
			// Some agents say only here, in words, what they ask for.
			commandPaths(text, roots).forEach(add);
		}
	}
	walk(toolCall['rawInput'], '', 0);
	if (toolCall['kind'] === 'execute') {
		// Some agents give the command line only as the title.
		commandPaths(textAt(toolCall, 'title') ?? '', roots).forEach(add);
	}
	return { paths: [...paths], isComplete };
}

/** Where given paths lead, and those that a command line names: what a request that names them would be judged by. */
export async function placePaths(
	fence: Pick<WorktreeFence, 'place' | 'roots'>,
	paths: readonly string[],
	command: string | undefined,
): Promise<PlacedPath[]> {
	const named = command === undefined ? [] : commandPaths(command, await fence.roots());
	return Promise.all([...new Set([...paths, ...named])].map((path) => fence.place(path)));
}
