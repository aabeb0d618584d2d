// Owns what the views say about the workspace as a whole: one context key for the welcome texts, one message above the rows.
// Pure, so that it is tested without an editor.

import { l10n } from 'vscode';
import { describeError } from '../../base/errors.ts';
import type { WorkspaceState } from '../../core/actions/workspaceDoor.ts';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import { countAll } from '../../core/swarm/swarmSnapshot.ts';
import { countOfProblems } from '../counts.ts';
import type { WorkspaceKey } from '../manifest.ts';

export interface ViewFacts {
	/** As in the session's state. */
	readonly kind: 'opening' | 'noFolder' | 'virtual' | 'several' | 'failed' | 'open';
	readonly workspace: WorkspaceState | undefined;
	readonly isTrusted: boolean;
	readonly isWritable: boolean;
	readonly error: unknown;
	readonly snapshot: SwarmSnapshot;
}

export function workspaceKey({ kind, workspace }: ViewFacts): WorkspaceKey {
	switch (kind) {
		case 'opening':
		case 'noFolder':
			return kind;
		case 'several':
			return 'none';
		case 'virtual':
		case 'failed':
			return 'unusable';
		case 'open':
			return workspace ?? 'none';
	}
}

function openMessage({ workspace, isTrusted, isWritable, snapshot }: ViewFacts): string {
	// Without rows the welcome text says it, with a button; a message would hide that.
	const isForeign = workspace === 'foreign' && countAll(snapshot) > 0;
	const errors = snapshot.problems.filter(({ severity }) => severity === 'error').length;
	return [
		isForeign ? l10n.t('Dream.OS did not make these boards: they are read-only until you adopt them.') : '',
		isTrusted || countAll(snapshot) === 0 ? '' : l10n.t('This folder is not trusted: nothing is run or written.'),
		isWritable ? '' : l10n.t('This folder is read-only: nothing can be changed in it.'),
		errors === 0 ? '' : l10n.t('{0} in the boards: see the Problems panel.', countOfProblems(errors)),
	]
		.filter(Boolean)
		.join(' ');
}

/** The message above the rows; undefined when there is nothing to say. */
export function viewMessage(facts: ViewFacts): string | undefined {
	switch (facts.kind) {
		case 'opening':
		case 'noFolder':
		case 'several':
			return undefined;
		case 'virtual':
			return l10n.t('This folder is not on a disk. Agents work in git worktrees and need real files.');
		case 'failed':
			return describeError(facts.error);
		case 'open':
			return openMessage(facts) || undefined;
	}
}
