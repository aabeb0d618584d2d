// Owns Create Tasks from List and Export Tasks: where a list comes from, where one goes, and the look at what would be created
// before it is.

import path from 'node:path';
import { Uri, window, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { BoardName } from '../../core/task/taskStatus.ts';
import { boardNames } from '../../core/task/taskStatus.ts';
import { countOfLines, countOfTasks } from '../counts.ts';
import type { ReportDocuments } from '../documents/reportDocuments.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainMessage } from '../plainText.ts';
import { boardTitles } from '../views/taskRows.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import type { Option } from './pickers.ts';
import { pickOne } from './pickers.ts';
import { taskOf } from './rowArguments.ts';
import { inView } from './workspaceCommands.ts';

export interface ListCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly reports: ReportDocuments;
	/** Ids of the tasks that are selected in the Tasks view. */
	readonly selectedTasks: () => readonly string[];
}

interface ImportAnswer {
	readonly ok: boolean;
	readonly created: readonly { readonly task_id: string; readonly name: string; readonly status: string }[];
	readonly skipped: readonly { readonly task_id: string; readonly line: number; readonly reason: string }[];
	readonly problems: readonly { readonly line: number; readonly field?: string; readonly message: string }[];
}

interface List {
	readonly text: string;
	readonly source: string;
}

/** Names of the dialog; the rest is in the document behind it. */
const shownNames = 10;

/** The selection or the whole of the active editor, where the person says so; else a file. Undefined when left with Esc. */
async function askForList(session: WorkspaceSession): Promise<List | undefined> {
	const editor = window.activeTextEditor;
	if (editor !== undefined) {
		const { document, selection } = editor;
		const source = path.basename(document.fileName);
		const isSelected = !selection.isEmpty;
		const chosen = await pickOne(
			[
				{
					value: true,
					label: isSelected ? l10n.t('The selected text') : l10n.t('This document'),
					description: isSelected ? countOfLines(selection.end.line - selection.start.line + 1) : source,
				},
				{ value: false, label: l10n.t('A file…'), description: l10n.t('JSON, CSV or Markdown') },
			],
			{ title: l10n.t('Create Tasks from List'), placeHolder: l10n.t('Where is the list?') },
		);
		if (chosen !== false) {
			return chosen === undefined
				? undefined
				: { text: document.getText(isSelected ? selection : undefined), source };
		}
	}
	const workspace = session.require();
	const [file] =
		(await window.showOpenDialog({
			title: l10n.t('Create Tasks from List'),
			openLabel: l10n.t('Create Tasks'),
			defaultUri: Uri.file(workspace.folder),
			filters: { [l10n.t('Lists of tasks')]: ['md', 'markdown', 'csv', 'tsv', 'json', 'txt'] },
		})) ?? [];
	return file === undefined
		? undefined
		: { text: await workspace.ports.files.readText(file.fsPath), source: path.basename(file.fsPath) };
}

async function importList({ session, performer, notifier, reports }: ListCommandParts): Promise<void> {
	performer.assertReady();
	const list = await askForList(session);
	if (list === undefined) {
		return;
	}
	const plan = await inView(() => performer.perform<ImportAnswer>('task.import', { ...list, dry_run: true }));
	const problems = plan.problems.map(({ line, field, message }) =>
		field === undefined
			? l10n.t('Line {0}: {1}', line, message)
			: l10n.t('Line {0}, {1}: {2}', line, field, message),
	);
	if (!plan.ok) {
		await reports.open(l10n.t('What is wrong with {0}', list.source), problems);
		throw new DreamError(
			'task.importRefused',
			problems.length === 1
				? l10n.t('Nothing was created: 1 fault in the list.')
				: l10n.t('Nothing was created: {0} faults in the list.', problems.length),
			{
				advice: l10n.t('Correct the list and import it again.'),
			},
		);
	}
	if (plan.created.length === 0) {
		notifier.answer(
			plan.skipped.length === 1
				? l10n.t('Nothing to create: 1 task of the list is there already.')
				: l10n.t('Nothing to create: {0} tasks of the list are there already.', plan.skipped.length),
		);
		return;
	}
	const names = plan.created
		.slice(0, shownNames)
		.map(({ name, task_id }) => plainMessage(name === '' ? task_id : name));
	const more = plan.created.length - names.length;
	const lines = [
		...names,
		...(more > 0 ? [l10n.t('… and {0} more.', more)] : []),
		...(plan.skipped.length > 0
			? [
					plan.skipped.length === 1
						? l10n.t('1 entry is there already and stays as it is.')
						: l10n.t('{0} entries are there already and stay as they are.', plan.skipped.length),
				]
			: []),
		...problems.slice(0, shownNames).map((line) => plainMessage(line)),
	];
	const yes = l10n.t('Create');
	const question = l10n.t('Create {0} from {1}?', countOfTasks(plan.created.length), list.source);
	const chosen = await window.showInformationMessage(
		plainMessage(question),
		{ modal: true, detail: lines.join('\n') },
		yes,
	);
	if (chosen === yes) {
		const { created } = await inView(() => performer.perform<ImportAnswer>('task.import', list));
		notifier.answer(l10n.t('{0} created.', countOfTasks(created.length)));
	}
}

type Choice = { readonly task_ids?: readonly string[]; readonly board?: BoardName };
type Format = 'markdown' | 'csv' | 'json' | 'legacy';

const formats: readonly Option<Format>[] = [
	{ value: 'markdown', label: l10n.t('Markdown'), description: l10n.t('a list to read and edit') },
	{ value: 'csv', label: 'CSV', description: l10n.t('for a spreadsheet') },
	{ value: 'json', label: 'JSON', description: l10n.t('the records of the boards') },
	{
		value: 'legacy',
		label: l10n.t('JSON for older agents'),
		description: l10n.t('the old field names and statuses; not everything fits'),
	},
];
const endings: Readonly<Record<Format, string>> = { markdown: 'md', csv: 'csv', json: 'json', legacy: 'json' };

/** What to export; the row a command was chosen on counts as selected. */
async function askForTasks(
	{ session, selectedTasks }: ListCommandParts,
	argument: unknown,
): Promise<Choice | undefined> {
	const row = taskOf(argument);
	const selected = selectedTasks();
	const chosen = row === undefined || selected.includes(row) ? selected : [row];
	if (row !== undefined) {
		return { task_ids: chosen };
	}
	const { tasks, boards } = session.snapshot;
	const options: Option<Choice>[] = [
		{ value: {}, label: l10n.t('Everything'), description: countOfTasks(tasks.size) },
		...boardNames
			.filter((board) => boards[board].length > 0)
			.map((board) => ({
				value: { board },
				label: boardTitles[board],
				description: countOfTasks(boards[board].length),
			})),
	];
	if (chosen.length > 0) {
		options.unshift({
			value: { task_ids: chosen },
			label: l10n.t('The selected tasks'),
			description: countOfTasks(chosen.length),
		});
	}
	return pickOne(options, { title: l10n.t('Export Tasks'), placeHolder: l10n.t('Which tasks?') });
}

async function exportList(parts: ListCommandParts, argument: unknown): Promise<void> {
	const { session, performer, notifier } = parts;
	const workspace = session.require();
	performer.assertTrusted();
	if (session.snapshot.tasks.size === 0) {
		throw new DreamError('task.none', l10n.t('There are no tasks to export.'), {
			advice: l10n.t('Create one first.'),
		});
	}
	const choice = await askForTasks(parts, argument);
	const format =
		choice && (await pickOne(formats, { title: l10n.t('Export Tasks'), placeHolder: l10n.t('Written as what?') }));
	if (format === undefined) {
		return;
	}
	const target = await window.showSaveDialog({
		title: l10n.t('Export Tasks'),
		saveLabel: l10n.t('Export'),
		defaultUri: Uri.file(path.join(workspace.folder, `tasks.${endings[format]}`)),
		filters: { [format === 'legacy' ? 'JSON' : format]: [endings[format]] },
	});
	if (target !== undefined) {
		const { text, count } = await inView(() =>
			performer.perform<{ readonly text: string; readonly count: number }>('boards.export', {
				...choice,
				format,
			}),
		);
		// The dialog has asked whether a file that is there may be replaced.
		await workspace.ports.files.writeAtomic(target.fsPath, text);
		notifier.answer(l10n.t('{0} written to {1}.', countOfTasks(count), path.basename(target.fsPath)));
	}
}

export function createListCommands(parts: ListCommandParts): CommandHandlers {
	return {
		'dreamos.task.import': () => importList(parts),
		'dreamos.boards.export': (argument) => exportList(parts, argument),
	};
}
