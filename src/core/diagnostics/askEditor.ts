// Owns asking an attached window for the problems it has for some files: a command in the ledger that one window takes. A window that
// dies over it gives its place to another; who asked and does not wait any more takes the question back.

import { newId } from '../../base/ids.ts';
import type { Event } from '../../base/event.ts';
import { hasLiveEditor } from '../landing/requestLanding.ts';
import { isTakerAlive } from '../landing/landingTaker.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import { commandKinds } from '../swarmFacts.ts';
import type { PlaceReading, ProblemRequest } from './problemReading.ts';
import { readProblemAnswer } from './problemReading.ts';

export interface AskParts {
	readonly ledger: {
		readonly onDidChange: Event<unknown>;
		read<T>(work: (reader: LedgerReader) => Promise<T>): Promise<T>;
		write<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
	};
	readonly clock: Clock;
	/** How long a window may take to begin; less in tests. */
	readonly patience?: number;
}

export type EditorAnswer =
	| { readonly isRead: true; readonly places: readonly PlaceReading[] }
	/** Nobody read anything; why, as the end of a sentence. */
	| { readonly isRead: false; readonly reason: string };

/** A window whose process hangs holds no lease any more; one that is only busy may take this long to begin. */
const takePatienceMilliseconds = 30_000;
/** A window that is gone is noticed by time alone. */
const lookMilliseconds = 1000;

/** Rejects with the signal's reason when it aborts, and as the ledger does. */
export async function askEditor(
	{ ledger, clock, patience = takePatienceMilliseconds }: AskParts,
	request: ProblemRequest,
	signal: AbortSignal,
): Promise<EditorAnswer> {
	signal.throwIfAborted();
	const command_id = newId('command');
	await ledger.write((transaction) =>
		transaction.insertCommand({
			command_id,
			target: 'editor',
			kind: commandKinds.readProblems,
			data: {
				...request,
				places: request.places.map(({ folder, files }) => ({ folder, files: [...files] })),
			},
		}),
	);
	let wake: () => void = () => undefined;
	const subscription = ledger.onDidChange(() => wake());
	const onAbort = () => wake();
	signal.addEventListener('abort', onAbort);
	const timer = setInterval(() => wake(), lookMilliseconds);
	let waitingSince = clock.monotonic();
	try {
		for (;;) {
			signal.throwIfAborted();
			const beat = new Promise<void>((resolve) => {
				wake = resolve;
			});
			const now = clock.now();
			const { command, hasEditor, isOrphan } = await ledger.read(async (reader) => {
				const found = await reader.command(command_id);
				return {
					command: found,
					hasEditor: await hasLiveEditor(reader, now),
					isOrphan: found?.state === 'taken' && !(await isTakerAlive(reader, found, now)),
				};
			});
			if (command?.state === 'done') {
				const places = readProblemAnswer(command.answer);
				return places?.length === request.places.length
					? { isRead: true, places }
					: { isRead: false, reason: 'the answer of the window cannot be read' };
			}
			if (command === undefined || command.state === 'failed') {
				const said = command?.answer?.['reason'];
				return { isRead: false, reason: typeof said === 'string' ? said : 'the window could not read them' };
			}
			if (isOrphan) {
				await ledger.write((transaction) => transaction.returnCommand(command_id));
				continue;
			}
			if (command.state === 'taken') {
				waitingSince = clock.monotonic();
			}
			const reason = !hasEditor
				? 'no editor window is attached'
				: now > request.until
					? 'the window was not done in time'
					: clock.monotonic() - waitingSince > patience
						? 'no attached window took the question'
						: undefined;
			if (reason !== undefined) {
				return { isRead: false, reason };
			}
			await beat;
		}
	} finally {
		clearInterval(timer);
		subscription.dispose();
		signal.removeEventListener('abort', onAbort);
		await ledger
			.write((transaction) =>
				transaction.finishCommand(command_id, 'failed', { reason: 'nobody waits any more' }),
			)
			.catch(() => undefined);
	}
}
