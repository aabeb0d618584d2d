// Owns setting a folder up, adopting boards that are there, and checking them. What would change is shown before anything does.

import { commands, window, workspace as editorWorkspace, l10n } from 'vscode';
import { DreamError, isDreamError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { boardOfPath, boardPath, runtimePaths } from '../../core/paths.ts';
import type { BoardProblem } from '../../core/board/boardProblem.ts';
import { countAll } from '../../core/swarm/swarmSnapshot.ts';
import type { BoardFileName } from '../../core/task/archive.ts';
import { isArchive } from '../../core/task/archive.ts';
import { boardNames } from '../../core/task/taskStatus.ts';
import type { OpenWorkspace } from '../../workspace/workspaceOptions.ts';
import { countOfFiles, countOfProblems, countOfTasks } from '../counts.ts';
import { viewIds } from '../manifest.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainLabel, plainMessage } from '../plainText.ts';
import type { ReportDocuments } from '../documents/reportDocuments.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { pickOne } from './pickers.ts';

export interface WorkspaceCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly reports: ReportDocuments;
	readonly showProblems: (problems: readonly BoardProblem[]) => void;
}

/** Lines of the plan that fit into the dialog; the rest is in the document behind it. */
const shownPlanLines = 12;

/** Shows progress in the view instead of a notification. */
export function inView<Result>(work: () => Promise<Result>): Thenable<Result> {
	return window.withProgress({ location: { viewId: viewIds.tasks } }, work);
}

/** Asks for one of the window's folders that are on a disk, the one in use first. */
function pickFolder({ current }: WorkspaceSession, title: string, placeHolder: string) {
	const used = current.kind === 'open' ? current.folder.uri.toString() : undefined;
	const folders = (editorWorkspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
	return pickOne(
		folders
			.map((value) => ({ value, isUsed: value.uri.toString() === used }))
			.sort((left, right) => Number(right.isUsed) - Number(left.isUsed))
			.map(({ value, isUsed }) => ({
				value,
				label: plainLabel(value.name),
				description: isUsed
					? l10n.t('shown now · {0}', plainLabel(value.uri.fsPath))
					: plainLabel(value.uri.fsPath),
			})),
		{ title, placeHolder },
	);
}

async function chooseRoot(session: WorkspaceSession): Promise<boolean> {
	if (session.current.kind !== 'several') {
		return true;
	}
	const folder = await pickFolder(
		session,
		l10n.t('Initialize Workspace'),
		l10n.t('Which folder gets the task boards?'),
	);
	if (folder === undefined) {
		return false;
	}
	await session.choose(folder);
	return true;
}

/** A window looks at one folder and its swarm; which of several is the person's choice. */
async function chooseFolder({ session, notifier }: WorkspaceCommandParts): Promise<void> {
	const before = session.current;
	const folder = await pickFolder(
		session,
		l10n.t('Choose Folder'),
		l10n.t('Whose boards and swarm does this window show?'),
	);
	if (folder === undefined || (before.kind === 'open' && before.folder.uri.toString() === folder.uri.toString())) {
		return;
	}
	const { shouldRun, isHostAlive } = session.snapshot.swarm;
	const isLeft = shouldRun && isHostAlive && session.workspace?.settings()['swarm.keepRunning'] === false;
	await session.choose(folder);
	if (isLeft && before.kind === 'open') {
		notifier.answer(
			l10n.t(
				'The swarm of {0} pauses unless another window shows it, and goes on when you choose that folder again. With dreamos.swarm.keepRunning it works on.',
				before.folder.name,
			),
		);
	}
}

/** Whether to make a repository: false where there is one, or where there is no git; undefined when left with Esc. */
async function askForGit(workspace: OpenWorkspace): Promise<boolean | undefined> {
	try {
		await workspace.ports.git.topFolder();
		return false;
	} catch (error) {
		if (!isDreamError(error, 'git.notARepository')) {
			return false;
		}
	}
	return pickOne(
		[
			{
				value: true,
				label: l10n.t('Make it a git repository too'),
				detail: l10n.t('Agents work in git worktrees: without a repository none can start.'),
			},
			{
				value: false,
				label: l10n.t('Only create the boards'),
				detail: l10n.t('For tasks that people do. A repository can be made later.'),
			},
		],
		{ title: l10n.t('Initialize Workspace'), placeHolder: l10n.t('This folder is not in a git repository.') },
	);
}

async function initialize(parts: WorkspaceCommandParts): Promise<void> {
	if (!(await chooseRoot(parts.session))) {
		return;
	}
	const workspace = parts.session.require();
	parts.performer.assertTrusted();
	if (workspace.state() === 'foreign') {
		await adopt(parts);
		return;
	}
	const git = await askForGit(workspace);
	if (git === undefined) {
		return;
	}
	await inView(() => parts.performer.perform('workspace.initialize', { git }));
	parts.notifier.answer(l10n.t('The task boards are ready, in {0}.', runtimePaths.boards), [
		{ title: l10n.t('Create Task'), run: () => commands.executeCommand('dreamos.task.create') },
	]);
}

interface AdoptionAnswer extends JsonObject {
	readonly lines: string[];
}

async function adopt({ session, performer, notifier, reports }: WorkspaceCommandParts): Promise<void> {
	const workspace = session.require();
	performer.assertTrusted();
	if (workspace.state() === 'none') {
		throw new DreamError('workspace.nothingToAdopt', l10n.t('There are no boards here to adopt.'), {
			advice: l10n.t('Initialize the workspace instead.'),
		});
	}
	if (workspace.state() === 'ours') {
		notifier.answer(l10n.t('These boards are already ours; there is nothing to adopt.'));
		return;
	}
	const { lines } = await inView(() => performer.perform<AdoptionAnswer>('workspace.adopt', { confirm: false }));
	const isLong = lines.length > shownPlanLines;
	if (isLong) {
		await reports.open(l10n.t('What adopting would change'), lines);
	}
	const shown = isLong
		? [
				...lines.slice(0, shownPlanLines),
				lines.length === shownPlanLines + 1
					? l10n.t('… and 1 more line, in the document that was opened.')
					: l10n.t('… and {0} more lines, in the document that was opened.', lines.length - shownPlanLines),
			]
		: lines;
	const yes = l10n.t('Adopt');
	const chosen = await window.showWarningMessage(
		l10n.t('Adopt these boards?'),
		{ modal: true, detail: shown.map((line) => plainMessage(line, 400)).join('\n') },
		yes,
	);
	if (chosen === yes) {
		await inView(() => performer.perform('workspace.adopt', { confirm: true }));
		notifier.answer(l10n.t('The boards are adopted: agents and people can work on them now.'), [
			{ title: l10n.t('Start Swarm'), run: () => commands.executeCommand('dreamos.swarm.start') },
		]);
	}
}

async function check({ session, performer, notifier, showProblems }: WorkspaceCommandParts): Promise<void> {
	if (session.require().state() === 'none') {
		throw new DreamError('workspace.none', l10n.t('This folder has no task boards.'), {
			advice: l10n.t('Initialize it first.'),
		});
	}
	const { problems } = await inView(() =>
		performer.perform<{ readonly ok: boolean; readonly problems: readonly BoardProblem[] }>('boards.check'),
	);
	showProblems(problems);
	if (problems.length === 0) {
		notifier.answer(l10n.t('Nothing is wrong with the boards ({0}).', countOfTasks(countAll(session.snapshot))));
		return;
	}
	await commands.executeCommand('workbench.actions.view.problems');
	const files = new Set(problems.map(({ file }) => file)).size;
	notifier.answer(
		l10n.t('{0} in {1}; see the Problems panel.', countOfProblems(problems.length), countOfFiles(files)),
	);
}

function boardArgument(argument: unknown): BoardFileName | undefined {
	const board: unknown =
		typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'board') : undefined;
	return typeof board === 'string' && isArchive(board) ? board : boardNames.find((name) => name === board);
}

async function acceptLedger({ session, performer, notifier }: WorkspaceCommandParts, argument: unknown): Promise<void> {
	performer.assertReady();
	const broken = new Set(
		session.snapshot.problems.filter(({ severity }) => severity === 'error').map(({ file }) => boardOfPath(file)),
	);
	const board =
		boardArgument(argument) ??
		(await pickOne(
			[...new Set<BoardFileName>([...boardNames, ...[...broken].filter((name) => name !== undefined)])]
				.sort((left, right) => Number(broken.has(right)) - Number(broken.has(left)))
				.map((value) => ({
					value,
					label: boardPath(value),
					...(broken.has(value) ? { description: l10n.t('cannot be read') } : {}),
				})),
			{ title: l10n.t("Use the Ledger's Version of a Board"), placeHolder: l10n.t('Which file is replaced?') },
		));
	if (board === undefined) {
		return;
	}
	const yes = l10n.t('Replace File');
	const chosen = await window.showWarningMessage(
		l10n.t('Replace {0} by what the ledger knows?', boardPath(board)),
		{ modal: true, detail: l10n.t('The file as it is now is copied to {0} first.', runtimePaths.quarantine) },
		yes,
	);
	if (chosen === yes) {
		await performer.perform('boards.accept', { board });
		notifier.answer(
			l10n.t('{0} shows the ledger again; the file before is in {1}.', boardPath(board), runtimePaths.quarantine),
		);
	}
}

export function createWorkspaceCommands(parts: WorkspaceCommandParts): CommandHandlers {
	return {
		'dreamos.workspace.initialize': () => initialize(parts),
		'dreamos.workspace.adopt': () => adopt(parts),
		'dreamos.workspace.chooseFolder': () => chooseFolder(parts),
		'dreamos.boards.check': () => check(parts),
		'dreamos.boards.accept': (argument) => acceptLedger(parts, argument),
	};
}
