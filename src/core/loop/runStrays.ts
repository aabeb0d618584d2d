// Owns the watch over one run that nothing contains: from before its agent starts until it is gone, and what came of it written down on
// the run, on runs whose worktrees were written to, and in the history. A watch that fails never stops the work.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { runtimeFolder } from '../paths.ts';
import type { Clock, FileSystem, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import type { RunStray } from '../run/runStrays.ts';
import { describeStrays } from '../run/runStrays.ts';
import type { HostLedger } from './hostLedger.ts';
import { StrayWatch } from './strayWatch.ts';

export interface RunStraysParts {
	readonly ledger: Pick<HostLedger, 'read' | 'write'>;
	readonly git: Pick<Git, 'topFolder' | 'openChanges'>;
	readonly files: Pick<FileSystem, 'stat' | 'join'>;
	readonly clock: Pick<Clock, 'now'>;
	readonly log: Logger;
	/** Absolute paths. */
	readonly workspaceFolder: string;
	readonly worktreesFolder: string;
}

export class RunStrays {
	private readonly parts: RunStraysParts;
	private readonly run: Run;
	private watch: StrayWatch | undefined;

	constructor(parts: RunStraysParts, run: Run) {
		this.parts = parts;
		this.run = run;
	}

	/** Never rejects. */
	async begin(): Promise<void> {
		const { parts } = this;
		const { files, workspaceFolder } = parts;
		try {
			const since = await parts.ledger.read((reader) => reader.sequence());
			this.watch ??= await StrayWatch.begin({
				...parts,
				now: () => parts.clock.now(),
				ignored: [files.join(workspaceFolder, runtimeFolder)],
				landed: () => this.landedSince(since),
			});
		} catch (error) {
			this.complain(error);
		}
	}

	/** A tool call that may change a file names this one, outside of the run's places. */
	note(path: string): void {
		this.watch?.note(path);
	}

	/** Looks and writes down what there is; nothing when the agent was contained. Never rejects. */
	async end(): Promise<void> {
		try {
			const found = (await this.watch?.end()) ?? [];
			if (found.length > 0) {
				await this.parts.ledger.write((transaction) => this.record(transaction, found));
			}
		} catch (error) {
			this.complain(error);
		}
	}

	private async record(transaction: LedgerTransaction, found: readonly RunStray[]): Promise<void> {
		await addStrays(transaction, this.run, found);
		const { files, worktreesFolder } = this.parts;
		const others = files.join(worktreesFolder, 'x').slice(0, -1);
		for (const { path, evidence } of found) {
			const owner = path.startsWith(others) ? path.slice(others.length).split(/[\\/]/u)[0] : undefined;
			const other = owner === undefined || evidence !== 'named' ? undefined : await transaction.run(owner);
			if (other !== undefined && isOpenRun(other.state)) {
				await addStrays(transaction, other, [{ path, evidence: 'received', by: this.run.worker }]);
			}
		}
	}

	private async landedSince(sequence: number): Promise<string[]> {
		const { ledger, git, files } = this.parts;
		const top = await git.topFolder();
		const events = await ledger.read((reader) =>
			reader.events({ after: sequence, types: ['landing.finished', 'landing.reverted'] }),
		);
		return events.flatMap(({ data }) => {
			const paths = data?.['files'];
			return Array.isArray(paths)
				? paths.flatMap((path) => (typeof path === 'string' ? [files.join(top, path)] : []))
				: [];
		});
	}

	private complain(error: unknown): void {
		this.parts.log.warn(`What ${this.run.run_id} changed elsewhere is not known: ${describeError(error)}`);
	}
}

/** Beside what stands there already, from another run or an earlier turn. */
async function addStrays(transaction: LedgerTransaction, run: Run, found: readonly RunStray[]): Promise<void> {
	const current = await transaction.run(run.run_id);
	const known = current?.strays ?? [];
	const news = found.filter(
		(stray) => !known.some(({ path, evidence }) => path === stray.path && evidence === stray.evidence),
	);
	if (news.length === 0) {
		return;
	}
	await transaction.updateRun({ run_id: run.run_id, epoch: run.epoch }, { strays: [...known, ...news] });
	await transaction.append({
		type: 'run.strayed',
		task_id: run.task_id,
		run_id: run.run_id,
		agent_id: run.worker,
		message: describeStrays({ worker: run.worker, strays: news }).join(' '),
		data: { strays: news.map((stray) => ({ ...stray })) },
	});
}
