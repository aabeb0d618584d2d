// Owns Search Tasks: a quick pick that searches while one types. What is found, and in which order, is the action's; the editor's
// own matching is kept out of it.

import type { QuickInputButton, QuickPickItem } from 'vscode';
import { ThemeIcon, window, l10n } from 'vscode';
import { coalesce } from '../../base/async.ts';
import { describeError } from '../../base/errors.ts';
import type { SearchHit, SearchPage } from '../../core/search/searchTasks.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import { boardTitles } from '../views/taskRows.ts';
import type { CommandHandler } from './commandRegistry.ts';

interface HitItem extends QuickPickItem {
	/** undefined for a line that only says something. */
	readonly taskId?: string;
}

export interface SearchTasksParts {
	readonly performer: Performer;
	/** Selects the task in the Tasks view. */
	readonly reveal: (taskId: string) => Promise<unknown>;
	readonly openInBoard: (taskId: string) => Promise<void> | void;
}

const openButton: QuickInputButton = { iconPath: new ThemeIcon('go-to-file'), tooltip: l10n.t('Open Task in Board') };
/** How long the typing rests before it is searched for. */
const restMilliseconds = 120;

function toItem({ task_id, name, status, board, where, snippet }: SearchHit): HitItem {
	const label = plainLabel(name) || plainLabel(task_id);
	return {
		taskId: task_id,
		label,
		description: [task_id, boardTitles[board], status].map((part) => plainLabel(part, 80)).join(' · '),
		// The name is there already.
		...(where === 'name' || where === 'id' ? {} : { detail: plainLabel(`${where}: ${snippet}`) }),
		alwaysShow: true,
		buttons: [openButton],
	};
}

const saying = (label: string): HitItem => ({ label, alwaysShow: true });

export function searchTasksCommand({ performer, reveal, openInBoard }: SearchTasksParts): CommandHandler {
	return () =>
		new Promise<void>((resolve, reject) => {
			const store = new DisposableStore();
			const picker = store.add(window.createQuickPick<HitItem>());
			const look = async () => {
				const { value } = picker;
				const page = await performer.perform<SearchPage>('task.search', { query: value.slice(0, 1000) });
				if (picker.value !== value) {
					// What was typed meanwhile is searched for next.
					return;
				}
				const { total, hits, notes } = page;
				const found = hits.length === 0 ? [saying(l10n.t('No task was found'))] : hits.map(toItem);
				picker.items = [...notes.map((note) => saying(plainLabel(note))), ...found];
				picker.title =
					total > hits.length
						? l10n.t('Search Tasks ({0} of {1})', hits.length, total)
						: l10n.t('Search Tasks');
				picker.busy = false;
			};
			const search = store.add(
				coalesce(restMilliseconds, look, (error) => {
					picker.items = [saying(plainLabel(describeError(error)))];
					picker.busy = false;
				}),
			);
			const ask = () => {
				picker.busy = true;
				search.trigger();
			};
			const go = (work: Promise<unknown> | void) => {
				picker.hide();
				Promise.resolve(work).then(() => resolve(), reject);
			};
			picker.title = l10n.t('Search Tasks');
			picker.placeholder = l10n.t('Words, "a phrase", -excluded, status:blocked, tag:…, agent:…, since:7d');
			store.add(picker.onDidChangeValue(ask));
			store.add(
				picker.onDidAccept(() => {
					const taskId = picker.selectedItems[0]?.taskId;
					if (taskId !== undefined) {
						go(reveal(taskId));
					}
				}),
			);
			store.add(
				picker.onDidTriggerItemButton(({ item }) => {
					if (item.taskId !== undefined) {
						go(openInBoard(item.taskId));
					}
				}),
			);
			store.add(
				picker.onDidHide(() => {
					store.dispose();
					resolve();
				}),
			);
			picker.show();
			ask();
		});
}
