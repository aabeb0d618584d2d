// Owns who does something. Every event in the ledger names one.

export type ActorKind = 'human' | 'agent' | 'host' | 'file' | 'cli' | 'mcp' | 'system';

export interface Actor {
	readonly kind: ActorKind;
	/** Name of the person, id of the agent, or id of the process. */
	readonly id: string;
}

/** Text form stored in events and on boards: `human:ann`, `agent:Agent-3`. */
export function formatActor(actor: Actor): string {
	return `${actor.kind}:${actor.id}`;
}

/** True for people, however they came in: the editor, a terminal. Their claims never expire. */
export function isPerson(actor: Actor): boolean {
	return actor.kind === 'human' || actor.kind === 'cli';
}

/**
 * Who a task and its board name for a change: a host's id means nothing to a reader and is another after each start, so the worker
 * it acts for stands there, or just `host`.
 */
export function nameActor(actor: Actor, worker: string | null): string {
	return actor.kind !== 'host' ? formatActor(actor) : worker === null ? 'host' : `agent:${worker}`;
}
