// Owns what can be done with runs: look at them, read their log, accept or reject what they propose.

import * as z from 'zod';
import { readUsage } from '../budget/usage.ts';
import { narrowChange } from '../landing/narrowChange.ts';
import { hasLiveEditor, requestLanding } from '../landing/requestLanding.ts';
import { reviveLanding } from '../landing/reviveLanding.ts';
import { runReference } from '../landing/runReferences.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { closeReviews } from '../gate/agentReview.ts';
import { recordReview } from '../gate/recordReview.ts';
import { requireRun } from '../run/heldRun.ts';
import type { Run } from '../run/run.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { JsonObject } from '../../base/json.ts';
import { isOpenRun, runStates } from '../run/run.ts';
import { sharedFiles } from '../run/sharedFiles.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';
import { byRun, requireReview } from './runInput.ts';

const list = defineAction({
	id: 'run.list',
	title: 'List Runs',
	description: 'Lists attempts at tasks, newest first, with the files that another agent changes at the same time.',
	effect: 'read',
	input: z.object({
		task_id: z.string().optional().describe('Only runs of this task'),
		worker: z.string().optional().describe('Only runs of this agent or person'),
		state: z.enum(runStates).optional().describe('Only runs in this state'),
		limit: z.number().int().positive().max(10_000).default(100).describe('At most this many'),
	}),
	run: (context, { state, task_id, worker, limit }) =>
		context.ledger.read(async (reader) => {
			const shared = sharedFiles(await reader.runs({ state: runStates.filter(isOpenRun) }));
			const runs = await reader.runs({
				...(task_id === undefined ? {} : { task_id }),
				...(worker === undefined ? {} : { worker }),
				...(state === undefined ? {} : { state: [state] }),
				limit,
			});
			return runs.map((run) => ({ ...run, shared: shared.get(run.run_id) ?? [] }));
		}),
});

const show = defineAction({
	id: 'run.show',
	title: 'Show Run',
	description: 'Shows one run with its gates, events, and what each of its turns took.',
	effect: 'read',
	input: z.object(byRun),
	terminal: { positionals: ['run_id'] },
	run: (context, { run_id }) =>
		context.ledger.read(async (reader) => ({
			...(await requireRun(reader, run_id)),
			...(await readUsage(reader, { run_id })),
			questions: await reader.questions({ run_id, state: 'open' }),
			history: await reader.events({ run_id }),
		})),
});

const accept = defineAction({
	id: 'run.accept',
	title: 'Accept Change',
	description:
		'Lands the change of a run in review, or the named part of it, in the open workspace and completes its task.',
	effect: 'danger',
	input: z.object({
		...byRun,
		files: z.array(z.string().min(1)).optional().describe('Only this file of the change'),
		reject_files: z.array(z.string().min(1)).optional().describe('Not this file of the change'),
		reject_hunks: z
			.array(z.string().regex(/^.+:\d+(?:,\d+)*$/u, 'must be like src/a.ts:1,3'))
			.optional()
			.describe('Not these places of a file, by their numbers in `run changes`, as PATH:1,3'),
	}),
	terminal: { positionals: ['run_id'] },
	async run(context, { run_id, files, reject_files, reject_hunks }) {
		const { ledger, actor, clock, git, swarm } = context;
		const now = clock.now();
		const toBranch = context.settings['landing.mode'] === 'branch';
		const isPart = files !== undefined || reject_files !== undefined || reject_hunks !== undefined;
		const run = await ledger.read((reader) => requireRun(reader, run_id));
		if (isPart) {
			requireReview(run);
		}
		const part = isPart
			? await narrowChange(git, run, {
					files,
					rejectFiles: reject_files,
					rejectHunks: hunksByFile(reject_hunks ?? []),
				})
			: undefined;
		if (part !== undefined) {
			await git.setReference(runReference(run_id), part.commit);
		}
		const request = ledger.write(actor, async (transaction) => {
			const hasWindow = await hasLiveEditor(transaction, now);
			const left = part === undefined ? await reviveLanding(transaction, run, now) : undefined;
			if (left !== undefined) {
				return { command_id: left.command_id, hasEditor: hasWindow && left.target === 'editor' };
			}
			const current = await requireRun(transaction, run_id);
			requireReview(current);
			await closeReviews(transaction, current);
			await recordReview(transaction, current, { verdict: part === undefined ? 'accepted' : 'accepted in part' });
			const wanted = part === undefined ? current : await acceptPart(transaction, current, part);
			return {
				command_id: await requestLanding(transaction, wanted, { hasEditor: hasWindow, toBranch }),
				hasEditor: hasWindow && !toBranch,
			};
		});
		const { command_id, hasEditor } = await request.catch(async (error: unknown) => {
			if (part !== undefined && run.result_commit !== null) {
				// Nothing was decided: the whole change is kept, as before.
				await git.setReference(runReference(run_id), run.result_commit);
			}
			throw error;
		});
		if (!hasEditor && !(await swarm.status()).isRunning) {
			await swarm.land(command_id);
		}
		return ledger.read(async (reader) => ({
			run: await requireRun(reader, run_id),
			task: (await reader.task(run.task_id))?.task ?? null,
			rejected: part?.rejected ?? [],
		}));
	},
});

function hunksByFile(words: readonly string[]): Record<string, number[]> {
	const hunks: Record<string, number[]> = {};
	for (const word of words) {
		const colon = word.lastIndexOf(':');
		const path = word.slice(0, colon);
		hunks[path] = [
			...(hunks[path] ?? []),
			...word
				.slice(colon + 1)
				.split(',')
				.map(Number),
		];
	}
	return hunks;
}

/** Makes the accepted part the result of the run, and writes down what was not wanted. */
async function acceptPart(
	transaction: LedgerTransaction,
	run: Run,
	{ commit, files, rejected }: Awaited<ReturnType<typeof narrowChange>>,
): Promise<Run> {
	const parts = rejected.map(({ path, hunks }) => (hunks === undefined ? path : `${path} (${hunks.join(', ')})`));
	const data: JsonObject = {
		rejected: rejected.map(({ path, hunks }): JsonObject => ({
			path,
			...(hunks === undefined ? {} : { hunks: [...hunks] }),
		})),
		full_result: run.result_commit,
	};
	await transaction.append({
		type: 'run.narrowed',
		task_id: run.task_id,
		run_id: run.run_id,
		message:
			rejected.length === 0
				? 'all of the change was accepted'
				: `a part of the change was accepted, without ${parts.slice(0, 10).join(', ')}; the checks ran on all of it`,
		data,
	});
	return transaction.updateRun(run, { result_commit: commit, files: [...files] });
}

const reject = defineAction({
	id: 'run.reject',
	title: 'Reject Change',
	description:
		'Refuses the change of a run in review; the task goes back to its queue with the reason, for a later attempt.',
	effect: 'danger',
	input: z.object({
		...byRun,
		reason: z.string().trim().min(1, 'say why').max(10_000).describe('What should be different'),
	}),
	terminal: { positionals: ['run_id'] },
	run: (context, { run_id, reason }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const run = await requireRun(transaction, run_id);
			requireReview(run);
			await recordReview(transaction, run, { verdict: 'rejected', reason });
			await closeReviews(transaction, run);
			const { stored } = await advanceTask(transaction, {
				taskId: run.task_id,
				move: 'release',
				runState: 'failed',
				reason: `the change was rejected: ${reason}`,
				token: { run_id, epoch: run.epoch },
			});
			return { task: stored.task };
		}),
});

export const runActions: readonly DefinedAction[] = [list, show, accept, reject];
