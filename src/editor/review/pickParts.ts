// Owns the question which part of a change is wanted: a list of its files with check boxes and, for one file, a list of its places. It
// changes nothing.

import type { QuickInputButton, QuickPick, QuickPickItem } from 'vscode';
import { ThemeIcon, window, l10n } from 'vscode';
import { displayLine } from '../../base/text.ts';
import type { ChangeHunk } from '../../core/landing/changeHunks.ts';
import type { FileOfChange } from '../../core/landing/narrowChange.ts';
import type { LandingConflict } from '../../core/landing/planLanding.ts';
import type { ReviewNote } from '../../core/run/reviewNotes.ts';
import { gateVerdict } from '../../core/gate/gateVerdict.ts';
import type { Run } from '../../core/run/run.ts';
import { countOfLines } from '../counts.ts';
import { plainLabel } from '../plainText.ts';

export interface ChangeInReview {
	readonly run: Run;
	readonly files: readonly FileOfChange[];
	readonly notes: readonly ReviewNote[];
	readonly conflicts: readonly LandingConflict[];
}

export interface WantedParts {
	readonly files: readonly string[];
	/** As `run.accept` takes them. */
	readonly rejectHunks: readonly string[];
}

interface FileItem extends QuickPickItem {
	readonly file: FileOfChange;
}

const choosePlaces: QuickInputButton = { iconPath: new ThemeIcon('list-selection'), tooltip: l10n.t('Choose Places…') };

/** Asks for files and places; undefined when the question is left. */
export async function pickParts({ run, files, notes, conflicts }: ChangeInReview): Promise<WantedParts | undefined> {
	const refused = new Map<string, ReadonlySet<number>>();
	let chosen: ReadonlySet<string> = new Set(files.map(({ path }) => path));
	for (;;) {
		const answer = await pickFiles(files, chosen, refused, { notes, conflicts }, describeChecks(run));
		if (answer === undefined) {
			return undefined;
		}
		chosen = new Set(answer.chosen);
		if (answer.places === undefined) {
			const rejectHunks = [...refused].flatMap(([path, numbers]) =>
				numbers.size === 0 || !chosen.has(path) ? [] : [`${path}:${[...numbers].join(',')}`],
			);
			return { files: answer.chosen, rejectHunks };
		}
		const { path } = answer.places;
		const places = await pickPlaces(answer.places, refused.get(path) ?? new Set());
		if (places !== undefined) {
			refused.set(path, places);
			const isNone = places.size === answer.places.hunks.length;
			chosen = new Set(isNone ? [...chosen].filter((each) => each !== path) : [...chosen, path]);
			if (isNone) {
				refused.delete(path);
			}
		}
	}
}

const countOfPlaces = (count: number): string => (count === 1 ? l10n.t('1 place') : l10n.t('{0} places', count));

function describeChecks({ gates }: Run): string {
	const failed = gates.filter((gate) => gateVerdict(gate) === 'failed').length;
	const passed = gates.filter((gate) => gateVerdict(gate) === 'passed').length;
	return gates.length === 0
		? l10n.t('no checks')
		: failed === 0
			? passed < gates.length
				? l10n.t('{0} of {1} checks could not be read', gates.length - passed, gates.length)
				: gates.length === 1
					? l10n.t('1 check passed on all of it')
					: l10n.t('{0} checks passed on all of it', gates.length)
			: gates.length === 1
				? l10n.t('{0} of 1 check failed', failed)
				: l10n.t('{0} of {1} checks failed', failed, gates.length);
}

interface FilesAnswer {
	readonly chosen: readonly string[];
	/** The file whose places are asked for next. */
	readonly places?: FileOfChange;
}

function pickFiles(
	files: readonly FileOfChange[],
	chosen: ReadonlySet<string>,
	refused: ReadonlyMap<string, ReadonlySet<number>>,
	remarks: Pick<ChangeInReview, 'notes' | 'conflicts'>,
	checks: string,
): Promise<FilesAnswer | undefined> {
	const pick: QuickPick<FileItem> = window.createQuickPick<FileItem>();
	pick.title = l10n.t('Accept Part of Change ({0})', checks);
	pick.placeholder = l10n.t('Which files land? What is left out is written down on the run.');
	pick.canSelectMany = true;
	pick.ignoreFocusOut = true;
	pick.items = files.map((file) => ({
		file,
		label: plainLabel(file.path),
		description: describeFile(file, refused.get(file.path)?.size ?? 0, remarks),
		buttons: file.hunks.length > 1 ? [choosePlaces] : [],
	}));
	pick.selectedItems = pick.items.filter(({ file }) => chosen.has(file.path));
	return new Promise((resolve) => {
		let answer: FilesAnswer | undefined;
		const selected = () => pick.selectedItems.map(({ file }) => file.path);
		pick.onDidTriggerItemButton(({ item }) => {
			answer = { chosen: selected(), places: item.file };
			pick.hide();
		});
		pick.onDidAccept(() => {
			answer = { chosen: selected() };
			pick.hide();
		});
		pick.onDidHide(() => {
			pick.dispose();
			resolve(answer);
		});
		pick.show();
	});
}

function describeFile(
	file: FileOfChange,
	refused: number,
	{ notes, conflicts }: Pick<ChangeInReview, 'notes' | 'conflicts'>,
): string {
	const places = file.hunks.length;
	const comments = notes.filter(({ path }) => path === file.path).length;
	const conflict = conflicts.find(({ path }) => path === file.path);
	return [
		conflict === undefined ? '' : plainLabel(l10n.t('conflicts: {0}', conflict.reason)),
		file.kind,
		file.previousPath === undefined ? '' : l10n.t('from {0}', plainLabel(file.previousPath)),
		places === 0
			? ''
			: refused === 0
				? countOfPlaces(places)
				: l10n.t('{0} of {1}', places - refused, countOfPlaces(places)),
		comments === 0 ? '' : comments === 1 ? l10n.t('1 comment') : l10n.t('{0} comments', comments),
	]
		.filter(Boolean)
		.join(' · ');
}

/** Numbers of the places that are not wanted. */
async function pickPlaces(
	{ path, hunks }: FileOfChange,
	refused: ReadonlySet<number>,
): Promise<ReadonlySet<number> | undefined> {
	const chosen = await window.showQuickPick(
		hunks.map((hunk) => ({
			number: hunk.number,
			label: l10n.t('line {0}', hunk.after.line),
			description: `${hunk.before.count} → ${countOfLines(hunk.after.count)}`,
			detail: plainLabel(describeHunk(hunk)),
			picked: !refused.has(hunk.number),
		})),
		{
			title: plainLabel(l10n.t('Places in {0}', path)),
			placeHolder: l10n.t('Which places land?'),
			canPickMany: true,
			matchOnDetail: true,
			ignoreFocusOut: true,
		},
	);
	if (chosen === undefined) {
		return undefined;
	}
	const wanted = new Set(chosen.map(({ number }) => number));
	return new Set(hunks.map(({ number }) => number).filter((number) => !wanted.has(number)));
}

function describeHunk({ removed, added }: ChangeHunk): string {
	const sides = [removed === '' ? '' : `− ${removed.trim()}`, added === '' ? '' : `+ ${added.trim()}`];
	return displayLine(sides.filter(Boolean).join('  '), 160);
}
