// Owns the way to the language models of this editor, where it has any. It speaks the editor's API on one side and our words on the
// other, and says of each refusal what a person can do.

import type { LanguageModelChat } from 'vscode';
import {
	CancellationTokenSource,
	LanguageModelChatMessage,
	LanguageModelTextPart,
	LanguageModelToolCallPart,
	LanguageModelToolResultPart,
	lm,
	l10n,
} from 'vscode';
import { withTimeout } from '../../base/async.ts';
import { DreamError, toError } from '../../base/errors.ts';
import type { Event } from '../../base/event.ts';
import { Emitter } from '../../base/event.ts';
import type { Disposable } from '../../base/event.ts';
import { isJsonObject, parseJsonOrUndefined } from '../../base/json.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Logger } from '../../base/log.ts';
import type { ModelAnswer, ModelMessage, ModelUsage, OfferedModel } from '../../core/models/languageModel.ts';
import type { ModelBackend } from '../../core/models/modelWorker.ts';
import { modelFailure } from './modelFailures.ts';

/** Providers that do not say what they have within this time have nothing. */
const lookMilliseconds = 20_000;
/** What the editor shows where it asks whether we may use a model. */
const justification = l10n.t('Agents of the Dream.OS swarm work on your tasks with this model.');

export class EditorModels implements ModelBackend, Disposable {
	private readonly log: Logger;
	private readonly changed = new Emitter<void>();
	private readonly subscription: Disposable | undefined;
	private models: readonly LanguageModelChat[] = [];

	constructor(log: Logger) {
		this.log = log;
		if (hasModelApi()) {
			this.subscription = lm.onDidChangeChatModels(() => void this.look());
		}
		void this.look();
	}

	/** Fires when the editor has others than before. */
	readonly onDidChange: Event<void> = (listener) => this.changed.event(listener);

	dispose(): void {
		this.subscription?.dispose();
		this.changed.dispose();
	}

	offered(): readonly OfferedModel[] {
		return this.models.map(({ vendor, family, id, version, name, maxInputTokens }) => ({
			vendor,
			family,
			id,
			version,
			name,
			max_input_tokens: maxInputTokens,
		}));
	}

	async send(
		{ model, messages, tools }: Parameters<ModelBackend['send']>[0],
		{ signal, onText }: Parameters<ModelBackend['send']>[1],
	): Promise<ModelAnswer> {
		const chosen = this.models.find(({ vendor, id }) => vendor === model.vendor && id === model.id);
		if (chosen === undefined) {
			throw new DreamError('model.notFound', `The editor has no model ${model.vendor}/${model.id} any more.`, {
				details: { isTransient: true },
			});
		}
		const source = new CancellationTokenSource();
		const aborted = new Promise<never>((_resolve, reject) => {
			signal.addEventListener(
				'abort',
				() => {
					source.cancel();
					reject(toError(signal.reason));
				},
				{ once: true },
			);
		});
		aborted.catch(() => undefined);
		const answer = async (): Promise<ModelAnswer> => {
			const response = await chosen.sendRequest(
				messages.map(toEditorMessage),
				{
					justification,
					tools: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
				},
				source.token,
			);
			return { model, ...(await readAnswer(response.stream, onText)) };
		};
		try {
			signal.throwIfAborted();
			return await Promise.race([answer(), aborted]);
		} catch (error) {
			throw modelFailure(error, chosen);
		} finally {
			source.dispose();
		}
	}

	private async look(): Promise<void> {
		if (!hasModelApi()) {
			return;
		}
		try {
			const before = JSON.stringify(this.offered());
			this.models = await withTimeout(
				lookMilliseconds,
				async () => lm.selectChatModels({}),
				() => new DreamError('model.notServed', 'The editor did not say which language models it has.'),
			);
			if (JSON.stringify(this.offered()) !== before) {
				const names = this.models.map(({ vendor, id }) => `${vendor}/${id}`);
				this.log.info(`Language models of this editor: ${names.join(', ') || 'none'}.`);
				this.changed.fire();
			}
		} catch (error) {
			this.log.warn(`The editor's language models were not looked at: ${toError(error).message}`);
		}
	}
}

/** Some editors of this family have no such API, or only a part of it. */
const hasModelApi = (): boolean => typeof (lm as Partial<typeof lm> | undefined)?.selectChatModels === 'function';

function toEditorMessage({ role, parts }: ModelMessage): LanguageModelChatMessage {
	if (role === 'assistant') {
		return LanguageModelChatMessage.Assistant(
			parts.map((part) =>
				part.kind === 'text'
					? new LanguageModelTextPart(part.text)
					: new LanguageModelToolCallPart(part.id, part.name, part.input),
			),
		);
	}
	return LanguageModelChatMessage.User(
		parts.map((part) =>
			part.kind === 'text'
				? new LanguageModelTextPart(part.text)
				: new LanguageModelToolResultPart(part.id, [new LanguageModelTextPart(part.text)]),
		),
	);
}

/** Reads an answer to its end. Parts nobody here knows, such as thoughts, are passed over. */
async function readAnswer(
	stream: AsyncIterable<unknown>,
	onText: (text: string) => void,
): Promise<Pick<ModelAnswer, 'parts' | 'usage'>> {
	const parts: ModelAnswer['parts'][number][] = [];
	let usage: ModelUsage | undefined;
	for await (const part of stream) {
		if (part instanceof LanguageModelTextPart) {
			const last = parts.at(-1);
			if (last?.kind === 'text') {
				parts[parts.length - 1] = { kind: 'text', text: last.text + part.value };
			} else if (part.value !== '') {
				parts.push({ kind: 'text', text: part.value });
			}
			onText(part.value);
		} else if (part instanceof LanguageModelToolCallPart) {
			// What a model calls is foreign: only what JSON can hold goes on.
			const input: unknown = parseJsonOrUndefined(JSON.stringify(part.input ?? {}));
			parts.push({
				kind: 'call',
				id: part.callId,
				name: part.name,
				input: isJsonObject(input) ? input : ({} satisfies JsonObject),
			});
		} else {
			usage = usageOf(part) ?? usage;
		}
	}
	return { parts, ...(usage === undefined ? {} : { usage }) };
}

/** Some providers tell usage as data of a type of that name; the API itself has no place for it. */
function usageOf(part: unknown): ModelUsage | undefined {
	const { mimeType, data } = (part ?? {}) as { readonly mimeType?: unknown; readonly data?: unknown };
	if (typeof mimeType !== 'string' || !mimeType.includes('usage') || !(data instanceof Uint8Array)) {
		return undefined;
	}
	const told = parseJsonOrUndefined(new TextDecoder().decode(data));
	const numberAt = (...names: readonly string[]) =>
		names.map((name) => (isJsonObject(told) ? told[name] : undefined)).find((value) => typeof value === 'number');
	const [input, output] = [numberAt('input_tokens', 'prompt_tokens'), numberAt('output_tokens', 'completion_tokens')];
	return input === undefined || output === undefined ? undefined : { input_tokens: input, output_tokens: output };
}
