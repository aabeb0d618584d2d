// Owns the environment git runs in here: the person's git configuration, minus everything that asks, waits, signs, runs a
// hook, starts a daemon or points at another repository.

import { availableParallelism } from 'node:os';
import { withoutEditor } from './processEnvironment.ts';

/** Where the person's configuration and git itself are; everything else of git's variables stays outside. */
const inheritedVariables = new Set([
	'GIT_CEILING_DIRECTORIES',
	'GIT_CONFIG_GLOBAL',
	'GIT_CONFIG_NOSYSTEM',
	'GIT_CONFIG_SYSTEM',
	'GIT_DISCOVERY_ACROSS_FILESYSTEM',
	'GIT_EXEC_PATH',
]);
/** simple-git refuses to pass these on; no command of ours needs them. */
const interactiveVariables = new Set(['EDITOR', 'PAGER', 'PREFIX', 'SSH_ASKPASS', 'VISUAL']);

const configuration: GitConfiguration = [
	['core.hooksPath', '/dev/null'],
	// A daemon per worktree would outlive it.
	['core.fsmonitor', 'false'],
	// A shared index would be written into the person's .git folder.
	['core.splitIndex', 'false'],
	['core.logAllRefUpdates', 'false'],
	['i18n.commitEncoding', 'UTF-8'],
	// Twice as fast for 10,000 files on two cores; git itself falls back to one for few files.
	['checkout.workers', String(Math.min(availableParallelism(), 8))],
	['advice.addEmbeddedRepo', 'false'],
	['advice.addIgnoredFile', 'false'],
];

/** Who hidden commits are by. */
export const commitIdentity: Readonly<Record<string, string>> = {
	GIT_AUTHOR_NAME: 'Dream.OS',
	GIT_AUTHOR_EMAIL: 'dreamos@localhost',
	GIT_COMMITTER_NAME: 'Dream.OS',
	GIT_COMMITTER_EMAIL: 'dreamos@localhost',
};

export type GitConfiguration = readonly (readonly [name: string, value: string])[];

/**
 * The whole environment of a git command; `more` are variables of that one command, such as GIT_INDEX_FILE, and the
 * repository's configuration what holds over the person's.
 */
export function gitEnvironment(
	own: NodeJS.ProcessEnv,
	more: Readonly<Record<string, string>> = {},
	repositoryConfiguration: GitConfiguration = [],
): Readonly<Record<string, string>> {
	const entries = [...configuration, ...repositoryConfiguration];
	const environment: Record<string, string> = {};
	for (const [name, value] of Object.entries(withoutEditor(own))) {
		const key = name.toUpperCase();
		if (key.startsWith('GIT_') ? inheritedVariables.has(key) : !interactiveVariables.has(key)) {
			environment[name] = value;
		}
	}
	return {
		...environment,
		// Messages are read by this program, so they have to be in one language.
		LC_ALL: 'en_US.UTF-8',
		LANG: 'en_US.UTF-8',
		LANGUAGE: 'en',
		GIT_OPTIONAL_LOCKS: '0',
		GIT_TERMINAL_PROMPT: '0',
		GIT_CONFIG_COUNT: String(entries.length),
		...Object.fromEntries(
			entries.flatMap(([key, value], index) => [
				[`GIT_CONFIG_KEY_${index}`, key],
				[`GIT_CONFIG_VALUE_${index}`, value],
			]),
		),
		...more,
	};
}
