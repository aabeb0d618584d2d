// Owns the one way the editor does something: as this person, in this workspace, and only where the folder is trusted.

import { workspace as editorWorkspace, l10n } from 'vscode';
import { DreamError } from '../base/errors.ts';
import { person } from './person.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** Why nothing may be started or written here; undefined when it may. */
export function trustRefusal(): string | undefined {
	return editorWorkspace.isTrusted
		? undefined
		: l10n.t('This folder is not trusted: its boards are shown, and nothing is run or written.');
}

export interface Performer {
	/** Fails with `workspace.notTrusted`; asked before a person is led through questions in vain. */
	assertTrusted(): void;
	/** The same, and fails with `workspace.notInitialized` or `workspace.foreign` where there are no boards of ours. */
	assertReady(): void;
	/** Performs an action and returns its answer. Fails with `workspace.notTrusted` for anything but reading in an untrusted folder. */
	perform<Answer extends object>(actionId: string, input?: object): Promise<Answer>;
}

export function createPerformer(session: WorkspaceSession): Performer {
	const assertTrusted = () => {
		const refusal = trustRefusal();
		if (refusal !== undefined) {
			throw new DreamError('workspace.notTrusted', refusal, {
				advice: l10n.t('Trust the folder to work in it.'),
			});
		}
	};
	return {
		assertTrusted,
		assertReady() {
			const state = session.require().state();
			assertTrusted();
			if (state === 'none') {
				throw new DreamError('workspace.notInitialized', l10n.t('This folder has no task boards yet.'), {
					advice: l10n.t('Initialize the workspace first.'),
				});
			}
			if (state === 'foreign') {
				throw new DreamError(
					'workspace.foreign',
					l10n.t('These boards were not made by Dream.OS and are read-only.'),
					{
						advice: l10n.t('Adopt them first; you will see what changes before anything does.'),
					},
				);
			}
		},
		async perform<Answer extends object>(actionId: string, input: object = {}) {
			const workspace = session.require();
			if (workspace.dream.effectOf(actionId) !== 'read') {
				assertTrusted();
			}
			// The answer's shape is the action's own contract; the ledger checked what it holds.
			return (await workspace.dream.perform(actionId, input, person)) as Answer;
		},
	};
}
