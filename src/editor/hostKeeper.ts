// Owns keeping the swarm host alive: when the swarm should work and nobody leads, it is started again, ever more slowly when it
// keeps dying. A host that lives is left alone, whoever started it.

import type { Disposable } from 'vscode';
import { commands, workspace as editorWorkspace, l10n } from 'vscode';
import { describeError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { RestartPace } from '../core/swarm/restartPace.ts';
import { isLeaseAlive, leaseNames, readSwarmFact } from '../core/swarmFacts.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import type { Notifier } from './notify.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

const lookMilliseconds = 1000;
/** Whoever let the swarm work is starting a host itself; it is given this long. */
const startMilliseconds = 5000;
/** Windows other than the first one leave it this long to the first. */
const precedenceMilliseconds = 2500;

export class HostKeeper implements Disposable {
	private readonly session: WorkspaceSession;
	private readonly notifier: Notifier;
	private readonly log: Logger;
	/** Name of this window's lease. */
	private readonly window: string;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private readonly pace = new RestartPace();
	private missingSince: number | undefined;
	private isDisposed = false;

	constructor(session: WorkspaceSession, window: string, notifier: Notifier, log: Logger) {
		this.session = session;
		this.window = window;
		this.notifier = notifier;
		this.log = log;
		this.lookAgain(lookMilliseconds);
	}

	dispose(): void {
		this.isDisposed = true;
		clearTimeout(this.timer);
	}

	private lookAgain(milliseconds: number): void {
		if (!this.isDisposed) {
			this.timer = setTimeout(() => void this.look(), milliseconds);
		}
	}

	private async look(): Promise<void> {
		const { workspace, snapshot } = this.session;
		let pause = lookMilliseconds;
		try {
			if (workspace?.state() === 'ours' && snapshot.swarm.shouldRun && editorWorkspace.isTrusted) {
				pause = await this.lookAt(workspace);
			} else {
				this.missingSince = undefined;
			}
		} catch (error) {
			this.log.warn(`Whether a swarm host lives could not be read: ${describeError(error)}`);
		}
		this.lookAgain(pause);
	}

	/** Resolves to the milliseconds until the next look: no later than the lease that is held now runs out. */
	private async lookAt(workspace: OpenWorkspace): Promise<number> {
		const now = workspace.ports.clock.now();
		const facts = await workspace.ledger()?.read(async (reader) => ({
			swarm: await readSwarmFact(reader),
			expires: (await reader.lease(leaseNames.host))?.expires_at ?? 0,
			windows: await reader.leases(leaseNames.editorPrefix),
		}));
		// A lease outlives a host that was killed; what the system says of its process need not be waited for.
		const isAlive = facts !== undefined && facts.expires > now && (await workspace.swarm.status()).isRunning;
		if (isAlive !== this.session.snapshot.swarm.isHostAlive) {
			// A lease that runs out is no change in the ledger: nobody else would notice.
			workspace.model.poke();
		}
		// The host of a terminal ends with its command, and that is meant.
		if (facts?.swarm?.should_run !== true || facts.swarm.started_from === 'terminal' || isAlive) {
			this.missingSince = undefined;
			return isAlive ? Math.min(lookMilliseconds, facts.expires - now + 20) : lookMilliseconds;
		}
		const elapsed = workspace.ports.clock.monotonic();
		this.missingSince ??= elapsed;
		const [first] = facts.windows
			.filter((lease) => isLeaseAlive(lease, now))
			.map(({ name }) => name)
			.toSorted();
		const patience = first === undefined || first === this.window ? 0 : precedenceMilliseconds;
		// A clock that was set back shows a change that is still to come; it is over all the same.
		const sinceChange = now - Date.parse(facts.swarm.changed_at);
		const isBeingStarted = sinceChange >= 0 && sinceChange < startMilliseconds;
		if (!isBeingStarted && elapsed >= this.missingSince + patience && this.pace.isDue(elapsed)) {
			await this.start(workspace, elapsed);
		}
		return lookMilliseconds;
	}

	private async start(workspace: OpenWorkspace, elapsed: number): Promise<void> {
		const { count, isNews } = this.pace.note(elapsed);
		this.log.warn(`No swarm host leads; starting one (start ${count} within two minutes).`);
		try {
			await workspace.swarm.ensureHost();
			this.missingSince = undefined;
			if (isNews) {
				this.tell(l10n.t('The swarm host has ended several times by itself; it was started again.'));
			}
		} catch (error) {
			this.log.error('The swarm host could not be started.', error);
			if (isNews) {
				this.tell(l10n.t('The swarm host cannot be started: {0}', describeError(error)));
			}
		}
	}

	private tell(message: string): void {
		void this.notifier.tell(['host'], message, [
			{ title: l10n.t('Show Logs'), run: () => commands.executeCommand('dreamos.logs.show') },
			{ title: l10n.t('Stop Swarm'), run: () => commands.executeCommand('dreamos.swarm.stop') },
		]);
	}
}
