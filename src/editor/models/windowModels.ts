// Owns this window's part in lending its language models to the swarm: what it offers, and answering. Loaded after the workspace is
// open, because most of it is of no use without such models.

import type { Logger } from '../../base/log.ts';
import type { Actor } from '../../core/actor.ts';
import type { Ledger } from '../../core/ledger.ts';
import type { OfferedModel } from '../../core/models/languageModel.ts';
import { ModelWorker } from '../../core/models/modelWorker.ts';
import type { Clock } from '../../core/ports.ts';
import { EditorModels } from './editorModels.ts';

export interface WindowModelsParts {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Logger;
	readonly actor: Actor;
	/** Name of this window's lease. */
	readonly name: string;
	/** What this window offers is another by now. */
	readonly onChange: () => void;
}

export class WindowModels {
	private readonly models: EditorModels;
	private readonly worker: ModelWorker;

	constructor({ ledger, clock, log, actor, name, onChange }: WindowModelsParts) {
		this.models = new EditorModels(log);
		this.worker = new ModelWorker({
			backend: this.models,
			clock,
			log,
			taker: name,
			onDidChange: ledger.onDidChange,
			read: (work) => ledger.read(work),
			write: (work) => ledger.write(actor, work),
		});
		this.models.onDidChange(() => {
			onChange();
			this.worker.poke();
		});
	}

	offered(): readonly OfferedModel[] {
		return this.models.offered();
	}

	/** Answers nothing more; what was under way is given back for another window. */
	async stop(): Promise<void> {
		this.models.dispose();
		await this.worker.stop();
	}
}
