// Owns the checks that hold the house together. Each works on a list of files in memory, so that violations can be planted.

import path from 'node:path';
import {
	doors,
	floors,
	islands,
	libraryHomes,
	longestFile,
	namespaceLibraries,
	oneDoorRules,
} from './architectureTable.ts';
import { importsOf, withoutComments } from './sourceText.ts';
import type { ImportStatement } from './sourceText.ts';

/** Path from the root of the repository with forward slashes → text. */
export type SourceFiles = ReadonlyMap<string, string>;

export interface Violation {
	readonly rule: string;
	readonly file: string;
	readonly line: number;
	readonly message: string;
}

type Check = (file: string, text: string, files: SourceFiles) => Violation[];

const startsWithAny = (file: string, prefixes: readonly string[]) => prefixes.some((prefix) => file.startsWith(prefix));
const isInside = (file: string, folder: string) => file.startsWith(`${folder}/`);
const floorOf = (file: string) => Object.keys(floors).find((folder) => isInside(file, folder));
const isProduct = (file: string) => isInside(file, 'src') || isInside(file, 'webviews');
const isDeclaration = (file: string) => file.endsWith('.d.ts');

const targetOf = (file: string, { specifier }: ImportStatement) =>
	specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : undefined;

/** `@scope/name/inside` → `@scope/name`; built-in modules keep their `node:` name. */
function packageOf(specifier: string): string {
	const parts = specifier.split('/');
	return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

const checkPlace: Check = (file) => {
	if (!isProduct(file) || file in doors || floorOf(file) !== undefined || isInside(file, 'src/types')) {
		return [];
	}
	const message =
		'Belongs to no floor. At the root of src are the four doors only; a floor is named in architectureTable.ts.';
	return [{ rule: 'place', file, line: 1, message }];
};

const checkFloors: Check = (file, text) => {
	const own = doors[file] ?? floorOf(file);
	const floor = own === undefined ? undefined : floors[own];
	if (own === undefined || floor === undefined) {
		return [];
	}
	return importsOf(text).flatMap((statement) => {
		const target = targetOf(file, statement);
		const violation = (message: string): Violation[] => [{ rule: 'floor', file, line: statement.line, message }];
		if (target === undefined) {
			return statement.specifier.startsWith('node:') && !floor.mayUseNode
				? violation(`${own} runs without Node: ${statement.specifier} belongs behind a port.`)
				: [];
		}
		const targetFloor = floorOf(target);
		if (targetFloor === undefined) {
			return violation(`${target} is on no floor that ${own} may see.`);
		}
		const isAllowed =
			targetFloor === own ||
			floor.mayImport.includes(targetFloor) ||
			(statement.isTypeOnly && floor.mayImportTypes?.includes(targetFloor) === true);
		return isAllowed ? [] : violation(`${own} may not import ${targetFloor} (${statement.specifier}).`);
	});
};

/** `drivers/acp/session.ts` belongs to the island `acp`; a file beside the folders belongs to none and serves all. */
const islandOf = (folder: string, file: string) => /^[^/]+(?=\/)/u.exec(file.slice(folder.length + 1))?.[0];

const checkIslands: Check = (file, text) => {
	const folder = Object.keys(islands).find((each) => isInside(file, each));
	const list = folder === undefined ? undefined : islands[folder];
	if (folder === undefined || list === file) {
		return [];
	}
	return importsOf(text).flatMap((statement) => {
		const target = targetOf(file, statement);
		if (target === undefined || !isInside(target, folder)) {
			return [];
		}
		const island = islandOf(folder, target);
		if (target !== list && (island === undefined || island === islandOf(folder, file))) {
			return [];
		}
		const message = `Only ${list} knows the islands; ${target} may not be imported here. Move what is shared to ${folder} or core.`;
		return [{ rule: 'island', file, line: statement.line, message }];
	});
};

const checkLibraries: Check = (file, text) => {
	if (!isProduct(file)) {
		return [];
	}
	return importsOf(text).flatMap((statement) => {
		const { specifier, line, isNamespace, isTypeOnly } = statement;
		if (specifier.startsWith('.')) {
			return [];
		}
		const name = packageOf(specifier);
		const homes = libraryHomes[name];
		if (homes === undefined) {
			const message = `${name} has no home. Give it one in architectureTable.ts, or do without.`;
			return name.startsWith('node:') ? [] : [{ rule: 'library', file, line, message }];
		}
		if (!startsWithAny(file, homes)) {
			return [{ rule: 'library', file, line, message: `${name} is imported in ${homes.join(', ')} only.` }];
		}
		const isTooMuch = namespaceLibraries.includes(name) && !isNamespace && !isTypeOnly;
		const message = `Write \`import * as\`, so that only what is used of ${name} is bundled.`;
		return isTooMuch ? [{ rule: 'library', file, line, message }] : [];
	});
};

const checkSpecifiers: Check = (file, text, files) =>
	importsOf(text).flatMap((statement) => {
		const target = targetOf(file, statement);
		const violation = (message: string): Violation[] => [
			{ rule: 'specifier', file, line: statement.line, message },
		];
		if (target === undefined || !isProduct(file)) {
			return [];
		}
		if (!/\.(?:ts|css)$/u.test(target)) {
			return violation(`${statement.specifier} must name the file with its ending.`);
		}
		return target.endsWith('.ts') && !files.has(target) ? violation(`${target} does not exist.`) : [];
	});

const checkOneDoors: Check = (file, text) => {
	if (!isProduct(file)) {
		return [];
	}
	const code = withoutComments(text).split('\n');
	return oneDoorRules.flatMap(({ pattern, home, advice }) => {
		const line = file === home ? -1 : code.findIndex((each) => pattern.test(each));
		return line === -1 ? [] : [{ rule: 'oneDoor', file, line: line + 1, message: `${advice} (${home})` }];
	});
};

const checkExports: Check = (file, text) => {
	if (!isProduct(file)) {
		return [];
	}
	const reexports = importsOf(text).filter(({ isReexport }) => isReexport);
	const defaults = withoutComments(text)
		.split('\n')
		.flatMap((line, index) =>
			/^\s*export\s+default\b|^\s*export\s*\{.*\bas\s+default\b/u.test(line) ? [index + 1] : [],
		);
	return [
		...reexports.map(({ line }) => {
			const message = 'Hands on names of another file. Import them from the file that owns them.';
			return { rule: 'barrel', file, line, message };
		}),
		...defaults.map((line) => ({ rule: 'defaultExport', file, line, message: 'Exports by name only.' })),
	];
};

const checkShape: Check = (file, text) => {
	const lines = text.replace(/\n$/u, '').split('\n');
	const violations: Violation[] = [];
	if (lines.length > longestFile) {
		const message = `${lines.length} lines; ${longestFile} at most. Split by what each part owns.`;
		violations.push({ rule: 'length', file, line: longestFile, message });
	}
	const head = lines[0]?.startsWith('#!') === true ? lines[1] : lines[0];
	if (head === undefined || !/^(?:\/\/|\/\*)\s*\S/u.test(head)) {
		const message = 'Begins with a comment that says what the file owns and what it refuses.';
		violations.push({ rule: 'headComment', file, line: 1, message });
	}
	return violations;
};

const checks: readonly Check[] = [
	checkPlace,
	checkFloors,
	checkIslands,
	checkLibraries,
	checkSpecifiers,
	checkOneDoors,
	checkExports,
	checkShape,
];

/** Everything that is wrong with these files. Declaration files and files outside src, webviews and test are not looked at. */
export function checkArchitecture(files: SourceFiles): Violation[] {
	return [...files].flatMap(([file, text]) =>
		isDeclaration(file) || !file.endsWith('.ts') ? [] : checks.flatMap((check) => check(file, text, files)),
	);
}

/** One line per violation, as a compiler would print it. */
export function describeViolations(violations: readonly Violation[]): string {
	return violations.map(({ file, line, rule, message }) => `${file}:${line}: ${rule}: ${message}`).join('\n');
}
