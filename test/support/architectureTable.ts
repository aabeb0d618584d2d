// Owns the rules of the house as data: floors, islands, the home of each library, the doors to dangerous calls.

export interface Floor {
	/** Floors it may import from, besides itself. */
	readonly mayImport: readonly string[];
	/** Floors of which it may import types only. */
	readonly mayImportTypes?: readonly string[];
	readonly mayUseNode: boolean;
}

const belowPrograms = ['src/base', 'src/core', 'src/ledger', 'src/node', 'src/drivers', 'src/bridges', 'src/workspace'];

/** webviews → protocol → base ← core ← { ledger, node, drivers, bridges } ← workspace ← mcp ← { editor, host, cli } ← doors; of the programs only the host imports mcp */
export const floors: Readonly<Record<string, Floor>> = {
	'src/base': { mayImport: [], mayUseNode: false },
	'src/core': { mayImport: ['src/base'], mayUseNode: false },
	'src/protocol': { mayImport: ['src/base'], mayImportTypes: ['src/core'], mayUseNode: false },
	'src/ledger': { mayImport: ['src/base', 'src/core'], mayUseNode: true },
	'src/node': { mayImport: ['src/base', 'src/core'], mayUseNode: true },
	'src/drivers': { mayImport: ['src/base', 'src/core'], mayUseNode: true },
	'src/bridges': { mayImport: ['src/base', 'src/core'], mayUseNode: true },
	// Puts ledger, node and drivers together; shared by the programs, so that each opens a workspace in the same way.
	'src/workspace': { mayImport: ['src/base', 'src/core', 'src/ledger', 'src/node', 'src/drivers'], mayUseNode: true },
	// It serves the tools to the agents it runs; of the other programs it knows none.
	'src/host': { mayImport: [...belowPrograms, 'src/mcp'], mayUseNode: true },
	'src/cli': { mayImport: belowPrograms, mayUseNode: true },
	'src/mcp': { mayImport: belowPrograms, mayUseNode: true },
	'src/editor': { mayImport: [...belowPrograms, 'src/protocol'], mayUseNode: true },
	webviews: { mayImport: ['src/base', 'src/protocol'], mayUseNode: false },
};

/** The files at the root of src, and the one floor that is only theirs. */
export const doors: Readonly<Record<string, string>> = {
	'src/extension.ts': 'src/editor',
	'src/host.ts': 'src/host',
	'src/cli.ts': 'src/cli',
	'src/mcp.ts': 'src/mcp',
};

/** Folders whose subfolders do not know each other, and the one file in each that lists them. Other files beside it serve all. */
export const islands: Readonly<Record<string, string>> = {
	'src/drivers': 'src/drivers/drivers.ts',
	'src/bridges': 'src/bridges/bridges.ts',
};

/** Where a library may be imported. A prefix names a folder (with `/`), a file, or files that begin so. */
export const libraryHomes: Readonly<Record<string, readonly string[]>> = {
	'@agentclientprotocol/sdk': ['src/drivers/acp'],
	'@modelcontextprotocol/sdk': ['src/mcp/'],
	chokidar: ['src/node/chokidarWatcher.ts'],
	cockatiel: ['src/core/recovery/agentBreakers.ts', 'src/core/recovery/backOff.ts'],
	commander: ['src/cli/'],
	'jsonc-parser': ['src/core/jsonc.ts'],
	kysely: ['src/ledger/'],
	'@dagrejs/dagre': ['webviews/dashboard/graph/graphLayout.ts'],
	'@tanstack/virtual-core': ['webviews/shared/'],
	'@vscode-elements/elements': ['webviews/'],
	'@vscode/l10n': ['webviews/'],
	'node:sqlite': ['src/ledger/'],
	'simple-git': ['src/node/simpleGit'],
	uplot: ['webviews/shared/chart.ts'],
	vscode: ['src/editor/', 'src/extension.ts'],
	yaml: ['src/core/yaml.ts'],
	zod: [
		'src/core/',
		'src/protocol/',
		'src/ledger/',
		'src/drivers/',
		'src/bridges/',
		'src/editor/',
		'src/cli/',
		'src/mcp/',
	],
};

/** Imported as `import * as name`: the named export `z` would bring 350 KB of unused translations into every bundle. */
export const namespaceLibraries: readonly string[] = ['zod'];

export interface OneDoorRule {
	readonly pattern: RegExp;
	readonly home: string;
	readonly advice: string;
}

/** Calls that only one file makes; everybody else asks that file. */
export const oneDoorRules: readonly OneDoorRule[] = [
	{
		pattern: /\bregister(?:TextEditor)?Command\b/u,
		home: 'src/editor/commands/commandRegistry.ts',
		advice: 'Register commands through commandRegistry, which logs, times and reports errors.',
	},
	{
		pattern: /['"`]setContext['"`]/u,
		home: 'src/editor/contextKeys.ts',
		advice: 'Set context keys through contextKeys, which knows their names and types.',
	},
	{
		pattern: /\bproject_boards\b/u,
		home: 'src/core/paths.ts',
		advice: 'Names inside runtime/ are spelled in core/paths.ts only; take the path from there.',
	},
];

export const longestFile = 400;
