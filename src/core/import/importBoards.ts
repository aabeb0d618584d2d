// Owns an import as the doors ask for it: read, plan against what the ledger holds, and on demand apply. Planning writes nothing.

import { isAbsolutePath } from '../../base/isAbsolutePath.ts';
import type { Actor } from '../actor.ts';
import type { ImportAnswer } from '../actions/workspaceDoor.ts';
import type { Ledger } from '../ledger.ts';
import { contentHash } from '../board/quarantine.ts';
import { boardPath, runtimePaths } from '../paths.ts';
import type { FileSystem } from '../ports.ts';
import { boardNames } from '../task/taskStatus.ts';
import { applyImport } from './applyImport.ts';
import { reportImport } from './importReport.ts';
import { planImport } from './planImport.ts';
import { readSource } from './readSource.ts';

export interface ImportTools {
	readonly files: FileSystem;
	/** Absolute path of the workspace. */
	readonly folder: string;
	/** Undefined where there is none yet: then nothing counts as being here, and nothing can be applied. */
	readonly ledger: Ledger | undefined;
}

export interface ImportChoices {
	/** Absolute, or inside the workspace. */
	readonly path: string;
	readonly isDryRun: boolean;
}

/** Fails with `import.notFound`; without a dry run it resolves after every task is in the ledger. */
export async function importBoards(tools: ImportTools, choices: ImportChoices, actor: Actor): Promise<ImportAnswer> {
	const { files, folder, ledger } = tools;
	const path = isAbsolutePath(choices.path) ? files.join(choices.path) : files.join(folder, choices.path);
	const source = await readSource(files, path, {
		refuse: (each) => (ledger === undefined ? undefined : whyOurs(pathInside(folder, each))),
		// Loaded only now: no other part of the product reads YAML.
		yaml: async () => (await import('../yaml.ts')).readYaml,
	});
	const inside = pathInside(folder, source.folder);
	const prefix = inside === undefined ? source.name : inside;
	const known = await ledger?.read(async (reader) => ({
		stored: await reader.tasks(),
		agents: await reader.agents(),
	}));
	const plan = planImport(source, {
		place: ({ file, path: each }) => ({
			file: prefix === '' ? file : `${prefix}/${file}`,
			origin: contentHash(new TextEncoder().encode(pathInside(folder, each) ?? each)),
		}),
		agents: new Set(known?.agents.map(({ id }) => id)),
		stored: known?.stored ?? [],
	});
	const report = reportImport(plan);
	const imported = ledger === undefined || choices.isDryRun ? 0 : await applyImport(ledger, plan, actor);
	return { ...report, imported };
}

/** The path below a folder with forward slashes, empty for the folder itself; undefined outside of it. */
function pathInside(folder: string, path: string): string | undefined {
	const normal = (each: string) => each.replaceAll('\\', '/').replace(/\/+$/u, '');
	const [root, target] = [normal(folder), normal(path)];
	return target === root ? '' : target.startsWith(`${root}/`) ? target.slice(root.length + 1) : undefined;
}

const ownFiles: readonly string[] = [
	...boardNames.map(boardPath),
	runtimePaths.agents,
	runtimePaths.marker,
	runtimePaths.ignoreFile,
	runtimePaths.hooks,
];
const ownFolders: readonly string[] = [
	runtimePaths.quarantine,
	runtimePaths.logs,
	runtimePaths.roles,
	runtimePaths.landing,
	runtimePaths.archive,
];

/** Why a file of this very workspace is not imported into it. */
function whyOurs(file: string | undefined): string | undefined {
	if (file === undefined) {
		return undefined;
	}
	return ownFiles.includes(file) || ownFolders.includes(file) || file.startsWith(runtimePaths.ledger)
		? 'it is a file of this workspace itself'
		: undefined;
}
