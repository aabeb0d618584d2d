// Owns the one door for doing things: find the action, parse its input, check who may, run it, record a refusal that matters.

import { DreamError, isDreamError } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import type { Logger } from '../base/log.ts';
import type { ActionContext, ActionEffect, DefinedAction } from './actions/action.ts';
import { findAction } from './actions/catalogue.ts';
import type { AgentDoor } from './actions/agentDoor.ts';
import type { SwarmDoor } from './actions/swarmDoor.ts';
import type { WorkspaceDoor } from './actions/workspaceDoor.ts';
import type { WorktreeDoor } from './actions/worktreeDoor.ts';
import type { Actor } from './actor.ts';
import { formatActor } from './actor.ts';
import type { Ledger } from './ledger.ts';
import type { Clock, Git } from './ports.ts';
import type { Settings } from './settings.ts';

export interface DreamParts {
	readonly clock: Clock;
	readonly log: Logger;
	readonly workspace: WorkspaceDoor;
	readonly swarm: SwarmDoor;
	readonly agents: AgentDoor;
	readonly worktrees: WorktreeDoor;
	/** The open ledger, or an error that says why there is none. */
	readonly ledger: () => Ledger;
	readonly settings: () => Settings;
	readonly git: Git;
}

export interface Dream {
	/**
	 * Performs an action for somebody. Rejects with `action.unknown`, `action.badInput`, `action.forbidden`, or what the action says.
	 * Resolves only after every change it made is durable.
	 */
	perform(actionId: string, input: unknown, actor: Actor): Promise<JsonValue | object>;
	/** What an action does to the workspace; undefined when there is no such action. */
	effectOf(actionId: string): ActionEffect | undefined;
}

/** Agents may look and change tasks; what may lose work or start processes is for people and the host. */
function forbids(action: DefinedAction, actor: Actor): string | undefined {
	const isWorker = actor.kind === 'agent' || actor.kind === 'mcp';
	return isWorker && action.effect === 'danger'
		? `${action.title} is for people, not for ${formatActor(actor)}.`
		: undefined;
}

export function createDream(parts: DreamParts): Dream {
	return {
		effectOf: (actionId) => findAction(actionId)?.effect,
		async perform(actionId, input, actor) {
			const action = findAction(actionId);
			if (action === undefined) {
				throw new DreamError('action.unknown', `There is no action ${actionId}.`, {
					details: { action: actionId },
				});
			}
			const parsed = action.input.safeParse(input ?? {});
			if (!parsed.success) {
				const issues = parsed.error.issues.map(
					(issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`,
				);
				throw new DreamError(
					'action.badInput',
					`${action.title} cannot use this input: ${issues.join('; ')}.`,
					{
						details: { action: actionId, issues },
					},
				);
			}
			const forbidden = forbids(action, actor);
			if (forbidden !== undefined) {
				throw new DreamError('action.forbidden', forbidden, {
					details: { action: actionId, actor: formatActor(actor) },
				});
			}
			const context: ActionContext = {
				actor,
				clock: parts.clock,
				workspace: parts.workspace,
				swarm: parts.swarm,
				agents: parts.agents,
				worktrees: parts.worktrees,
				settings: parts.settings(),
				git: parts.git,
				get ledger() {
					return parts.ledger();
				},
			};
			try {
				return await action.run(context, parsed.data);
			} catch (error) {
				await recordFence(parts, action, actor, error);
				throw error;
			}
		},
	};
}

/** A zombie's write left no trace of its own (it was rolled back), so the refusal is written by itself. */
async function recordFence(parts: DreamParts, action: DefinedAction, actor: Actor, error: unknown): Promise<void> {
	if (!isDreamError(error, 'run.fenced')) {
		return;
	}
	const { task_id, run_id } = error.details;
	try {
		await parts.ledger().write(actor, (transaction) =>
			transaction.append({
				type: 'run.fenced',
				...(typeof task_id === 'string' ? { task_id } : {}),
				...(typeof run_id === 'string' ? { run_id } : {}),
				message: `${action.title} refused: ${error.message}`,
				data: { action: action.id },
			}),
		);
	} catch (failure) {
		parts.log.error('A fenced write could not be recorded.', failure);
	}
}
