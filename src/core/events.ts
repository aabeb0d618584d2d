// Owns the audit line: one row per change, written in the same transaction as the change it tells.

import type { JsonObject } from '../base/json.ts';

export const eventTypes = {
	'workspace.initialized': 'The workspace got its ledger and boards',
	'workspace.adopted': 'Existing boards were taken over',
	'workspace.rebuilt': 'A lost ledger was rebuilt from the boards',
	'task.created': 'A task came to be',
	'task.moved': 'A task changed its status; data holds move, from, to',
	'task.edited': 'Fields of a task changed; data holds them',
	'task.removed': 'A task was taken off a board by hand',
	'task.stranded': 'A task now waits on one that failed or was cancelled',
	'run.opened': 'A worker claimed a task; data holds worker, attempt, epoch',
	'run.changed': 'A run went on to another state',
	'run.closed': 'A run ended',
	'run.touched': 'A run at work has changed another set of files; data holds how many, and the first of them',
	'run.tried': 'A change in review was tried on what is open now; data holds the files in conflict',
	'run.narrowed': 'A part of a change was accepted; data holds what was not, and the commit with all of it',
	'run.commented': 'A line of a change was commented on; data holds note_id, path, line, line_text, text',
	'run.uncommented': 'A comment on a change was taken back; data holds note_id',
	'review.requested': 'A change is to be judged by an agent that is not its author; the task is the review',
	'run.reviewed': 'Somebody decided on a change; data holds verdict, reason, by',
	'run.sentBack': 'A change went back to be done anew on top of itself; data holds the comments',
	'run.strayed': 'Files outside of its worktree changed while a run worked that nothing contained; data holds them',
	'run.drifted':
		'An agent drifted from its task, and something was done about it; data holds step, score, reasons, figures',
	'run.fenced': 'A write of a worker that no longer holds its task was refused',
	'run.recovered': 'A run of a dead host was cleaned up',
	'gate.finished': 'A gate command ran; data holds command, exit code, duration',
	'gate.altered':
		'A gate altered files of the work it judged; data holds them. What was there before the gates lands',
	'claim.contradicted': 'An agent said what the evidence contradicts; data holds claim, evidence, commit',
	'landing.finished': 'A change landed in the working tree',
	'landing.returned': 'A conflict went back to its agent; data holds the files and both sides',
	'landing.reverted': 'What a run had landed was taken back; data holds the files',
	'landing.refused': 'A change could not land; data holds the files',
	'agent.changed': 'An agent was added, changed or removed',
	'board.conflict': 'File and ledger changed one field; the ledger stands, the other value is in data',
	'board.problem': 'A board file has a problem',
	'board.mended': 'Somebody put a value right that could not be used; data holds the field',
	'board.accepted': 'The ledger version replaced a board file',
	'board.archived': 'Finished tasks moved to the archives of their months',
	'boards.imported': 'Tasks of other boards were imported; data holds where from',
	'host.started': 'A swarm host became leader',
	'host.stopped': 'A swarm host ended',
	'swarm.started': 'The swarm was told to work',
	'swarm.stopped': 'The swarm was told to stop',
	'swarm.paused': 'The swarm was told to stand still',
	'swarm.resumed': 'The swarm was told to go on',
	'swarm.drained': 'The swarm was told to end what runs and begin nothing new',
	'hook.failed': 'A hook did not do what it was to do; data holds its output. Nothing waits for it',
	'hook.refused': 'A guard refused a move; data holds hook, move, to',
	'question.asked': 'An agent asks the person; only its run waits. Data holds question, kinds, commands, paths',
	'question.answered':
		'A question was answered; data holds question, answer, option and, where one decided, the rule',
	'question.closed': 'A question needs no answer any more; data holds question and why',
	'policy.changed': 'A rule was added to the permission rules; data holds it and the question it comes from',
	'agent.checked': 'An agent was checked; data holds whether it can be used',
	'checkpoint.failed': 'A checkpoint of a run could not be made; data holds the code. The run goes on',
	'checkpoint.imported': 'A checkpoint of an older generation was taken over; data holds agent, at, type, told, hash',
	'run.restored': 'The next attempt begins with a checkpoint, or with `takes_back` not after all; data holds it',
	'worktree.capped': 'Worktrees took more of the disk than a setting allows; what was made ahead went',
	'worktree.reclaimed': 'Worktrees were removed for somebody; data holds them and where their work is kept',
	'run.reported': 'A worker told how far it is; data holds its text',
	'run.finished': 'A worker said that it is done; data holds its summary. The gates decide',
	'run.handedOff': 'A worker gave its task to another; data holds from, to, note',
	'run.messaged': 'Somebody wrote to the agent of a run; data holds message, text, now',
	'run.messageDelivered': 'An agent was told what somebody wrote to it; data holds message',
	'run.messageUndelivered': 'A message will not reach an agent any more; data holds message, text, why',
	'run.paused': 'A run stands still because somebody said so',
	'run.resumed': 'A paused run may go on',
	'run.toolsMissing': 'An agent never connected to the tools it was given',
	'run.takenOver': 'A person took the work of an agent over; data holds the run that goes on with it',
	'run.vacated': 'A run that was taken over has ended everything it ran; its worktree stays',
	'run.left': 'A person left work unfinished; data holds the folder it lies in and the reference it is kept under',
	'run.givenBack': 'A person gave work back; data holds base, commit, agent_run, note',
	'run.resolving': 'A person resolves the conflicts of a change; data holds the files and all sides',
	'run.chose': 'A person chose one side of a file in conflict; data holds path and side',
	'budget.warned': 'Most of a budget is used; data holds scope, kind, used, limit',
	'budget.spent': 'A budget is used up: what needs it waits until there is more; data holds scope, kind, used, limit',
	'run.used':
		'A turn of an agent ended; data holds what it took: tokens, cost, currency, milliseconds, and whether that is estimated',
	'action.refused': 'An action was refused; data holds its id and the reason',
} as const;
export type EventType = keyof typeof eventTypes;

export interface NewEvent {
	readonly type: EventType;
	readonly task_id?: string;
	readonly run_id?: string;
	readonly agent_id?: string;
	/** One line a person can read: what happened and why. */
	readonly message: string;
	readonly data?: JsonObject;
}

export interface LedgerEvent extends NewEvent {
	readonly sequence: number;
	readonly at: string;
	/** `human:ann`, `agent:Agent-3`, `host:…`, `file:task_backlog` … */
	readonly actor: string;
}
