// Owns recognising records that are versions the ledger has left behind: git checked out an older commit, a backup was put back.
// Nobody who edits a task sets its stamp back to a time at which the ledger itself wrote it. Such a record proposes nothing, and a
// file that shows one does not know of what came since, so nothing is removed by it either.

import { isJsonObject } from '../../base/json.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Task } from '../task/task.ts';
import type { ApplyContext } from './applyContext.ts';
import { keepRecord, tellRefusals } from './applyContext.ts';
import type { BoardSide, Occurrence, RecordChange } from './boardDiff.ts';
import type { RebasedDiff } from './replacedRecords.ts';

interface OldVersion {
	readonly id: string;
	/** Where the files showed the present version. */
	readonly before: Occurrence;
	/** The old one. */
	readonly after: Occurrence;
}

export interface DatedDiff {
	/** What is left to take over. */
	readonly diff: RebasedDiff;
	readonly old: readonly OldVersion[];
}

/** Git replaces several files one after another: what is missing in the next one is missing for the same reason. */
const togetherMilliseconds = 5000;

/**
 * Sets aside what old versions would undo.
 * @param isByGit whether git wrote the files: what they lack then, it takes nothing away.
 */
export async function setOldVersionsAside(
	transaction: LedgerTransaction,
	sides: readonly BoardSide[],
	diff: RebasedDiff,
	now: number,
	isByGit: boolean,
): Promise<DatedDiff> {
	const old: OldVersion[] = [];
	for (const candidate of candidates(sides, diff)) {
		if (await isLeftBehind(candidate, transaction)) {
			old.push(candidate);
		}
	}
	const hasRemovals = diff.changes.some(({ after }) => after === undefined);
	// A commit from before a task was made does not say that it is to go.
	const lacksOnly = hasRemovals && (isByGit || (await cameBackLately(transaction, now)));
	if (old.length === 0 && !lacksOnly) {
		return { diff, old };
	}
	const ids = new Set(old.map(({ id }) => id));
	// What somebody typed into the present record meanwhile is theirs, and stands in another place.
	const isOld = ({ id, after }: RecordChange) =>
		old.some((each) => each.id === id && (after === undefined || after.entry === each.after.entry));
	const isMissing = ({ id, before, after }: RecordChange) =>
		after === undefined && before !== undefined && !ids.has(id);
	const shown = old.flatMap(({ before, after }) => [before.board, after.board]);
	const missing = diff.changes.filter(isMissing);
	return {
		old,
		diff: {
			...diff,
			changes: diff.changes.filter((change) => !isOld(change) && !isMissing(change)),
			copies: diff.copies.filter(({ entry }) => !old.some(({ after }) => after.entry === entry)),
			orders: new Map([...diff.orders].filter(([board]) => !shown.includes(board))),
			unknown: [...diff.unknown, ...missing],
		},
	};
}

/** Says that an old version came back, and has the boards show the present one again. */
export async function refuseOldVersions(context: ApplyContext, old: readonly OldVersion[]): Promise<void> {
	const { transaction } = context;
	for (const { id, before, after } of old) {
		const stored = await transaction.task(id);
		if (stored === undefined) {
			await keepRecord(transaction, id, after, 'is an old version of what is no task any more');
			continue;
		}
		await tellRefusals(context, id, after.board, stored.board, [
			{
				code: 'record.stale',
				severity: 'information',
				message: `An old version of ${id} came back in ${after.board}.json (${after.entry.task?.status ?? 'unreadable'}); the present one (${stored.task.status}) stands.`,
				advice: 'To go back on purpose, change the status of the task itself.',
				value: after.entry.value,
				isWrittenBack: true,
			},
		]);
		context.writeBack.add(before.board);
		// Its record counts as changed, because the one in the file is to be replaced.
		await transaction.replaceTask(stored, { status: stored.task.status, epoch: stored.epoch });
	}
}

/** Records whose stamps go back: changed ones, and copies beside the present record. */
function candidates(sides: readonly BoardSide[], diff: RebasedDiff): OldVersion[] {
	const copies = sides.flatMap(({ board, base, file }) =>
		base === file || diff.stale.has(board)
			? []
			: [...file.byId].flatMap(([id, [entry]]) =>
					entry === undefined || base.byId.has(id) ? [] : [{ id, after: { board, entry } }],
				),
	);
	// What was seen against the version its writer had read is judged already.
	const changes = diff.changes.filter(({ mirrored }) => mirrored === undefined);
	const found = new Map([...changes, ...copies].map((each) => [`${each.id} ${each.after?.board ?? ''}`, each]));
	return [...found.values()].flatMap(({ id, after }): OldVersion[] => {
		// Of several records the one with the latest stamp shows the task; another is a copy that was refused.
		const [home] = sides
			.filter(({ base }) => base.byId.has(id))
			.toSorted((left, right) => stampOf(right, id).localeCompare(stampOf(left, id)));
		const entry = home?.base.entry(id);
		return home !== undefined &&
			entry !== undefined &&
			after !== undefined &&
			goesBack(after.entry.task, entry.task)
			? [{ id, before: { board: home.board, entry }, after }]
			: [];
	});
}

const stampOf = ({ base }: BoardSide, id: string): string => base.entry(id)?.task?.updated_at ?? '';

function goesBack(found: Task | undefined, present: Task | undefined): boolean {
	const time = present?.updated_at ?? null;
	if (found === undefined || time === null) {
		return false;
	}
	return found.updated_at === null ? found.status !== present?.status : found.updated_at < time;
}

/** Stamps of other programs may be in another zone, so what counts is that the ledger wrote this very one. */
async function isLeftBehind({ id, after }: OldVersion, reader: LedgerReader): Promise<boolean> {
	const found = after.entry.task;
	if (found === undefined) {
		return false;
	}
	const { updated_at, claimed_at, started_at, completed_at, status } = found;
	if (updated_at !== null) {
		return (await reader.events({ task_id: id, at: updated_at, limit: 1 })).length > 0;
	}
	// Added by hand, and without any stamp until its first move.
	if (claimed_at !== null || started_at !== null || completed_at !== null) {
		return false;
	}
	const [, first] = await reader.events({ task_id: id, types: ['task.created', 'task.moved'], limit: 2 });
	return isJsonObject(first?.data) && first.data['from'] === status;
}

async function cameBackLately(transaction: LedgerTransaction, now: number): Promise<boolean> {
	const latest = await transaction.events({ newestFirst: true, limit: 50 });
	return latest.some(
		({ type, at, data }) =>
			type === 'board.problem' &&
			isJsonObject(data) &&
			data['code'] === 'record.stale' &&
			now - Date.parse(at) < togetherMilliseconds,
	);
}
