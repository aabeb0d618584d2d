// Owns the figures of an import as a script reads them: the keys of the older project's EXPECTED.json, so that two reports about the
// same folder can be compared key by key.

import type { JsonObject } from '../../base/json.ts';
import { endingOf, hasPlaceholderName } from './fileFacts.ts';
import { messageTotals } from './messageTotals.ts';
import type { ImportSource } from './readSource.ts';
import { dependencyTotals, duplicateTotals, Tally, taskTotals } from './taskTotals.ts';

/** Boards a swarm worked on, as opposed to episodes, inboxes and archives. */
const isLive = (file: string, name: string): boolean => name === 'runtime' || file.startsWith('runtime/');

export function importTotals(source: ImportSource): JsonObject {
	const all = source.files.flatMap(({ tasks }) => tasks);
	const live = all.filter(({ file }) => isLive(file, source.name));
	return {
		root: source.name,
		files: fileTotals(source),
		tasks: { all: taskTotals(all), liveRuntimeBoards: taskTotals(live) },
		duplicates: { all: duplicateTotals(all), liveRuntimeBoards: duplicateTotals(live) },
		dependencies: { all: dependencyTotals(all), liveRuntimeBoards: withoutCycles(dependencyTotals(live)) },
		messages: messageTotals(source.files.flatMap(({ messages }) => messages)),
	};
}

/** Circles of live boards are circles of all. */
function withoutCycles({ cycles: _cycles, ...totals }: ReturnType<typeof dependencyTotals>): JsonObject {
	return totals;
}

function fileTotals({ files, facts }: ImportSource): JsonObject {
	const endings = new Tally();
	files.forEach(({ file }) => {
		endings.add(endingOf(file));
	});
	const refused = files.flatMap(({ file, strict }) => (strict === undefined ? [] : [{ path: file, ...strict }]));
	const kinds = new Tally();
	refused.forEach(({ kind }) => {
		kinds.add(kind);
	});
	const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
	const withOffset = facts.filter(({ offsetPlusZ }) => offsetPlusZ > 0);
	return {
		total: files.length,
		bytes: sum(files.map(({ bytes }) => bytes)),
		byExt: endings.toObject(),
		unparsable: refused.map(({ path, reason }) => ({ path, reason })),
		unparsableCount: refused.length,
		unparsableByClass: kinds.toObject(),
		emptyFiles: files.filter(({ bytes }) => bytes === 0).map(({ file }) => file),
		withPlaceholders: facts.filter(({ placeholders }) => placeholders > 0).length,
		placeholderOccurrences: sum(facts.map(({ placeholders }) => placeholders)),
		fileNamesWithPlaceholder: files.map(({ file }) => file).filter(hasPlaceholderName),
		offsetPlusZ: { files: withOffset.length, occurrences: sum(withOffset.map((each) => each.offsetPlusZ)) },
		mojibakeFiles: facts.filter(({ isMojibake }) => isMojibake).map(({ file }) => file),
		bomFiles: facts.filter(({ hasMark }) => hasMark).map(({ file }) => file),
		crlfFiles: facts.filter(({ hasCarriageReturns }) => hasCarriageReturns).length,
		duplicateKeys: Object.fromEntries(
			files.flatMap(({ file, repairs }) => {
				const doubled = repairs.find(({ kind }) => kind === 'duplicate-keys');
				return doubled === undefined ? [] : [[file, doubled.message]];
			}),
		),
	};
}
