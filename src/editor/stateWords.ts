// Owns how the editor says a state. The states themselves are stored names and stay as they are, where they are searched or compared.

import { l10n } from 'vscode';
import type { AgentState } from '../core/agent/agent.ts';
import type { RunState } from '../core/run/run.ts';
import type { TaskPriority } from '../core/task/taskPriority.ts';
import type { TaskStatus } from '../core/task/taskStatus.ts';
import type { WorktreeState } from '../core/worktree/worktreeInventory.ts';
import type { SwarmWord } from '../protocol/swarmWord.ts';

/** Of a task, as it is read aloud. */
export const statusWords: Readonly<Record<TaskStatus, string>> = {
	PENDING: l10n.t('pending'),
	READY: l10n.t('ready'),
	CLAIMED: l10n.t('claimed'),
	IN_PROGRESS: l10n.t('in progress'),
	VALIDATING: l10n.t('validating'),
	REVIEW: l10n.t('review'),
	COMPLETED: l10n.t('completed'),
	BLOCKED: l10n.t('blocked'),
	FAILED: l10n.t('failed'),
	CANCELLED: l10n.t('cancelled'),
};

export const priorityWords: Readonly<Record<TaskPriority, string>> = {
	CRITICAL: l10n.t('critical priority'),
	HIGH: l10n.t('high priority'),
	MEDIUM: l10n.t('medium priority'),
	LOW: l10n.t('low priority'),
};

export const runWords: Readonly<Record<RunState, string>> = {
	claimed: l10n.t('claimed'),
	preparing: l10n.t('preparing'),
	working: l10n.t('working'),
	validating: l10n.t('validating'),
	review: l10n.t('review'),
	landing: l10n.t('landing'),
	completed: l10n.t('completed'),
	failed: l10n.t('failed'),
	released: l10n.t('released'),
	cancelled: l10n.t('cancelled'),
	blocked: l10n.t('blocked'),
	lost: l10n.t('lost'),
};

export const agentWords: Readonly<Record<AgentState, string>> = {
	idle: l10n.t('idle'),
	working: l10n.t('working'),
	paused: l10n.t('paused'),
	asking: l10n.t('asks you'),
	review: l10n.t('waits for review'),
	disabled: l10n.t('disabled'),
};

export const worktreeWords: Readonly<Record<WorktreeState, string>> = {
	working: l10n.t('working'),
	pool: l10n.t('pool'),
	abandoned: l10n.t('abandoned'),
};

export const swarmWords: Readonly<Record<SwarmWord, string>> = {
	stopped: l10n.t('stopped'),
	starting: l10n.t('starting'),
	running: l10n.t('running'),
	draining: l10n.t('draining'),
	paused: l10n.t('paused'),
};
