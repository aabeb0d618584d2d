// Owns the facts and lease names through which programs tell each other about the swarm. Both live in the ledger.

import * as z from 'zod';
import type { Lease, LedgerReader } from './ledger.ts';

export const leaseNames = {
	/** The one host that drives runs. */
	host: 'host',
	/** The one process that writes board files at this moment. */
	mirror: 'mirror',
	/** One per attached editor window: `editor:<window id>`. */
	editorPrefix: 'editor:',
	/** One per landing that a terminal does by itself: `terminal:<id>`. */
	terminalPrefix: 'terminal:',
} as const;

export const factKeys = {
	swarm: 'swarm',
	/** Effective settings of the last window, for programs without an editor. */
	settings: 'settings',
	/** How far hooks were run, and by which host. */
	hooks: 'hooks',
	/** How much of the disk each worktree takes, as the host measured it last. */
	worktrees: 'worktrees',
	/** When runs were last measured: what stands on them changes without an event. */
	measured: 'measured',
} as const;

const swarmModes = ['work', 'drain', 'pause'] as const;
export type SwarmMode = (typeof swarmModes)[number];

export const swarmFactSchema = z.object({
	/** Whether agents should work. The host follows it; it does not change it. */
	should_run: z.boolean(),
	/** When it was last changed, and by whom. */
	changed_at: z.string(),
	changed_by: z.string(),
	/** `editor`: the host ends with the last window unless a setting keeps it; `terminal`: with the command that began it. */
	started_from: z.enum(['editor', 'terminal']),
	/** `drain`: what runs goes on to its end, and nothing new begins. `pause`: nothing new begins, and who can be paused stands still. */
	mode: z.enum(swarmModes).default('work'),
	/** Everything ends at once: nobody is asked to end in order. */
	is_urgent: z.boolean().default(false),
});
export type SwarmFact = z.infer<typeof swarmFactSchema>;

/** What was last asked of the swarm; undefined before the first time. */
export async function readSwarmFact(reader: LedgerReader): Promise<SwarmFact | undefined> {
	const parsed = swarmFactSchema.safeParse(await reader.fact(factKeys.swarm));
	return parsed.success ? parsed.data : undefined;
}

/** Lifetimes in milliseconds. A host renews every second; its heir takes over at most this long after its death. */
export const leaseLifetimes = { host: 4000, mirror: 2000, editor: 6000, terminal: 15_000 } as const;

/** No lease lasts this long. One that ends later was taken before the clock was set back: its holder is gone, or renews it in a moment. */
const longestTrustMilliseconds = 120_000;

/** True while a lease holds; `now` in wall milliseconds. */
export function isLeaseAlive(lease: Pick<Lease, 'expires_at'> | undefined, now: number): boolean {
	return lease !== undefined && lease.expires_at >= now && lease.expires_at <= now + longestTrustMilliseconds;
}

/**
 * Whether a program that is known by the name of its lease, or a host by its id, still lives; undefined for a name that says nothing.
 * `now` in wall milliseconds.
 */
export async function isProgramAlive(
	reader: Pick<LedgerReader, 'lease'>,
	name: string,
	now: number,
): Promise<boolean | undefined> {
	if ([leaseNames.editorPrefix, leaseNames.terminalPrefix].some((prefix) => name.startsWith(prefix))) {
		return isLeaseAlive(await reader.lease(name), now);
	}
	if (name.startsWith(`${leaseNames.host}-`)) {
		const host = await reader.lease(leaseNames.host);
		return host?.holder === name && isLeaseAlive(host, now);
	}
	return undefined;
}

/** Commands between programs; the payload of each is described where it is handled. */
export const commandKinds = {
	/** To whoever lands: apply the change of a run, or (`to: 'branch'`) put it on a branch. Data: `{ run_id, epoch, to }`. */
	applyLanding: 'landing.apply',
	/** To whoever lands: take back what a run landed. Data: `{ run_id, reopen }`. */
	revertLanding: 'landing.revert',
	/** To an attached window: read the problems the editor has for files of a worktree. Data: see `core/diagnostics/problemReading.ts`. */
	readProblems: 'problems.read',
	/** To the host that drives a task: say something to its agent. Data: see `core/run/runMessages.ts`. */
	messageRun: 'run.message',
} as const;
