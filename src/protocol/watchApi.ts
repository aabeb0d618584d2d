// Owns the messages between the watch view of a run and the editor. The view asks for pages, the editor answers each once: a view
// that is hidden or slow is sent nothing. What the webview sends is checked by watchInput.ts.

import { message } from './define.ts';
import type { RunEvidence } from './runEvidence.ts';
import type { PlanStep, WatchEntry } from './watchEntry.ts';

/** Commands the view may ask for: each is the palette's own, for the run it shows. */
export const watchCommands = [
	'run.review',
	'run.accept',
	'run.reject',
	'run.message',
	'run.pause',
	'run.resume',
	'run.log',
	'run.protocolLog',
	'run.evidence',
	'task.release',
	'question.answer',
] as const;
export type WatchCommand = (typeof watchCommands)[number];

/** How many gates of a run ended how, and how many claims were found wrong. */
export interface CheckCounts {
	readonly passed: number;
	readonly failed: number;
	readonly unread: number;
	readonly contradicted: number;
}

/** What stands above the line of time. */
export interface WatchHead {
	readonly runId: string;
	readonly taskId: string;
	readonly taskName: string;
	readonly worker: string;
	readonly driver: string;
	readonly attempt: number;
	readonly state: string;
	readonly reason: string;
	/** Wall times in milliseconds; `closedAt` is null while the run goes on. */
	readonly openedAt: number;
	readonly closedAt: number | null;
	readonly isOpen: boolean;
	/** Whether somebody is there to talk to. */
	readonly isDriven: boolean;
	readonly isPaused: boolean;
	/** What the agent waits for, when it asks the person something. */
	readonly question: string | null;
	readonly hasChange: boolean;
	readonly hasProtocolLog: boolean;
	/** How its gates went, in figures; null where none ran and nothing was claimed. */
	readonly checks: CheckCounts | null;
	/** The latest that the end of the log tells; null when it tells none. */
	readonly plan: readonly PlanStep[] | null;
	readonly usage: string | null;
	/** Bytes of the log. */
	readonly size: number;
}

export type PageAsk = { readonly before: number } | { readonly after: number } | { readonly newest: true };

/** What the page keeps over a reload; the editor reads the run from it. */
export interface WatchState {
	readonly runId: string;
	readonly isFollowing: boolean;
	/** Place of the topmost line, and how far it is scrolled out of sight, in pixels. */
	readonly anchor: { readonly offset: number; readonly key: string; readonly pixels: number } | null;
	readonly filter: 'all' | 'messages' | 'tools';
}

/** From the webview. */
export const toEditor = {
	/** The page is there and wants to know what run it shows. */
	ready: message<Record<string, never>>(),
	page: message<{ readonly ask: PageAsk }>(),
	perform: message<{ readonly command: WatchCommand }>(),
	/** What shows that the work is done? Answered by `evidence`. */
	evidence: message<Record<string, never>>(),
	/** Show a changed file as it was and as it is. */
	openDiff: message<{ readonly path: string }>(),
};

/** To the webview. */
export const toWebview = {
	/** `events` are those that came since the last head; all of them when `isWhole`. */
	head: message<{ readonly head: WatchHead; readonly events: readonly WatchEntry[]; readonly isWhole: boolean }>(),
	evidence: message<RunEvidence>(),
	/** Why there is nothing to show. */
	notice: message<{ readonly text: string }>(),
	page: message<{
		readonly ask: PageAsk;
		readonly from: number;
		readonly to: number;
		readonly size: number;
		readonly entries: readonly WatchEntry[];
	}>(),
};
