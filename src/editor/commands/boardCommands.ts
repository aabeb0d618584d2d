// Owns Open Task in Board: the file a task stands in, at its line.

import path from 'node:path';
import type { TextDocument } from 'vscode';
import { Range, Uri, window, workspace as editorWorkspace, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import { boardPath, runtimePaths } from '../../core/paths.ts';
import { fileOf } from '../../core/task/archive.ts';
import type { ShownTask } from '../../core/swarm/swarmSnapshot.ts';
import type { OpenWorkspace } from '../../workspace/workspaceOptions.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { pickTask } from './pickers.ts';
import { taskOf } from './rowArguments.ts';
import { sortForPicking } from './taskChoices.ts';
import { taskLine } from './taskLine.ts';

interface Place {
	readonly document: TextDocument;
	readonly line: number;
}

/** The file the task stands on first, then whatever else lies beside it: boards that are not ours may have other names. */
async function candidateFiles({ folder, ports }: OpenWorkspace, shown: ShownTask): Promise<string[]> {
	const boards = path.join(folder, runtimePaths.boards);
	const others = (await ports.files.list(boards))
		.filter((name) => name.endsWith('.json'))
		.map((name) => path.join(boards, name));
	return [...new Set([path.join(folder, boardPath(fileOf(shown))), ...others])];
}

async function findPlace(workspace: OpenWorkspace, shown: ShownTask): Promise<Place | undefined> {
	for (const file of await candidateFiles(workspace, shown)) {
		if ((await workspace.ports.files.stat(file)) !== undefined) {
			const document = await editorWorkspace.openTextDocument(Uri.file(file));
			const line = taskLine(document.getText(), shown.task.task_id);
			if (line !== undefined) {
				return { document, line };
			}
		}
	}
	return undefined;
}

/** Opens the board a task stands in, at its line; asks which task when the argument names none. Fails with `task.notOnBoard`. */
export async function openTask(session: WorkspaceSession, argument: unknown): Promise<void> {
	const workspace = session.require();
	const key =
		taskOf(argument) ??
		(await pickTask(
			sortForPicking(session.snapshot, () => true),
			{
				title: l10n.t('Open Task in Board'),
				placeHolder: l10n.t('Which task?'),
				none: { message: l10n.t('There are no tasks.'), advice: l10n.t('Create one first.') },
			},
		));
	if (key === undefined) {
		return;
	}
	if (workspace.state() === 'ours') {
		// A task that was created a moment ago may not be in its file yet.
		await workspace.flushBoards();
	}
	const shown = session.snapshot.tasks.get(key) ?? (await workspace.ledger()?.read((reader) => reader.task(key)));
	const place = shown === undefined ? undefined : await findPlace(workspace, shown);
	if (place === undefined) {
		throw new DreamError('task.notOnBoard', l10n.t('{0} does not stand in any board file.', key), {
			advice: l10n.t('Check the boards: a file that cannot be read is not written.'),
		});
	}
	const selection = new Range(place.line, 0, place.line, place.document.lineAt(place.line).text.length);
	await window.showTextDocument(place.document, { selection });
}

export function createBoardCommands(session: WorkspaceSession): CommandHandlers {
	return { 'dreamos.task.openInBoard': (argument) => openTask(session, argument) };
}
