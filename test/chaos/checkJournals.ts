// Owns the comparison of what the workers were told with what the history says: everything acknowledged is there once and in order,
// nothing refused is there, and of what was never answered at most the last operation of each life.

import type { Tell, Verdict } from './checker.ts';
import type { History, RunHistory } from './history.ts';
import type { Acknowledged, Intent, JournalLine } from './journal.ts';
import { readJournals } from './journal.ts';

type Work = { -readonly [Name in 'operations' | 'refusals' | 'fileWork' | 'edits']: Writable<Verdict[Name]> };
type Writable<Counts> = { -readonly [Name in keyof Counts]: Counts[Name] };

export function checkJournals(folder: string, history: History, tell: Tell): Work {
	const work: Work = { operations: {}, refusals: {}, fileWork: {}, edits: {} };
	const words = new Set(history.words.keys());
	const runs = new Map([...history.runs].filter(([, { actor }]) => actor.includes('.')));
	for (const [name, lines] of readJournals(folder)) {
		const role = name.split('-')[0] ?? '';
		const counts = (work.operations[role] ??= { acknowledged: 0, refused: 0, unanswered: 0 });
		let last = 0;
		let intent: Intent | undefined;
		const giveUp = (): void => {
			if (intent !== undefined) {
				counts.unanswered += 1;
				words.delete(intent.token);
				forgetRun(runs, name, intent);
				intent = undefined;
			}
		};
		for (const line of lines) {
			switch (line.kind) {
				case 'intent':
					giveUp();
					intent = line;
					break;
				case 'refused':
					counts.refused += 1;
					work.refusals[line.code] = (work.refusals[line.code] ?? 0) + 1;
					if (line.code.startsWith('unexpected') || line.code.startsWith('internal')) {
						tell('process', `${line.token} was refused with ${line.code}`);
					}
					intent = undefined;
					break;
				case 'acknowledged':
					counts.acknowledged += 1;
					if (intent?.token === line.token) {
						words.delete(line.token);
						runs.delete(line.run ?? '');
						last = checkAcknowledged(intent, line, last, history, tell);
					}
					intent = undefined;
					break;
				default:
					countFileWork(line, work, history, tell);
			}
		}
		giveUp();
		if (counts.acknowledged + counts.refused + counts.unanswered === 0) {
			delete work.operations[role];
		}
	}
	for (const word of words) {
		tell(
			'ghostWrite',
			`${word} is in the history (event ${history.words.get(word)?.sequence}), and was never acknowledged.`,
		);
	}
	for (const [id, run] of runs) {
		tell('ghostWrite', `${run.actor} holds ${id} of ${run.task} (event ${run.openedAt}), and was never told so.`);
	}
	return work;
}

/** A claim that was never answered may have come to a run. */
function forgetRun(runs: Map<string, RunHistory>, name: string, { action, task }: Intent): void {
	if (action !== 'task.claim' && action !== 'task.start') {
		return;
	}
	const found = [...runs].filter(([, run]) => run.actor.endsWith(`:${name}`) && run.task === task).at(-1);
	if (found !== undefined) {
		runs.delete(found[0]);
	}
}

/** Where the acknowledged operation stands in the history; `last` where that cannot be told. */
function checkAcknowledged(
	intent: Intent,
	{ token, run: runId, epoch }: Acknowledged,
	last: number,
	history: History,
	tell: Tell,
): number {
	const what = `${intent.action} ${intent.task} (${token})`;
	const run = runId === undefined ? undefined : history.runs.get(runId);
	let place: number | undefined;
	let epochThen: number | undefined;
	switch (intent.action) {
		case 'task.claim':
			place = run?.openedAt;
			if (run !== undefined && (run.epoch !== epoch || run.task !== intent.task)) {
				tell('fence', `${what} was given epoch ${epoch}, the history says ${run.epoch} of ${run.task}.`);
			}
			break;
		case 'task.start':
			place = run?.startedAt;
			epochThen = run?.epoch;
			break;
		case 'task.complete':
			if (runId === undefined) {
				return last;
			}
			place = run?.state === 'completed' ? run.closedAt : undefined;
			epochThen = run?.epoch;
			break;
		default: {
			const word = history.words.get(intent.action === 'task.create' ? intent.task : token);
			place = word?.sequence;
			epochThen = word?.epoch;
		}
	}
	if (place === undefined) {
		tell('lostWrite', `${what} was acknowledged, and is not in the history.`);
		return last;
	}
	if (place <= last) {
		tell('order', `${what} is event ${place}, but what came before it is event ${last}.`);
	}
	if (intent.epoch !== undefined && epochThen !== undefined && intent.epoch !== epochThen) {
		tell('fence', `${what} carried epoch ${intent.epoch}, and was written at epoch ${epochThen}.`);
	}
	return place;
}

function countFileWork(line: JournalLine, work: Work, history: History, tell: Tell): void {
	const { fileWork, edits } = work;
	if (line.kind === 'note') {
		fileWork[line.what] = (fileWork[line.what] ?? 0) + 1;
	} else if (line.kind === 'outcome') {
		edits[line.outcome] = (edits[line.outcome] ?? 0) + 1;
		if (line.outcome !== 'waiting' && !history.typed.has(`typed_${line.token}`)) {
			tell('handEdit', `What ${line.token} typed stood in a board, is gone from it, and is told nowhere.`);
		}
	}
}
