// Owns the gate that asks the editor: no problem in the changed files that the base has not, too. What could not be read is said, and is
// never taken for a pass: commands count instead where there are any, else whoever reviews.

import { displayLine } from '../../base/text.ts';
import { countOf } from '../../base/words.ts';
import type { BaseParts, BaseRequest } from '../gate/baseWorktree.ts';
import { inBaseWorktree } from '../gate/baseWorktree.ts';
import type { WantedProblems } from '../gate/gatePlan.ts';
import { notRead } from '../gate/gateVerdict.ts';
import { hasLiveEditor } from '../landing/requestLanding.ts';
import type { ChangedFile } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { GateResult } from '../task/task.ts';
import type { AskParts, EditorAnswer } from './askEditor.ts';
import { askEditor } from './askEditor.ts';
import { newEditorProblems } from './newEditorProblems.ts';
import type { EditorProblem, PlaceReading, ProblemPlace } from './problemReading.ts';

export interface EditorGateWork extends BaseRequest {
	readonly run: Run;
	/** Absolute path of the worktree. */
	readonly folder: string;
	/** Hidden commit of the work. */
	readonly result: string;
	readonly changes: readonly ChangedFile[];
}

export interface EditorGateReport {
	readonly result: GateResult;
	/** Why the work is not done, as sentences; undefined when nothing new was found, or nothing was read. */
	readonly failure: string | undefined;
}

/** More files are not read: a language server holds each of them in memory. */
const mostFiles = 1000;
const longestMilliseconds = 240_000;
const mostNamed = 20;

/** Rejects when the signal aborts. */
export async function judgeInEditor(
	parts: BaseParts & AskParts,
	work: EditorGateWork,
	wanted: WantedProblems,
): Promise<EditorGateReport> {
	const { clock } = parts;
	const began = clock.monotonic();
	const report = (ending: 'checked' | typeof notRead, failure: string | undefined, output: string) => ({
		result: {
			kind: 'diagnostics' as const,
			commit: work.result,
			command: `no new ${wanted.severity === 'error' ? 'error' : 'error or warning'} in the editor`,
			exit_code: ending === notRead ? null : failure === undefined ? 0 : 1,
			ending,
			duration_ms: Math.round(clock.monotonic() - began),
			output,
		},
		failure,
	});
	const unread = (reason: string) => report(notRead, undefined, describeUnread(reason, wanted));
	const changed = work.changes.filter(({ kind, isBinary, mode }) => kind !== 'deleted' && !isBinary && isFile(mode));
	if (changed.length === 0) {
		return report('checked', undefined, 'The change leaves no text file to read.');
	}
	if (!(await parts.ledger.read((reader) => hasLiveEditor(reader, clock.now())))) {
		return unread('no editor window is attached');
	}
	const files = changed.slice(0, mostFiles).map(({ path }) => path);
	const found = await look(parts, work, wanted, files);
	if ('reason' in found) {
		return unread(found.reason);
	}
	const { reading, fresh } = found;
	const told = describeReading(reading, files.length);
	if (fresh.length > 0) {
		const lines = fresh.map(describeProblem);
		return report(
			'checked',
			`${describeNew(fresh.length, wanted)}\n${lines.slice(0, mostNamed).join('\n')}${lines.length > mostNamed ? `\nand ${lines.length - mostNamed} more` : ''}`,
			[...lines.slice(0, 200), told].join('\n'),
		);
	}
	if (reading.read === 0) {
		return unread(`nothing in the editor answers for ${files.slice(0, 5).join(', ')}`);
	}
	const left = reading.left.length + changed.length - files.length;
	return left > 0
		? unread(`there was no time for ${left} of ${countOf(changed.length, 'file')}`)
		: report('checked', undefined, told);
}

type Looked =
	| { readonly reading: PlaceReading; readonly fresh: readonly EditorProblem[] }
	| { readonly reason: string };

/** The work first; what it began with only where the work has a problem, side by side and by one window. */
async function look(
	parts: BaseParts & AskParts,
	work: EditorGateWork,
	{ severity }: WantedProblems,
	files: readonly string[],
): Promise<Looked> {
	const { signal, run, folder } = work;
	const ask = (probe: string, places: readonly ProblemPlace[]): Promise<EditorAnswer> =>
		askEditor(
			parts,
			{
				run_id: run.run_id,
				severity,
				probe_folder: probe,
				places,
				until: parts.clock.now() + longestMilliseconds,
			},
			signal,
		);
	try {
		return await inBaseWorktree(parts, work, async (base): Promise<Looked> => {
			const first = await ask(base.folder, [{ folder, files }]);
			const [reading] = first.isRead ? first.places : [];
			if (!first.isRead || reading === undefined) {
				return { reason: first.isRead ? 'the answer of the window is empty' : first.reason };
			}
			if (reading.problems.length === 0) {
				return { reading, fresh: [] };
			}
			await base.setUp();
			const troubled = new Set(reading.problems.map(({ path }) => path));
			const origins = work.changes.filter(({ path, kind }) => troubled.has(path) && kind !== 'created');
			const second = await ask(base.folder, [
				{ folder, files: files.filter((path) => troubled.has(path)) },
				{ folder: base.folder, files: origins.map(({ path, previousPath }) => previousPath ?? path) },
			]);
			const [now, before] = second.isRead ? second.places : [];
			if (!second.isRead || now === undefined || before === undefined) {
				return { reason: `the base was not read: ${second.isRead ? 'the answer is empty' : second.reason}` };
			}
			if (before.left.length > 0) {
				return { reason: `there was no time for ${countOf(before.left.length, 'file')} of the base` };
			}
			const renamed = new Map(
				origins.flatMap(({ path, previousPath }) =>
					previousPath === undefined ? [] : [[path, previousPath] as const],
				),
			);
			const sides = [
				{ problems: now.problems, folder },
				{ problems: before.problems, folder: base.folder },
			] as const;
			return { reading, fresh: newEditorProblems(...sides, renamed) };
		});
	} catch (error) {
		signal.throwIfAborted();
		return { reason: error instanceof Error ? error.message : String(error) };
	}
}

/** Links and submodules have no text of their own. */
const isFile = (mode: string): boolean => mode.startsWith('100');

function describeProblem({ path, line, severity, message, source }: EditorProblem): string {
	return `${path}:${line}: ${severity}: ${displayLine(message, 400)}${source === '' ? '' : ` (${displayLine(source, 40)})`}`;
}

const describeNew = (count: number, { severity }: WantedProblems): string =>
	`The editor has ${countOf(count, severity === 'error' ? 'new error' : 'new problem')} for the change that its base has not:`;

function describeUnread(reason: string, { commands }: WantedProblems): string {
	return `Not read: ${displayLine(reason, 400)}. ${
		commands.length > 0
			? `What counts instead: ${commands.join('; ')}.`
			: 'That proves nothing, so the change does not land by itself: whoever reviews it decides.'
	}`;
}

/** What was read, and what was not. */
function describeReading({ read, silent, unopened, sources }: PlaceReading, count: number): string {
	const named = (title: string, paths: readonly string[]) =>
		paths.length === 0
			? []
			: [
					`${title}: ${paths.slice(0, 10).join(', ')}${paths.length > 10 ? ` and ${paths.length - 10} more` : ''}.`,
				];
	return [
		`Read ${read} of ${countOf(count, 'file')}; answered by ${sources.map((each) => displayLine(each, 40)).join(', ') || 'nobody by name'}.`,
		...named('Nothing in the editor answers for', silent),
		...named('Not opened as text', unopened),
	].join(' ');
}
