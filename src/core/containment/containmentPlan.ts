// Owns which places an agent may write to while the system contains it: its worktree, what git needs for it, its own settings, caches of
// tools and temporary files. Pure; nothing is looked at and nothing is made here.

import type { Agent } from '../agent/agent.ts';
import { presetOf } from '../agent/agentPresets.ts';

/** One place and all below it. Of several that hold a path, the longest decides, so that the order of rules means nothing. */
export interface PlaceRule {
	readonly access: 'write' | 'read';
	/** Absolute path. */
	readonly path: string;
	/** The folder is made when it is not there; without this a place that is missing is left out. */
	readonly isMade?: true;
}

export interface ContainmentPlan {
	readonly rules: readonly PlaceRule[];
	/** Without it there is no network at all, not even this machine's own. */
	readonly hasNetwork: boolean;
}

/** Where a run works, and what lies around it that is not its business. Absolute paths. */
export interface JobPlaces {
	/** The whole worktree; the workspace's place in it may be deeper. */
	readonly root: string;
	/** The open working tree, and the folder with the worktrees of others. */
	readonly guarded: readonly string[];
	/** Folders that all worktrees share. */
	readonly shared: readonly string[];
	/** Where the ledger is: written to by an agent that is given the command line instead of tools. */
	readonly runtime?: string;
	/** git's common folder, and below it what registers this worktree. */
	readonly git?: { readonly common: string; readonly registration: string };
}

export interface PlanFacts {
	readonly agent: Pick<Agent, 'preset' | 'command' | 'writable' | 'network'>;
	readonly places: JobPlaces;
	/** The whole environment the agent gets. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Absolute path of the person's folder, where the environment names none. */
	readonly home: string;
}

/** What package managers and compilers keep for the next time. */
const toolCaches = [
	'~/.cache',
	'~/Library/Caches',
	'~/.npm',
	'~/.yarn',
	'~/.bun/install',
	'~/.local/share/pnpm',
	'~/.cargo/registry',
	'~/.cargo/git',
	'~/.gradle',
	'~/.m2',
	'~/.nuget',
	'~/go/pkg',
];
const temporary = ['/tmp', '/private/tmp', '/var/tmp', '$TMPDIR'];
/** Variables by which a person moves such folders, and where they stand without. */
const movedFolders = [
	['~/.config', 'XDG_CONFIG_HOME'],
	['~/.cache', 'XDG_CACHE_HOME'],
	['~/.local/share', 'XDG_DATA_HOME'],
	['~/.local/state', 'XDG_STATE_HOME'],
] as const;

/** The places an agent may write to. Its own folders come from its preset; of an agent nobody knows, those named after its program. */
export function planContainment({ agent, places, environment, home }: PlanFacts): ContainmentPlan {
	const absolute = (place: string): string[] => absolutePlaces(place, environment, home);
	const write = (path: string): PlaceRule => ({ access: 'write', path });
	const read = (path: string): PlaceRule => ({ access: 'read', path });
	const preset = presetOf(agent);
	const named = preset === undefined ? foldersOfProgram(agent.command?.[0]) : [];
	const { git } = places;
	return {
		hasNetwork: agent.network ?? true,
		rules: [
			...[...temporary, ...toolCaches, ...named].flatMap(absolute).map(write),
			...(preset?.places ?? []).flatMap(absolute).map((path): PlaceRule => {
				// What has an ending is a file, which only the agent can make.
				const isFile = /[^/]\.[a-z]+$/u.test(path);
				return isFile ? write(path) : { access: 'write', path, isMade: true };
			}),
			...(agent.writable ?? []).flatMap(absolute).map(write),
			...places.guarded.map(read),
			...places.shared.map(write),
			...(places.runtime !== undefined && preset?.quirks.usesCommandLine === true ? [write(places.runtime)] : []),
			...(git === undefined
				? []
				: [
						read(git.common),
						// A commit needs new objects; the packed history of everybody is not to be lost with it.
						write(`${git.common}/objects`),
						read(`${git.common}/objects/pack`),
						read(`${git.common}/objects/info`),
						write(`${git.common}/lfs`),
						write(git.registration),
					]),
			write(places.root),
		],
	};
}

/** Parents before what is in them; of two rules for one place the one that forbids comes last and counts. */
export function inOrder(rules: readonly PlaceRule[]): readonly PlaceRule[] {
	const byText = new Map(rules.map((rule) => [`${rule.access} ${rule.path}`, rule]));
	return [...byText.values()].toSorted(
		(left, right) =>
			depthOf(left.path) - depthOf(right.path) ||
			Number(left.access === 'read') - Number(right.access === 'read'),
	);
}

/** Whether a plan lets an absolute real path be written to. */
export function mayWrite({ rules }: Pick<ContainmentPlan, 'rules'>, path: string): boolean {
	const deciding = inOrder(rules).findLast((rule) => path === rule.path || path.startsWith(`${rule.path}/`));
	return deciding?.access === 'write';
}

const depthOf = (path: string): number => path.split('/').filter(Boolean).length;

/** A place as an entry names it: absolute, below `~/`, or what a variable holds. Anything else is no place. */
function absolutePlaces(
	place: string,
	environment: Readonly<Record<string, string | undefined>>,
	home: string,
): string[] {
	const named = (name: string) => {
		const value = environment[name];
		return value?.startsWith('/') === true ? [value] : [];
	};
	if (place.startsWith('$')) {
		return named(place.slice(1));
	}
	const moved = movedFolders.find(([folder]) => place === folder || place.startsWith(`${folder}/`));
	const [parent] = moved === undefined ? [] : named(moved[1]);
	if (moved !== undefined && parent !== undefined) {
		return [`${parent}${place.slice(moved[0].length)}`];
	}
	if (place === '~' || place.startsWith('~/')) {
		return [`${named('HOME')[0] ?? home}${place.slice(1)}`];
	}
	return place.startsWith('/') ? [place] : [];
}

function foldersOfProgram(program: string | undefined): string[] {
	const name =
		program
			?.split('/')
			.at(-1)
			?.replace(/\.[a-z]+$/u, '') ?? '';
	return /^[\w-]+$/u.test(name)
		? [`~/.${name}`, `~/.config/${name}`, `~/.local/share/${name}`, `~/.local/state/${name}`]
		: [];
}
