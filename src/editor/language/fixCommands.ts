// Owns what a quick fix does where it is no edit: opening a copy, another record, the agents, a comparison. All of it by commands
// of the editor itself or of the palette.

import path from 'node:path';
import type { Command, TextDocument } from 'vscode';
import { Range, Uri } from 'vscode';
import type { BoardProblem } from '../../core/board/boardProblem.ts';
import { findQuarantineCopy } from '../../core/board/quarantine.ts';
import type { DeedFix } from '../../core/boardLanguage/fix.ts';
import { boardOfPath, runtimePaths } from '../../core/paths.ts';
import type { OpenWorkspace } from '../../workspace/workspaceOptions.ts';
import type { CommandId } from '../manifest.ts';
import { repairedUri } from './repairedDocuments.ts';

const acceptLedger: CommandId = 'dreamos.boards.accept';

export interface FixPlace {
	readonly workspace: OpenWorkspace;
	readonly document: TextDocument;
	/** Path of the document inside the workspace. */
	readonly file: string;
}

/** Undefined where there is nothing to open or nothing that may be done. */
export async function commandOf(
	{ title, deed }: DeedFix,
	problem: BoardProblem,
	{ workspace, document, file }: FixPlace,
): Promise<Command | undefined> {
	const inWorkspace = (relative: string) => Uri.file(path.join(workspace.folder, relative));
	switch (deed) {
		case 'acceptLedger': {
			const board = boardOfPath(file);
			return board === undefined || workspace.state() !== 'ours'
				? undefined
				: { command: acceptLedger, title, arguments: [{ board }] };
		}
		case 'showRepair': {
			const name = `${path.posix.basename(file)} ↔ repaired`;
			return { command: 'vscode.diff', title, arguments: [document.uri, repairedUri(document.uri), name] };
		}
		case 'openCopy': {
			const copy = await copyOf(workspace, file);
			return copy === undefined ? undefined : { command: 'vscode.open', title, arguments: [inWorkspace(copy)] };
		}
		case 'openAgents':
			return { command: 'vscode.open', title, arguments: [inWorkspace(runtimePaths.agents)] };
		case 'openRelated': {
			const [place] = problem.related ?? [];
			if (place === undefined) {
				return undefined;
			}
			const selection = new Range(place.line - 1, place.column - 1, place.line - 1, place.column - 1);
			return { command: 'vscode.open', title, arguments: [inWorkspace(place.file), { selection }] };
		}
	}
}

/** The copy of what the file holds now; one of an older content would be somebody else's. */
async function copyOf({ ports, folder }: OpenWorkspace, file: string): Promise<string | undefined> {
	const { files } = ports;
	const board = boardOfPath(file);
	try {
		return board === undefined
			? undefined
			: await findQuarantineCopy({ files, folder }, board, await files.readBytes(files.join(folder, file)));
	} catch {
		// A file that is gone or closed to us has no copy to show.
		return undefined;
	}
}
