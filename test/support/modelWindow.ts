// Owns an editor window as the ledger sees one: its lease says which language models it has, and it answers as a script says.

import { newId } from '../../src/base/ids.ts';
import { nullLogger } from '../../src/base/log.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { ModelMessage, OfferedModel } from '../../src/core/models/languageModel.ts';
import type { ModelBackend } from '../../src/core/models/modelWorker.ts';
import { ModelWorker } from '../../src/core/models/modelWorker.ts';
import { offeredKey } from '../../src/core/models/offeredModels.ts';
import { leaseLifetimes, leaseNames } from '../../src/core/swarmFacts.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import type { LanguageModelStep } from './scriptedLanguageModel.ts';
import { answerParts, testModel } from './scriptedLanguageModel.ts';

export type WindowScript = (messages: readonly ModelMessage[]) => LanguageModelStep;

export class ModelWindow {
	readonly name = `${leaseNames.editorPrefix}${newId('window')}`;
	/** Conversations as they were sent to the model. */
	readonly sent: (readonly ModelMessage[])[] = [];
	/** Requests that were cancelled on the way. */
	cancelled = 0;
	private readonly ledger: Ledger;
	private readonly models: readonly OfferedModel[];
	private readonly actor: Actor = { kind: 'system', id: this.name };
	private readonly worker: ModelWorker;
	private readonly timer: ReturnType<typeof setInterval>;

	private constructor(ledger: Ledger, script: WindowScript, models: readonly OfferedModel[]) {
		this.ledger = ledger;
		this.models = models;
		const backend: ModelBackend = {
			offered: () => models,
			send: async ({ model, messages }, { signal, onText }) => {
				this.sent.push(messages);
				const step = script(messages);
				if ('fail' in step) {
					throw step.fail;
				}
				if ('hang' in step) {
					onText(step.hang);
					await new Promise((_resolve, reject) => {
						signal.addEventListener(
							'abort',
							() => {
								this.cancelled += 1;
								reject(new Error('cancelled'));
							},
							{ once: true },
						);
					});
				}
				const parts = answerParts(step);
				parts.forEach((part) => part.kind === 'text' && onText(part.text));
				return { model, parts };
			},
		};
		this.worker = new ModelWorker({
			backend,
			clock: systemClock,
			log: nullLogger,
			taker: this.name,
			onDidChange: ledger.onDidChange,
			read: (work) => ledger.read(work),
			write: (work) => ledger.write(this.actor, work),
		});
		this.timer = setInterval(() => void this.renew().catch(() => undefined), leaseLifetimes.editor / 3);
	}

	static async open(ledger: Ledger, script: WindowScript, models = [testModel]): Promise<ModelWindow> {
		const window = new ModelWindow(ledger, script, models);
		await window.renew();
		return window;
	}

	/** As a window that is closed in order. */
	async close(): Promise<void> {
		clearInterval(this.timer);
		await this.worker.stop();
		await this.ledger.write(this.actor, (transaction) => transaction.releaseLease(this.name, this.name));
	}

	/** As a window whose process is killed: what it took stays taken. */
	async crash(): Promise<void> {
		clearInterval(this.timer);
		const { open } = await this.ledger.read(async (reader) => ({ open: await reader.openModelRequests() }));
		await this.worker.stop();
		await this.ledger.write(this.actor, async (transaction) => {
			for (const { request_id: id } of open.filter(({ taken_by: by }) => by === this.name)) {
				await transaction.takeModelRequest(id, this.name);
			}
			await transaction.releaseLease(this.name, this.name);
		});
	}

	private async renew(): Promise<void> {
		await this.ledger.write(this.actor, (transaction) =>
			transaction.acquireLease(this.name, this.name, leaseLifetimes.editor, Date.now(), {
				[offeredKey]: this.models.map((model) => ({ ...model })),
			}),
		);
	}
}
