// Owns what a list of tasks is once it is read, whatever it was written in: entries with their lines, and what is wrong with them.

import type { JsonObject } from '../../base/json.ts';

/** Formats a list is read from. */
export const listFormats = ['json', 'csv', 'markdown'] as const;
export type ListFormat = (typeof listFormats)[number];

/** Formats tasks are written in; `legacy` is the shape the older Python agents read. */
export const exportFormats = [...listFormats, 'legacy'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ListProblem {
	readonly severity: 'error' | 'warning';
	/** From 1. */
	readonly line: number;
	/** Field or key it is about; undefined when it is the entry or the list itself. */
	readonly field?: string;
	readonly message: string;
}

/** One task of a list. */
export interface ListEntry {
	/** Fields under any name a board may have them under. Dependencies and parent may be titles of the same list. */
	readonly record: JsonObject;
	/** Line the entry begins on, from 1. */
	readonly line: number;
	/** The record is the whole of a task as a board had it, and its author's keys are kept; else it is what somebody jotted down. */
	readonly isWhole: boolean;
	/** Place in this list of the entry it is a part of. */
	readonly parent?: number;
	/** Line of one of its keys, where the format can tell. */
	readonly lineOf?: (key: string) => number;
}

export interface ListReading {
	readonly entries: readonly ListEntry[];
	readonly problems: readonly ListProblem[];
}
