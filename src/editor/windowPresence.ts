// Owns what this window does for the swarm while a workspace of ours is open and trusted: it holds a lease that says "an editor
// is here", and lands the changes meant for it. Lets both go before the ledger closes.

import type { Disposable } from 'vscode';
import { version, workspace as editorWorkspace } from 'vscode';
import { Sequencer, sleep } from '../base/async.ts';
import { DisposableStore, toDisposable } from '../base/disposable.ts';
import { describeError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { Actor } from '../core/actor.ts';
import { landingGuard } from '../core/landing/landRun.ts';
import { LandingWorker } from '../core/landing/landingWorker.ts';
import { offeredKey } from '../core/models/offeredModels.ts';
import type { ProblemWorker } from '../core/diagnostics/problemWorker.ts';
import type { Ledger } from '../core/ledger.ts';
import { leaseLifetimes, leaseNames } from '../core/swarmFacts.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import { workspaceBounds } from './landing/workspaceBounds.ts';
import { WorkspaceEditTarget } from './landing/workspaceEditTarget.ts';
import type { WindowModels } from './models/windowModels.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** Three tries to renew before the lease runs out. */
const renewMilliseconds = leaseLifetimes.editor / 3;
/** How long a landing in progress may hold up a window that closes. */
const closeMilliseconds = 2000;

interface Presence {
	readonly workspace: OpenWorkspace;
	readonly ledger: Ledger;
	readonly worker: LandingWorker;
	/** Its language models; undefined until they were looked for. */
	models: WindowModels | undefined;
	/** Reads the problems of its editor; undefined until it was loaded. */
	problems: ProblemWorker | undefined;
	readonly lifetime: DisposableStore;
}

export class WindowPresence implements Disposable {
	private readonly session: WorkspaceSession;
	private readonly log: Logger;
	/** Name of this window's lease. */
	readonly name = `${leaseNames.editorPrefix}${newId('window')}`;
	private readonly actor: Actor = { kind: 'system', id: this.name };
	private readonly jobs = new Sequencer();
	private readonly subscriptions = new DisposableStore();
	private present: Presence | undefined;
	private isEntering = false;

	constructor(session: WorkspaceSession, log: Logger) {
		this.session = session;
		this.log = log;
		this.subscriptions.add(session.onDidChange(() => this.follow()));
		// A repository may be made after the boards: looked at again when somebody lets the swarm work.
		this.subscriptions.add(session.onDidChangeSnapshot(({ swarm }) => swarm.shouldRun && this.follow()));
		session.beforeClose((workspace) => this.leave(workspace));
		this.follow();
	}

	dispose(): void {
		this.subscriptions.dispose();
	}

	private follow(): void {
		const { workspace } = this.session;
		const isWanted = workspace?.state() === 'ours' && editorWorkspace.isTrusted;
		if (workspace !== undefined && isWanted && !this.isEntering && !this.isPresentIn(workspace)) {
			this.isEntering = true;
			void this.jobs.run('presence', () => this.enter(workspace)).finally(() => (this.isEntering = false));
		}
	}

	/** A ledger that was lost is another one afterwards, in the same workspace. */
	private isPresentIn(workspace: OpenWorkspace): boolean {
		return this.present?.workspace === workspace && this.present.ledger === workspace.ledger();
	}

	private async enter(workspace: OpenWorkspace): Promise<void> {
		const ledger = workspace.ledger();
		if (ledger === undefined || this.session.workspace !== workspace || this.isPresentIn(workspace)) {
			return;
		}
		this.present?.lifetime.dispose();
		this.present?.problems?.dispose();
		void this.present?.models?.stop().catch((error: unknown) => this.log.debug(describeError(error)));
		this.present = undefined;
		try {
			const { topFolder, bounds } = await workspaceBounds(workspace.ports.git, workspace.folder);
			await this.renew(workspace, ledger);
			const worker = new LandingWorker({
				git: workspace.ports.git,
				target: new WorkspaceEditTarget(topFolder, this.log, () => workspace.settings()['landing.save']),
				bounds,
				log: this.log,
				read: (work) => ledger.read(work),
				write: (work) => ledger.write(this.actor, work),
				...landingGuard(ledger, this.actor),
				conflictRetries: () => workspace.settings()['landing.conflictRetries'],
				clock: workspace.ports.clock,
				onDidChange: ledger.onDidChange,
				side: 'editor',
				taker: this.name,
			});
			const lifetime = new DisposableStore();
			const timer = setInterval(() => void this.renewOrLog(workspace, ledger), renewMilliseconds);
			lifetime.add(toDisposable(() => clearInterval(timer)));
			lifetime.add(worker);
			const present: Presence = { workspace, ledger, worker, models: undefined, problems: undefined, lifetime };
			this.present = present;
			await this.lendModels(present);
			await this.lendProblems(present);
		} catch (error) {
			// Without a repository nothing can run, so nothing can land.
			this.log.debug(`This window does not land changes: ${describeError(error)}`);
		}
	}

	/** Without its models a window still lands changes. */
	private async lendModels(present: Presence): Promise<void> {
		const { workspace, ledger } = present;
		try {
			const { WindowModels: Models } = await import('./models/windowModels.ts');
			present.models = new Models({
				ledger,
				clock: workspace.ports.clock,
				log: this.log,
				actor: this.actor,
				name: this.name,
				onChange: () => void this.renewOrLog(workspace, ledger),
			});
		} catch (error) {
			this.log.error('This window lends no language models.', error);
		}
	}

	/** Without it a window still lands changes. */
	private async lendProblems(present: Presence): Promise<void> {
		const { workspace, ledger } = present;
		try {
			const { answerProblems } = await import('./diagnostics/windowProblems.ts');
			if (this.present === present) {
				const { actor, name, log } = this;
				present.problems = answerProblems({ ledger, clock: workspace.ports.clock, log, actor, name });
			}
		} catch (error) {
			this.log.error('This window reads no problems for gates.', error);
		}
	}

	private async renew(workspace: OpenWorkspace, ledger: Ledger): Promise<void> {
		const now = workspace.ports.clock.now();
		await ledger.write(this.actor, (transaction) =>
			transaction.acquireLease(this.name, this.name, leaseLifetimes.editor, now, {
				pid: process.pid,
				editor: version,
				[offeredKey]: (this.present?.models?.offered() ?? []).map((model) => ({ ...model })),
			}),
		);
	}

	private async renewOrLog(workspace: OpenWorkspace, ledger: Ledger): Promise<void> {
		try {
			await this.renew(workspace, ledger);
		} catch (error) {
			this.log.warn(`The lease of this window could not be renewed: ${describeError(error)}`);
		}
	}

	private leave(workspace: OpenWorkspace): Promise<void> {
		return this.jobs.run('presence', async () => {
			const { present } = this;
			if (present === undefined || present.workspace !== workspace) {
				return;
			}
			this.present = undefined;
			present.lifetime.dispose();
			await Promise.race([
				Promise.all([present.worker.idle(), present.models?.stop(), present.problems?.stop()]),
				sleep(closeMilliseconds),
			]);
			if (present.ledger !== workspace.ledger()) {
				return;
			}
			await present.ledger.write(this.actor, (transaction) => transaction.releaseLease(this.name, this.name));
		});
	}
}
