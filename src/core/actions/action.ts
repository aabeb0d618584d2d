// Owns the shape of an action: anything a person or an agent can do. Palette, CLI, MCP and dashboard all read this.

import type { z } from 'zod';
import type { JsonValue } from '../../base/json.ts';
import type { Actor } from '../actor.ts';
import type { Ledger } from '../ledger.ts';
import type { Clock, Git } from '../ports.ts';
import type { Settings } from '../settings.ts';
import type { AgentDoor } from './agentDoor.ts';
import type { SwarmDoor } from './swarmDoor.ts';
import type { WorkspaceDoor } from './workspaceDoor.ts';
import type { WorktreeDoor } from './worktreeDoor.ts';

/** `read` looks, `write` changes what can be undone, `danger` may lose work or start processes. */
export type ActionEffect = 'read' | 'write' | 'danger';

export interface ActionContext {
	readonly actor: Actor;
	readonly clock: Clock;
	/** The ledger of a workspace that is ours; reading it elsewhere fails with `workspace.notInitialized` or `workspace.foreign`. */
	readonly ledger: Ledger;
	readonly workspace: WorkspaceDoor;
	readonly swarm: SwarmDoor;
	readonly agents: AgentDoor;
	readonly worktrees: WorktreeDoor;
	readonly settings: Settings;
	/** The repository of the workspace. */
	readonly git: Git;
}

export interface TerminalForm {
	/** Words of the command where they differ from the id: `init` for `workspace.initialize`. */
	readonly words?: string;
	/** Input fields that are given without a flag, in order. */
	readonly positionals?: readonly string[];
	/** The last of them takes all words that are left, joined with spaces. */
	readonly takesAllWords?: true;
	/** Not offered in a terminal. */
	readonly isHidden?: true;
	/** The folder it works in is made where there is none. */
	readonly makesFolder?: true;
}

export interface Action<Input = unknown, Output extends JsonValue | object = JsonValue | object> {
	/** `noun.verb`, the same everywhere: command `dreamos.task.claim`, tool `task_claim`, CLI `task claim`. */
	readonly id: string;
	readonly title: string;
	/** One sentence: what it does and refuses. Shown as help. */
	readonly description: string;
	readonly effect: ActionEffect;
	readonly input: z.ZodType<Input>;
	readonly terminal: TerminalForm;
	run(context: ActionContext, input: Input): Promise<Output>;
}

interface ActionDefinition<Schema extends z.ZodObject, Output extends JsonValue | object> {
	readonly id: `${string}.${string}`;
	readonly title: string;
	readonly description: string;
	readonly effect: ActionEffect;
	readonly input: Schema;
	readonly terminal?: TerminalForm;
	run(context: ActionContext, input: z.output<Schema>): Promise<Output>;
}

/** An action whose input was parsed by its own schema before `run` sees it. */
export interface DefinedAction extends Action<Record<string, unknown>> {
	readonly input: z.ZodObject;
}

/** Ties schema and body together, then forgets the types: callers come with unknown input and `perform` parses it. */
export function defineAction<Schema extends z.ZodObject, Output extends JsonValue | object>(
	definition: ActionDefinition<Schema, Output>,
): DefinedAction {
	return {
		...definition,
		terminal: definition.terminal ?? {},
		run: (context, input) => definition.run(context, input as z.output<Schema>),
	};
}
