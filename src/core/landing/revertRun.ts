// Owns taking back what a run landed: the change backwards, three-way, onto what is open now. What was changed since stays, or stands in
// the way and is named. Cut short anywhere, it can be done again and ends the same.

import { describeError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { countOf } from '../../base/words.ts';
import type { Command } from '../ledger.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { applyChange } from './applyChange.ts';
import { revertWords } from './conflictWords.ts';
import type { LandingParts } from './landRun.ts';
import { forgetRecord, readRecord } from './landedRecord.ts';
import { describeConflicts } from './planLanding.ts';

type Verdict =
	| { readonly kind: 'reverted'; readonly files: readonly string[] }
	| { readonly kind: 'refused'; readonly reason: string; readonly files: readonly string[] };

/** Carries out a taken command to take a landing back. Rejects only when the ledger cannot be read or written. */
export async function revertRun(parts: LandingParts, command: Command): Promise<void> {
	const { run_id: runId, reopen } = command.data;
	const run = typeof runId === 'string' ? await parts.read((reader) => reader.run(runId)) : undefined;
	if (run === undefined) {
		await parts.write((transaction) =>
			transaction.finishCommand(command.command_id, 'failed', { reason: 'there is no such run', files: [] }),
		);
		return;
	}
	const { run_id, task_id } = run;
	const verdict = await takeBack(parts, run_id, task_id).catch((error: unknown): Verdict => ({
		kind: 'refused',
		reason: describeError(error),
		files: [],
	}));
	await parts.write(async (transaction) => {
		const data: JsonObject = { files: [...verdict.files] };
		if (verdict.kind === 'refused') {
			await transaction.append({
				type: 'landing.refused',
				task_id,
				run_id,
				message: `what ${run_id} landed was not taken back: ${verdict.reason}`,
				data,
			});
			await transaction.finishCommand(command.command_id, 'failed', { ...data, reason: verdict.reason });
			return;
		}
		await transaction.append({
			type: 'landing.reverted',
			task_id,
			run_id,
			message: `what ${run_id} landed was taken back: ${countOf(verdict.files.length, 'file')}`,
			data,
		});
		await transaction.finishCommand(command.command_id, 'done', data);
		if (reopen === true && (await transaction.task(task_id))?.task.status === 'COMPLETED') {
			await advanceTask(transaction, { taskId: task_id, move: 'reopen', reason: 'its change was taken back' });
		}
	});
	if (verdict.kind === 'reverted') {
		await forgetRecord(parts.git, run_id).catch((error: unknown) =>
			parts.log.warn(`The record of ${run_id} was not removed: ${describeError(error)}`),
		);
	}
}

async function takeBack(parts: LandingParts, runId: string, taskId: string): Promise<Verdict> {
	const record = await readRecord(parts.git, runId);
	if (record === undefined) {
		return {
			kind: 'refused',
			reason: `what ${runId} landed is not kept: it changed nothing, was taken back already, or landed too long ago`,
			files: [],
		};
	}
	const applied = await applyChange(parts, {
		base: record.after,
		result: record.before,
		label: `Dream.OS: undo ${taskId}`,
		words: revertWords,
	});
	return applied.kind === 'applied'
		? { kind: 'reverted', files: applied.changes.map(({ path }) => path) }
		: {
				kind: 'refused',
				reason: `it does not fit what is there now: ${describeConflicts(applied.conflicts)}`,
				files: applied.conflicts.map(({ path }) => path),
			};
}
