// Owns an editor window as the ledger sees one that reads problems: each line `ERROR text` or `WARNING text` of a file on the disk is one,
// as a language server would say it.

import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { newId } from '../../src/base/ids.ts';
import { nullLogger } from '../../src/base/log.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { EditorProblem, PlaceReading, ProblemRequest } from '../../src/core/diagnostics/problemReading.ts';
import { ProblemWorker } from '../../src/core/diagnostics/problemWorker.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { leaseLifetimes, leaseNames } from '../../src/core/swarmFacts.ts';
import { systemClock } from '../../src/node/systemClock.ts';

export class ProblemWindow {
	readonly name = `${leaseNames.editorPrefix}${newId('window')}`;
	/** What it was asked, in order. */
	readonly asked: ProblemRequest[] = [];
	/** Readings that were let go of on the way. */
	stopped = 0;
	/** While it is true, a reading does not end. */
	hangs = false;
	private readonly ledger: Ledger;
	private readonly actor: Actor = { kind: 'system', id: this.name };
	private readonly worker: ProblemWorker;
	private readonly timer: ReturnType<typeof setInterval>;

	private constructor(ledger: Ledger) {
		this.ledger = ledger;
		this.worker = new ProblemWorker({
			backend: { read: (request, signal) => this.read(request, signal) },
			clock: systemClock,
			log: nullLogger,
			taker: this.name,
			onDidChange: ledger.onDidChange,
			read: (work) => ledger.read(work),
			write: (work) => ledger.write(this.actor, work),
		});
		this.timer = setInterval(() => void this.renew().catch(() => undefined), leaseLifetimes.editor / 3);
	}

	static async open(ledger: Ledger): Promise<ProblemWindow> {
		const window = new ProblemWindow(ledger);
		await window.renew();
		return window;
	}

	/** As a window that is closed in order. */
	async close(): Promise<void> {
		clearInterval(this.timer);
		await this.worker.stop();
		await this.ledger.write(this.actor, (transaction) => transaction.releaseLease(this.name, this.name));
	}

	/** As a window whose process is killed: its lease ends, and nothing else is said. What it goes on with is a ghost's. */
	async crash(): Promise<void> {
		clearInterval(this.timer);
		await this.ledger.write(this.actor, (transaction) => transaction.releaseLease(this.name, this.name));
	}

	private async read(request: ProblemRequest, signal: AbortSignal): Promise<PlaceReading[]> {
		this.asked.push(request);
		if (this.hangs) {
			await new Promise((_resolve, reject) => {
				signal.addEventListener(
					'abort',
					() => {
						this.stopped += 1;
						reject(new Error('stopped'));
					},
					{ once: true },
				);
			});
		}
		return request.places.map(({ folder, files }) => {
			const known = files.filter((file) => extname(file) !== '.md');
			return {
				problems: known
					.flatMap((file) => problemsIn(folder, file))
					.filter(({ severity }) => severity === 'error' || request.severity === 'warning'),
				read: known.length,
				silent: files.filter((file) => extname(file) === '.md'),
				unopened: [],
				left: [],
				sources: ['scripted'],
			};
		});
	}

	private async renew(): Promise<void> {
		await this.ledger.write(this.actor, (transaction) =>
			transaction.acquireLease(this.name, this.name, leaseLifetimes.editor, Date.now()),
		);
	}
}

function problemsIn(folder: string, path: string): EditorProblem[] {
	return readFileSync(join(folder, path), 'utf8')
		.split('\n')
		.flatMap((text, index) => {
			const [, word, message = ''] = /^(ERROR|WARNING) (.*)$/u.exec(text) ?? [];
			return word === undefined
				? []
				: [
						{
							path,
							line: index + 1,
							severity: word === 'ERROR' ? 'error' : 'warning',
							message,
							source: 'scripted',
						},
					];
		});
}
