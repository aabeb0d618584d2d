// Owns what the text of a board file says: its entries with the tasks they are, where each stands, and what is wrong with the file
// itself. It is built by readBoard and never changes.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import type { TextRange } from '../jsonc.ts';
import { findDuplicateKeys, findPlace } from '../jsonc.ts';
import type { BoardName } from '../task/taskStatus.ts';
import type { BoardProblem, BoardProblemCode, PlainValue, ProblemSeverity, RecordProblem } from './boardProblem.ts';
import type { ReadRecord } from './boardRecord.ts';
import { taskFromRecord } from './boardRecord.ts';
import type { JsonScan } from './jsonScan.ts';
import { countKeys, scanMembers } from './jsonScan.ts';
import type { TextPosition } from './lineIndex.ts';
import { LineIndex } from './lineIndex.ts';
import { findField, idLimit } from './recordFields.ts';
import type { FileFormat } from './recordText.ts';
import { detectFormat, standardFormat } from './recordText.ts';

export interface ParsedText {
	readonly value: JsonValue;
	readonly scan: JsonScan;
}

export interface FileFailure extends TextRange {
	readonly code: BoardProblemCode;
	readonly message: string;
	readonly advice: string;
}

export interface BoardSource {
	/** Path inside the workspace, for problems. */
	readonly file: string;
	/** The board it is, if it is one of the four. */
	readonly board?: BoardName | undefined;
	/** Ids of registered agents. */
	readonly agents?: ReadonlySet<string>;
}

const noAgents: ReadonlySet<string> = new Set();
const isSameSource = (left: BoardSource, right: BoardSource): boolean =>
	left.file === right.file && left.board === right.board && left.agents === right.agents;

/** One entry of the list. What it means as a task is worked out when somebody asks, because most entries did not change. */
export class BoardEntry implements TextRange {
	readonly value: JsonValue;
	readonly start: number;
	readonly end: number;
	private readonly reading: BoardReading;
	private read: ReadRecord | undefined;
	private slice: string | undefined;

	constructor(reading: BoardReading, value: JsonValue, range: TextRange) {
		this.reading = reading;
		this.value = value;
		this.start = range.start;
		this.end = range.end;
	}

	/** Undefined when the entry is not an object. */
	get record(): JsonObject | undefined {
		return isJsonObject(this.value) ? this.value : undefined;
	}

	/** The id the record gives; undefined when it has none that can be used. */
	get id(): string | undefined {
		const plain = this.record?.['task_id'];
		if (typeof plain === 'string' && plain !== '' && plain.length <= idLimit && plain.trim() === plain) {
			return plain;
		}
		const found = this.record === undefined ? undefined : findField(this.record, 'task_id', noAgents);
		return found?.reading.ok === true && typeof found.reading.value === 'string' ? found.reading.value : undefined;
	}

	/** The very characters of the file. */
	get text(): string {
		return (this.slice ??= this.reading.text.slice(this.start, this.end));
	}

	get content(): ReadRecord {
		return (this.read ??= this.readRecord());
	}

	get task(): ReadRecord['task'] {
		return this.content.task;
	}

	/** The same text in the same file means the same: it need not be worked out again. */
	learnFrom(before: BoardEntry): void {
		this.read ??= before.read;
	}

	private readRecord(): ReadRecord {
		if (this.record === undefined) {
			const problem: RecordProblem = {
				code: 'record.notAnObject',
				severity: 'error',
				message: 'This entry of the list is not a task.',
				path: [],
				advice: 'Make it an object with a task_id, or take it out.',
			};
			return { task: undefined, problems: [problem], normalisations: [], refused: new Set(), keys: {} };
		}
		return taskFromRecord(this.record, this.reading.source);
	}
}

/** What a file says. `entries` is empty and `isReadable` false when it cannot be read. */
export class BoardReading {
	readonly source: BoardSource;
	/** Without a byte order mark. */
	readonly text: string;
	readonly isReadable: boolean;
	/** True for a list; a single task is shown, too, and becomes a list when it is written. */
	readonly isList: boolean;
	readonly format: FileFormat;
	readonly entries: readonly BoardEntry[];
	/** Problems of the file itself; those of its records are asked of the entries. */
	readonly problems: readonly BoardProblem[];
	/** Writing the file again would lose something a plain parse hides: copy it first. */
	readonly isLossy: boolean;
	private readonly lines: LineIndex;
	private index: Map<string, BoardEntry[]> | undefined;

	constructor(
		source: BoardSource,
		text: string,
		hasMark: boolean,
		parsed: ParsedText | undefined,
		failure?: FileFailure,
	) {
		this.source = source;
		this.text = text;
		this.lines = new LineIndex(text);
		this.isReadable = parsed !== undefined;
		this.isList = Array.isArray(parsed?.value);
		this.format = parsed === undefined ? { ...standardFormat, hasMark } : detectFormat(text, hasMark);
		this.entries = parsed === undefined ? [] : this.entriesOf(parsed);
		const hidden = parsed === undefined ? [] : this.hiddenLosses(parsed);
		this.isLossy = hidden.length > 0;
		this.problems = failure === undefined ? hidden : [this.problem(failure.code, 'error', failure, failure)];
	}

	/** The whole content, as it stands in the file. */
	get content(): string {
		return this.format.hasMark ? `\uFEFF${this.text}` : this.text;
	}

	/** Entries by id, in file order; more than one under an id that stands twice. */
	get byId(): ReadonlyMap<string, readonly BoardEntry[]> {
		if (this.index === undefined) {
			this.index = new Map();
			for (const entry of this.entries) {
				const { id } = entry;
				if (id !== undefined) {
					const list = this.index.get(id);
					if (list === undefined) {
						this.index.set(id, [entry]);
					} else {
						list.push(entry);
					}
				}
			}
		}
		return this.index;
	}

	entry(id: string): BoardEntry | undefined {
		return this.byId.get(id)?.[0];
	}

	/** Takes over what an earlier reading of the same file has worked out about entries whose text has not changed. */
	learnFrom(before: BoardReading | undefined): this {
		if (before === undefined || !isSameSource(before.source, this.source)) {
			return this;
		}
		let place = 0;
		for (const entry of this.entries) {
			// Most stand where they stood; where some were put in or taken out, the others are found by their id.
			const beside = before.entries[place];
			const isBeside = beside?.text === entry.text;
			const old = isBeside ? beside : before.entry(entry.id ?? '');
			if (old !== undefined && (isBeside || old.text === entry.text)) {
				entry.learnFrom(old);
				place += isBeside ? 1 : before.entries[place + 1] === old ? 2 : 0;
			}
		}
		return this;
	}

	position(offset: number): TextPosition {
		return this.lines.position(offset);
	}

	/** A problem inside a record, on the exact place of the value it is about. */
	place(entry: BoardEntry, problem: RecordProblem): BoardProblem {
		const place = problem.path.length === 0 ? headOf(entry) : placeInRecord(entry, problem.path);
		const base = problem.path.length === 0 ? 0 : entry.start;
		const { id } = entry;
		const value = problem.value ?? plainValueAt(entry.value, problem.path);
		return {
			...this.problem(
				problem.code,
				problem.severity,
				{ start: base + place.start, end: base + place.end },
				problem,
			),
			...(id === undefined ? {} : { task_id: id }),
			...(problem.path.length === 0 ? {} : { path: problem.path }),
			...(value === undefined ? {} : { value }),
			...(problem.refused === undefined ? {} : { refused: problem.refused }),
			...(problem.related === undefined ? {} : { related: problem.related }),
		};
	}

	/** A problem on a range of the file. */
	problem(
		code: BoardProblemCode,
		severity: ProblemSeverity,
		range: TextRange,
		words: { readonly message: string; readonly advice: string },
	): BoardProblem {
		const from = this.lines.position(range.start);
		const to = this.lines.position(range.end);
		return {
			code,
			severity,
			message: words.message,
			file: this.source.file,
			line: from.line,
			column: from.column,
			endLine: to.line,
			endColumn: to.column,
			advice: words.advice,
		};
	}

	private entriesOf({ value, scan }: ParsedText): BoardEntry[] {
		if (!Array.isArray(value)) {
			const start = this.text.search(/\S/u);
			return [new BoardEntry(this, value, { start, end: this.text.trimEnd().length })];
		}
		return value.map((item, index) => new BoardEntry(this, item, scan.entries[index] ?? { start: 0, end: 0 }));
	}

	private entryAt(offset: number): BoardEntry | undefined {
		let low = 0;
		let high = this.entries.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((this.entries[middle]?.start ?? 0) <= offset) {
				low = middle;
			} else {
				high = middle - 1;
			}
		}
		return this.entries[low];
	}

	private hiddenLosses({ value, scan }: ParsedText): BoardProblem[] {
		const inRecord = (problem: BoardProblem, range: TextRange, subject: string): BoardProblem => {
			const id = this.entryAt(range.start)?.id;
			return { ...problem, ...(id === undefined ? {} : { task_id: id }), value: subject };
		};
		const numbers = scan.inexactNumbers.map((range) => {
			const literal = this.text.slice(range.start, range.end);
			const problem = this.problem('record.inexactNumber', 'warning', range, {
				message: `The number ${literal.slice(0, 40)} is too large to be kept exactly.`,
				advice: 'Write it as text, in double quotes.',
			});
			return inRecord(problem, range, literal);
		});
		const duplicates = countKeys(value) === scan.keyCount ? [] : findDuplicateKeys(this.text);
		return [
			...numbers,
			...duplicates.map((range) => {
				const problem = this.problem('record.duplicateKey', 'warning', range, {
					message: `The key "${range.key}" stands twice in this object; only the last one counts.`,
					advice: 'Take one of them out.',
				});
				return inRecord(problem, range, range.key);
			}),
		];
	}
}

/** Most problems are about a field: it is found without parsing the record once more. */
function placeInRecord(entry: BoardEntry, path: readonly (string | number)[]): TextRange {
	const [key] = path;
	const field =
		path.length === 1 && entry.record !== undefined
			? scanMembers(entry.text).findLast((member) => member.key === key)
			: undefined;
	return field === undefined ? findPlace(entry.text, path) : { start: field.valueStart, end: field.end };
}

/** Longer texts are no words a place is found by. */
const longestValue = 500;

/** The plain value at a path, if that is what stands there. */
function plainValueAt(value: JsonValue, path: readonly (string | number)[]): PlainValue | undefined {
	let found: JsonValue | undefined = path.length === 0 ? undefined : value;
	for (const step of path) {
		if (Array.isArray(found)) {
			found = typeof step === 'number' ? found[step] : undefined;
		} else {
			found = isJsonObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
		}
	}
	if (typeof found === 'object') {
		return found === null ? null : undefined;
	}
	return typeof found === 'string' && found.length > longestValue ? undefined : found;
}

/** The first line of an entry: enough to find it, without colouring the whole of it. */
function headOf(entry: BoardEntry): TextRange {
	const firstBreak = entry.text.search(/[\r\n]/u);
	return { start: entry.start, end: firstBreak < 0 ? entry.end : entry.start + Math.max(firstBreak, 1) };
}
