// Owns what is said of a move before it is made: the sentence, with the tasks in it.

import * as l10n from '@vscode/l10n';
import type { DropAnswer } from '../../../src/protocol/dashboardApi.ts';
import { taskCount } from '../../shared/taskCount.ts';

type Move = NonNullable<DropAnswer['places'][number]['move']>;

/** One task by its id, several as how many they are. */
export const whatOf = (taskIds: readonly string[]): string =>
	taskIds.length === 1 ? (taskIds[0] ?? '') : taskCount(taskIds.length);

const sentences: Readonly<Record<Move, (what: string) => string>> = {
	ready: (what) => l10n.t('make {0} ready', what),
	shelve: (what) => l10n.t('move {0} back to the backlog', what),
	claim: (what) => l10n.t('claim {0}', what),
	start: (what) => l10n.t('start {0}', what),
	validate: (what) => l10n.t('validate {0}', what),
	rework: (what) => l10n.t('send {0} back', what),
	review: (what) => l10n.t('put {0} up for review', what),
	complete: (what) => l10n.t('complete {0}', what),
	block: (what) => l10n.t('block {0}', what),
	unblock: (what) => l10n.t('unblock {0}', what),
	fail: (what) => l10n.t('fail {0}', what),
	cancel: (what) => l10n.t('cancel {0}', what),
	release: (what) => l10n.t('release {0}', what),
	retry: (what) => l10n.t('retry {0}', what),
	reopen: (what) => l10n.t('reopen {0}', what),
	accept: (what) => l10n.t('accept the change of {0}', what),
};

/** Empty where nothing would be done. */
export const sayMove = (move: Move | null, taskIds: readonly string[]): string =>
	move === null ? '' : sentences[move](whatOf(taskIds));
