// Owns who a program of ours speaks for: the person who started it, or the agent of a run, by what its host put into its environment. An agent
// that can reach its tools by no server speaks through here, fenced like any other.

import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { DefinedAction } from '../core/actions/action.ts';
import type { Actor } from '../core/actor.ts';
import { hookVariable } from '../core/hooks/runHook.ts';
import { userName } from '../node/userName.ts';

export interface Caller {
	/** Absolute path of the workspace the command is for. */
	readonly folder: string;
	readonly actor: Actor;
	/** The run an agent speaks for; undefined for a person. */
	readonly run: { readonly run_id: string; readonly epoch: number; readonly task_id: string } | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param workspace what `--workspace` names; left out, an agent in its worktree means the workspace of its run. */
export function findCaller(workspace: string | undefined, environment: Environment, current: string): Caller {
	const {
		DREAMOS_WORKSPACE: home,
		DREAMOS_WORKTREE: worktree,
		DREAMOS_AGENT_ID: agent,
		DREAMOS_RUN_ID: run_id,
		DREAMOS_EPOCH: epoch,
		DREAMOS_TASK_ID: task_id,
	} = environment;
	const isAtWork = home !== undefined && worktree !== undefined && isInside(current, worktree);
	const folder = resolve(workspace ?? (isAtWork ? home : current));
	const isAgent = agent !== undefined && agent !== '' && environment[hookVariable] === undefined;
	if (isAgent && home === undefined) {
		// Whose run it is nobody says; that it is no person is known.
		return { folder, actor: { kind: 'agent', id: agent }, run: undefined };
	}
	// In any other workspace (a test that makes one, say) it is whoever runs the program, and a hook that an agent's command set off
	// speaks for whoever set up the hook.
	if (!isAgent || real(folder) !== real(home ?? '') || run_id === undefined || task_id === undefined) {
		return { folder, actor: { kind: 'cli', id: userName() }, run: undefined };
	}
	return { folder, actor: { kind: 'agent', id: agent }, run: { run_id, epoch: Number(epoch), task_id } };
}

/** The input of an action with the run the caller speaks for, where the action asks for one and none is given. */
export function withRun(
	{ input: { shape } }: DefinedAction,
	given: Readonly<Record<string, unknown>>,
	{ run }: Pick<Caller, 'run'>,
): Record<string, unknown> {
	const isOther = 'task_id' in given && given['task_id'] !== run?.task_id;
	if (run === undefined || !('run_id' in shape) || given['run_id'] !== undefined || isOther) {
		return { ...given };
	}
	return { ...given, run_id: run.run_id, ...('epoch' in shape ? { epoch: run.epoch } : {}) };
}

/** Whatever link a place is called by, it is the same place. */
function real(path: string): string {
	try {
		return realpathSync.native(path);
	} catch {
		return resolve(path);
	}
}

function isInside(path: string, folder: string): boolean {
	const way = relative(real(folder), real(path));
	return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(way) !== way);
}
