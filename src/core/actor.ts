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
