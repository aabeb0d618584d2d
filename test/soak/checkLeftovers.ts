// Owns what the checker asks of what is left: claims, leases, processes, worktrees, hidden references.

import { readdirSync } from 'node:fs';
import { runGit } from '../support/temporaryRepository.ts';
import type { Tell } from './checkSoak.ts';
import type { Observations } from './runSoak.ts';
import type { SoakPlace } from './soakPlace.ts';
import type { SoakRecord } from './soakRecord.ts';

const endedStates = ['completed', 'failed', 'released', 'cancelled', 'blocked', 'lost'];

export function checkLeftovers(place: SoakPlace, observations: Observations, record: SoakRecord, tell: Tell): void {
	for (const { id, taskId, state } of record.runs) {
		if (!endedStates.includes(state)) {
			tell('claim', `${id} of ${taskId} is ${state}, and nobody works on it.`);
		}
	}
	for (const { id, runId, status } of record.tasks.values()) {
		if (runId !== null) {
			tell('claim', `${id} is ${status} and held by ${runId}.`);
		}
	}
	record.leases.forEach((lease) => tell('claim', `The lease ${lease} is held by somebody who is gone.`));
	observations.processes.forEach(({ pid, command }) => tell('orphan', `${pid}: ${command.slice(0, 200)}`));
	checkWorktrees(place, tell);
	checkReferences(place, record, tell);
}

function checkWorktrees({ folder, worktrees }: SoakPlace, tell: Tell): void {
	const registered = runGit(folder, 'worktree', 'list', '--porcelain')
		.split('\n')
		.filter((line) => line.startsWith('worktree '))
		.slice(1);
	registered.forEach((line) => tell('worktree', `Git knows ${line}.`));
	const left = readdirSync(worktrees, { recursive: true, withFileTypes: true }).filter((entry) =>
		entry.isDirectory(),
	);
	left.filter(({ name }) => /^(?:run|pool)-/u.test(name)).forEach(({ name, parentPath }) =>
		tell('worktree', `${parentPath}/${name} is there.`),
	);
}

/** `landed`: of a completed run, to be taken back one day. `rescue` and `checkpoints`: of a run whose task is not completed. */
function checkReferences({ folder }: SoakPlace, record: SoakRecord, tell: Tell): void {
	const runs = new Map(record.runs.map((run) => [run.id, run]));
	for (const name of runGit(folder, 'for-each-ref', '--format=%(refname)', 'refs/dreamos/')
		.split('\n')
		.filter(Boolean)) {
		const [, , kind = '', id = ''] = name.split('/');
		const run = runs.get(id);
		const isCompleted = record.tasks.get(run?.taskId ?? '')?.status === 'COMPLETED';
		const isExplained =
			run !== undefined &&
			(kind === 'landed'
				? run.state === 'completed'
				: (kind === 'rescue' || kind === 'checkpoints') && !isCompleted);
		if (!isExplained) {
			tell(
				'reference',
				`${name}${run === undefined ? ' belongs to no run' : `: its run is ${run.state}, its task ${record.tasks.get(run.taskId)?.status ?? 'gone'}`}.`,
			);
		}
	}
	const others = runGit(folder, 'for-each-ref', '--format=%(refname)')
		.split('\n')
		.filter((name) => name !== '' && name !== 'refs/heads/main' && !name.startsWith('refs/dreamos/'));
	others.forEach((name) => tell('reference', `${name} is none of ours, and was not there before.`));
}
