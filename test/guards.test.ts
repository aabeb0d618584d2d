// Owns the proof that compiler, linter and bundler refuse what they are set up to refuse: a house in miniature with this
// repository's own configuration and a planted fault for every rule. A guard that checks nothing passes everything.

import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { doorBundle, nodeBundle } from '../esbuild.mjs';

const root = path.join(import.meta.dirname, '..');

const houses: string[] = [];

after(() => houses.forEach((house) => rmSync(house, { recursive: true, force: true })));

/** A folder with this repository's configuration and the given sources; removed when the tests are over. */
function buildHouse(sources: Readonly<Record<string, string>>): string {
	const house = mkdtempSync(path.join(realpathSync(tmpdir()), 'dreamos-guards-'));
	houses.push(house);
	const configuration = globSync(
		['*.json', '.*rc.json', 'esbuild.mjs', 'src/*.json', 'src/types/*', '{webviews,test}/*.json'],
		{
			cwd: root,
		},
	);
	for (const file of configuration) {
		cpSync(path.join(root, file), path.join(house, file));
	}
	symlinkSync(path.join(root, 'node_modules'), path.join(house, 'node_modules'), 'junction');
	for (const [file, text] of Object.entries(sources)) {
		mkdirSync(path.dirname(path.join(house, file)), { recursive: true });
		writeFileSync(path.join(house, file), text);
	}
	return house;
}

/** Runs a tool of node_modules in the house and returns what it printed. */
function runTool(house: string, script: string, ...parameters: string[]): string {
	const result = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...parameters], {
		cwd: house,
		encoding: 'utf8',
	});
	assert.equal(result.error, undefined);
	return result.stdout + result.stderr;
}

const goodSources = {
	'src/core/board/fileSchemas.ts':
		'export const boardFileSchema = (): object => ({});\nexport const agentsFileSchema = boardFileSchema;\nexport const policiesFileSchema = boardFileSchema;\n',
	'src/base/base.ts': 'export const base = 1;\n',
	'src/core/core.ts': "import { base } from '../base/base.ts';\n\nexport const core: AbortSignal | number = base;\n",
	'src/protocol/protocol.ts': "import type { core } from '../core/core.ts';\n\nexport type Message = typeof core;\n",
	'src/ledger/ledger.ts':
		"import { DatabaseSync } from 'node:sqlite';\n\nexport const open = () => new DatabaseSync(':memory:');\n",
	'src/editor/editor.ts': "import { window } from 'vscode';\n\nexport const show = () => window.activeTextEditor;\n",
	'webviews/page/main.ts': "import { base } from '../../src/base/base.ts';\n\ndocument.title = String(base);\n",
	'test/unit/good.test.ts': "import { core } from '../../src/core/core.ts';\n\nit('is a test', () => void core);\n",
};

function plantedFaults(
	faults: Readonly<Record<string, { readonly file: string; readonly text: string; readonly finds: string }>>,
	findings: () => readonly { readonly file: string; readonly code: string }[],
) {
	for (const [name, { file, finds }] of Object.entries(faults)) {
		it(name, () => {
			const codes = findings().flatMap((finding) => (finding.file === file ? [finding.code] : []));
			assert.ok(codes.includes(finds), `${file}: expected ${finds}, found ${codes.join(', ') || 'nothing'}`);
		});
	}
}

const sourcesOf = (faults: Readonly<Record<string, { readonly file: string; readonly text: string }>>) => ({
	...goodSources,
	...Object.fromEntries(Object.values(faults).map(({ file, text }) => [file, text])),
});

describe('compiler refuses', () => {
	const faults = {
		'vscode in core, even as a type': {
			file: 'src/core/editorType.ts',
			text: "import type { Uri } from 'vscode';\n\nexport type Place = Uri;\n",
			finds: 'TS2306',
		},
		'Node in core': {
			file: 'src/core/nodeModule.ts',
			text: "import { readFileSync } from 'node:fs';\n\nexport const read = readFileSync;\n",
			finds: 'TS2591',
		},
		'a global of Node in core': {
			file: 'src/core/nodeGlobal.ts',
			text: 'export const folder = process.cwd();\n',
			finds: 'TS2591',
		},
		'console in core': {
			file: 'src/core/printing.ts',
			text: "export const print = () => console.log('x');\n",
			finds: 'TS2584',
		},
		'the page in protocol': {
			file: 'src/protocol/page.ts',
			text: 'export const title = document.title;\n',
			finds: 'TS2584',
		},
		'an upper floor in core': {
			file: 'src/core/upwards.ts',
			text: "import { open } from '../ledger/ledger.ts';\n\nexport const start = open;\n",
			finds: 'TS6307',
		},
		'vscode in ledger': {
			file: 'src/ledger/editorType.ts',
			text: "import type { Uri } from 'vscode';\n\nexport type Place = Uri;\n",
			finds: 'TS2306',
		},
		'the editor in ledger': {
			file: 'src/ledger/upwards.ts',
			text: "import { show } from '../editor/editor.ts';\n\nexport const start = show;\n",
			finds: 'TS6307',
		},
		'Node floors in a webview': {
			file: 'webviews/page/ledger.ts',
			text: "import { open } from '../../src/ledger/ledger.ts';\n\nexport const start = open;\n",
			finds: 'TS6307',
		},
		'an enum': {
			file: 'src/base/colour.ts',
			text: 'export enum Colour {\n\tRed,\n}\n',
			finds: 'TS1294',
		},
		'an index that may be missing': {
			file: 'src/base/first.ts',
			text: 'export const first = (list: string[]): string => list[0];\n',
			finds: 'TS2322',
		},
		'a wrong type in a test': {
			file: 'test/unit/wrong.test.ts',
			text: "export const wrong: number = 'text';\n",
			finds: 'TS2322',
		},
	};
	let found: { file: string; code: string }[] = [];

	it('nothing in a good house', () => {
		const house = buildHouse(goodSources);
		assert.equal(runTool(house, 'typescript/bin/tsc', '-b', '--pretty', 'false'), '');
	});

	before(() => {
		const house = buildHouse(sourcesOf(faults));
		const output = runTool(house, 'typescript/bin/tsc', '-b', '--pretty', 'false');
		found = [...output.matchAll(/^(?<file>[^\s(]+)\(\d+,\d+\): error (?<code>TS\d+)/gmu)].map(({ groups }) => ({
			file: groups?.['file'] ?? '',
			code: groups?.['code'] ?? '',
		}));
	});

	plantedFaults(faults, () => found);
});

describe('linter refuses', () => {
	const faults = {
		'a floating promise in core': {
			file: 'src/core/floating.ts',
			text: 'const work = async () => 1;\n\nexport function start() {\n\twork();\n}\n',
			finds: 'typescript(no-floating-promises)',
		},
		'a floating promise in the editor': {
			file: 'src/editor/floating.ts',
			text: "import { window } from 'vscode';\n\nexport function start() {\n\twindow.showInformationMessage('x').then(() => 1);\n}\n",
			finds: 'typescript(no-floating-promises)',
		},
		'a floating promise in a webview': {
			file: 'webviews/page/floating.ts',
			text: "export function start() {\n\tdocument.fonts.load('x');\n}\n",
			finds: 'typescript(no-floating-promises)',
		},
		'a floating promise in a test': {
			file: 'test/unit/floating.test.ts',
			text: "const work = async () => 1;\n\nit('x', () => {\n\twork();\n});\n",
			finds: 'typescript(no-floating-promises)',
		},
		'a promise where a condition belongs': {
			file: 'src/core/misused.ts',
			text: 'const work = async () => true;\n\nexport const start = () => {\n\tif (work()) {\n\t\treturn 1;\n\t}\n\treturn 2;\n};\n',
			finds: 'typescript(no-misused-promises)',
		},
		'await of what is no promise': {
			file: 'src/core/awaited.ts',
			text: 'export const start = async (value: number) => await value;\n',
			finds: 'typescript(await-thenable)',
		},
		'a switch that forgets a case': {
			file: 'src/core/forgotten.ts',
			text: "export function start(state: 'on' | 'off') {\n\tswitch (state) {\n\t\tcase 'on':\n\t\t\treturn 1;\n\t}\n\treturn 2;\n}\n",
			finds: 'typescript(switch-exhaustiveness-check)',
		},
		any: {
			file: 'src/core/anything.ts',
			text: 'export const start = (value: any) => String(value);\n',
			finds: 'typescript(no-explicit-any)',
		},
		'any that comes in silently': {
			file: 'src/core/parsed.ts',
			text: 'export const start = (text: string) => {\n\tconst value = JSON.parse(text);\n\treturn String(value.x);\n};\n',
			finds: 'typescript(no-unsafe-assignment)',
		},
		'a type imported as a value': {
			file: 'src/core/typeImport.ts',
			text: "import { type Message } from './message.ts';\n\nexport const start = (message: Message) => message;\n",
			finds: 'import(consistent-type-specifier-style)',
		},
		'console outside of the output of the CLI': {
			file: 'src/ledger/printing.ts',
			text: "export const start = () => console.log('x');\n",
			finds: 'eslint(no-console)',
		},
		'loose equality': {
			file: 'src/core/loose.ts',
			text: 'export const start = (left: number, right: number) => left == right;\n',
			finds: 'eslint(eqeqeq)',
		},
		'a branch without braces': {
			file: 'src/core/braces.ts',
			text: 'export const start = (value: boolean) => {\n\tif (value) return 1;\n\treturn 2;\n};\n',
			finds: 'eslint(curly)',
		},
		'a file of more than 400 lines': {
			file: 'src/core/long.ts',
			text: 'export const start = 1;\n'.replace('start', 'a') + '// line\n'.repeat(400),
			finds: 'eslint(max-lines)',
		},
		'a default export': {
			file: 'src/core/exported.ts',
			text: 'const start = 1;\nexport default start;\n',
			finds: 'import(no-default-export)',
		},
		'a barrel': {
			file: 'src/core/barrel.ts',
			text: "export * from './core.ts';\n",
			finds: 'oxc(no-barrel-file)',
		},
		'a ring of imports': {
			file: 'src/core/ringOne.ts',
			text: "import { two } from './ringTwo.ts';\n\nexport const one = () => two;\n",
			finds: 'import(no-cycle)',
		},
		'the other half of the ring': {
			file: 'src/core/ringTwo.ts',
			text: "import { one } from './ringOne.ts';\n\nexport const two = () => one;\n",
			finds: 'import(no-cycle)',
		},
		'a single test left switched on': {
			file: 'test/unit/only.test.ts',
			text: "it.only('x', () => undefined);\n",
			finds: 'eslint(no-restricted-properties)',
		},
		'core in base': {
			file: 'src/base/upwards.ts',
			text: "import { core } from '../core/core.ts';\n\nexport const start = core;\n",
			finds: 'eslint(no-restricted-imports)',
		},
		'Node in core': {
			file: 'src/core/deep/nodeModule.ts',
			text: "import type { Stats } from 'node:fs';\n\nexport type Start = Stats;\n",
			finds: 'eslint(no-restricted-imports)',
		},
		'an upper floor in core': {
			file: 'src/core/deep/upwards.ts',
			text: "import { open } from '../../ledger/ledger.ts';\n\nexport const start = open;\n",
			finds: 'eslint(no-restricted-imports)',
		},
		'node in a driver': {
			file: 'src/drivers/acp/upwards.ts',
			text: "import { open } from '../../node/processes.ts';\n\nexport const start = open;\n",
			finds: 'eslint(no-restricted-imports)',
		},
		'the editor in the host': {
			file: 'src/host.ts',
			text: "import { show } from './editor/editor.ts';\n\nexport const start = show;\n",
			finds: 'eslint(no-restricted-imports)',
		},
		'the ledger in a webview': {
			file: 'webviews/page/ledger.ts',
			text: "import { open } from '../../src/ledger/ledger.ts';\n\nexport const start = open;\n",
			finds: 'eslint(no-restricted-imports)',
		},
	};
	let found: { file: string; code: string }[] = [];

	before(() => {
		const house = buildHouse({
			...sourcesOf(faults),
			'src/core/message.ts': 'export interface Message {\n\treadonly text: string;\n}\n',
			'src/node/processes.ts': 'export const open = 1;\n',
		});
		const output = JSON.parse(
			runTool(house, 'oxlint/bin/oxlint', '--format', 'json', 'src', 'webviews', 'test'),
		) as {
			readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
		};
		found = output.diagnostics.map(({ filename, code }) => ({ file: filename.replaceAll('\\', '/'), code }));
	});

	plantedFaults(faults, () => found);

	it('nothing in good files', () => {
		const planted = Object.values(faults).map(({ file }) => file);
		assert.deepEqual(
			found.filter(({ file }) => !planted.includes(file)),
			[],
		);
	});
});

describe('bundler', () => {
	const planted = {
		contents: "import { window } from 'vscode';\n\nexport const show = () => [window, typeof navigator];\n",
		resolveDir: path.join(root, 'src'),
		loader: 'ts',
	} as const;
	const bundlePlanted = (options: esbuild.BuildOptions, contents: string = planted.contents) =>
		esbuild.build({
			...options,
			entryPoints: undefined,
			outfile: undefined,
			stdin: { ...planted, contents },
			sourcemap: false,
			write: false,
		});

	for (const door of ['host', 'cli', 'mcp'] as const) {
		it(`refuses vscode in ${door}.cjs`, async () => {
			await assert.rejects(bundlePlanted(doorBundle(door, true)), /Could not resolve "vscode"/u);
		});
	}

	it('refuses vscode in a scripted agent', async () => {
		await assert.rejects(bundlePlanted(nodeBundle({ executable: true })), /Could not resolve "vscode"/u);
	});

	it('keeps what the extension loads late out of extension.cjs', async () => {
		const load = "await import('./workspace/openWorkspace.ts')";
		const late = await bundlePlanted(doorBundle('extension', true), `export const open = async () => ${load};\n`);
		assert.match(late.outputFiles?.[0]?.text ?? '', /require\("\.\/workspace\.cjs"\)/u);
		const early = "export { openWorkspace } from './workspace/openWorkspace.ts';\n";
		await assert.rejects(bundlePlanted(doorBundle('extension', true), early), /is loaded late: use import\(\)/u);
	});

	it('leaves vscode to the editor in extension.cjs, and hides navigator', async () => {
		const { outputFiles } = await bundlePlanted(doorBundle('extension', false));
		const text = outputFiles?.[0]?.text ?? '';
		assert.match(text, /require\("vscode"\)/u);
		assert.match(text, /typeof (?:undefined|void 0)|"undefined"/u);
		assert.doesNotMatch(text, /typeof navigator/u);
	});
});
