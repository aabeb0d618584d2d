// Owns the proof that the house is built as its rules say, and that each rule can fail.

import { strict as assert } from 'node:assert';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkArchitecture, describeViolations } from './support/architectureRules.ts';

const root = path.join(import.meta.dirname, '..');

function realFiles(): Map<string, string> {
	const names = globSync(['src/**/*.ts', 'webviews/**/*.ts', 'test/**/*.ts'], { cwd: root });
	return new Map(names.map((name) => [name.replaceAll('\\', '/'), readFileSync(path.join(root, name), 'utf8')]));
}

const head = '// Owns something.\n';

/** The rules that fire for the given files; a file's text gets a head comment unless the test is about it. */
function rulesFor(files: Record<string, string>): string[] {
	const violations = checkArchitecture(new Map(Object.entries(files).map(([file, text]) => [file, head + text])));
	return violations.map(({ rule, file, line }) => `${rule} ${file}:${line}`);
}

describe('architecture', () => {
	it('of this repository has no violation', () => {
		const files = realFiles();
		assert.ok(files.size > 20, `only ${files.size} files were found: nothing was checked`);
		assert.equal(describeViolations(checkArchitecture(files)), '');
	});

	describe('finds a planted violation:', () => {
		const planted: readonly {
			readonly name: string;
			readonly files: Record<string, string>;
			readonly expected: readonly string[];
		}[] = [
			{
				name: 'base imports core',
				files: { 'src/base/a.ts': "import type { T } from '../core/t.ts';\n", 'src/core/t.ts': '' },
				expected: ['floor src/base/a.ts:2'],
			},
			{
				name: 'core imports Node',
				files: { 'src/core/a.ts': "import { readFile } from 'node:fs/promises';\n" },
				expected: ['floor src/core/a.ts:2'],
			},
			{
				name: 'core imports an upper floor, over several lines, as types only',
				files: {
					'src/core/deep/a.ts': "import type {\n\tT,\n} from '../../ledger/t.ts';\n",
					'src/ledger/t.ts': '',
				},
				expected: ['floor src/core/deep/a.ts:2'],
			},
			{
				name: 'core imports an upper floor dynamically',
				files: { 'src/core/a.ts': "const t = await import('../node/t.ts');\n", 'src/node/t.ts': '' },
				expected: ['floor src/core/a.ts:2'],
			},
			{
				name: 'core imports an upper floor for its effects',
				files: { 'src/core/a.ts': "import '../node/t.ts';\n", 'src/node/t.ts': '' },
				expected: ['floor src/core/a.ts:2'],
			},
			{
				name: 'protocol imports a value of core',
				files: { 'src/protocol/a.ts': "import { t } from '../core/t.ts';\n", 'src/core/t.ts': '' },
				expected: ['floor src/protocol/a.ts:2'],
			},
			{
				name: 'a driver imports node',
				files: { 'src/drivers/acp/a.ts': "import { t } from '../../node/t.ts';\n", 'src/node/t.ts': '' },
				expected: ['floor src/drivers/acp/a.ts:2'],
			},
			{
				name: 'ledger imports its neighbour',
				files: { 'src/ledger/a.ts': "import { t } from '../node/t.ts';\n", 'src/node/t.ts': '' },
				expected: ['floor src/ledger/a.ts:2'],
			},
			{
				name: 'workspace imports a program',
				files: { 'src/workspace/a.ts': "import { t } from '../cli/t.ts';\n", 'src/cli/t.ts': '' },
				expected: ['floor src/workspace/a.ts:2'],
			},
			{
				name: 'a floor imports workspace',
				files: { 'src/node/a.ts': "import { t } from '../workspace/t.ts';\n", 'src/workspace/t.ts': '' },
				expected: ['floor src/node/a.ts:2'],
			},
			{
				name: 'one program imports another',
				files: { 'src/cli/a.ts': "import { t } from '../host/t.ts';\n", 'src/host/t.ts': '' },
				expected: ['floor src/cli/a.ts:2'],
			},
			{
				name: 'a program other than the host imports mcp',
				files: { 'src/cli/a.ts': "import { t } from '../mcp/t.ts';\n", 'src/mcp/t.ts': '' },
				expected: ['floor src/cli/a.ts:2'],
			},
			{
				name: 'mcp imports the host',
				files: { 'src/mcp/a.ts': "import type { T } from '../host/t.ts';\n", 'src/host/t.ts': '' },
				expected: ['floor src/mcp/a.ts:2'],
			},
			{
				name: 'the library of tools away from home',
				files: { 'src/host/a.ts': "import { T } from '@modelcontextprotocol/sdk/types.js';\n" },
				expected: ['library src/host/a.ts:2'],
			},
			{
				name: 'a door opens into the wrong program',
				files: { 'src/host.ts': "import { t } from './cli/t.ts';\n", 'src/cli/t.ts': '' },
				expected: ['floor src/host.ts:2'],
			},
			{
				name: 'somebody imports a door',
				files: { 'src/cli/a.ts': "import { t } from '../host.ts';\n", 'src/host.ts': '' },
				expected: ['floor src/cli/a.ts:2'],
			},
			{
				name: 'the product imports test code',
				files: { 'src/cli/a.ts': "import { t } from '../../test/t.ts';\n", 'test/t.ts': '' },
				expected: ['floor src/cli/a.ts:2'],
			},
			{
				name: 'a webview imports core',
				files: { 'webviews/a/main.ts': "import type { T } from '../../src/core/t.ts';\n", 'src/core/t.ts': '' },
				expected: ['floor webviews/a/main.ts:2'],
			},
			{
				name: 'a driver imports its sibling',
				files: {
					'src/drivers/acp/a.ts': "import { t } from '../command/t.ts';\n",
					'src/drivers/command/t.ts': '',
				},
				expected: ['island src/drivers/acp/a.ts:2'],
			},
			{
				name: 'what serves all islands imports one',
				files: {
					'src/bridges/retry.ts': "import { t } from './discord/t.ts';\n",
					'src/bridges/discord/t.ts': '',
				},
				expected: ['island src/bridges/retry.ts:2'],
			},
			{
				name: 'an island imports the list of islands',
				files: { 'src/drivers/acp/a.ts': "import { t } from '../drivers.ts';\n", 'src/drivers/drivers.ts': '' },
				expected: ['island src/drivers/acp/a.ts:2'],
			},
			{
				name: 'vscode outside the editor',
				files: { 'src/host/a.ts': "import type { Uri } from 'vscode';\n" },
				expected: ['library src/host/a.ts:2'],
			},
			{
				name: 'a library away from home',
				files: { 'src/node/files.ts': "import { watch } from 'chokidar';\n" },
				expected: ['library src/node/files.ts:2'],
			},
			{
				name: 'a part of a library away from home',
				files: { 'src/cli/a.ts': "import { Migrator } from 'kysely/migration';\n" },
				expected: ['library src/cli/a.ts:2'],
			},
			{
				name: 'SQLite away from home',
				files: { 'src/host/a.ts': "import { DatabaseSync } from 'node:sqlite';\n" },
				expected: ['library src/host/a.ts:2'],
			},
			{
				name: 'a library without a home',
				files: { 'src/node/a.ts': "import pad from 'left-pad';\n" },
				expected: ['library src/node/a.ts:2'],
			},
			{
				name: 'zod imported by name',
				files: { 'src/core/a.ts': "import { z } from 'zod';\n" },
				expected: ['library src/core/a.ts:2'],
			},
			{
				name: 'an import without an ending',
				files: { 'src/core/a.ts': "import { b } from './b';\n", 'src/core/b.ts': '' },
				expected: ['specifier src/core/a.ts:2'],
			},
			{
				name: 'an import of nothing',
				files: { 'src/core/a.ts': "import { b } from './b.ts';\n" },
				expected: ['specifier src/core/a.ts:2'],
			},
			{
				name: 'a command registered past the registry',
				files: { 'src/editor/a.ts': "\ncommands.registerCommand('dreamos.x', run);\n" },
				expected: ['oneDoor src/editor/a.ts:3'],
			},
			{
				name: 'a context key set past contextKeys',
				files: { 'src/editor/a.ts': "void commands.executeCommand('setContext', 'dreamos.x', 1);\n" },
				expected: ['oneDoor src/editor/a.ts:2'],
			},
			{
				name: 'a name inside runtime/ spelled elsewhere',
				files: { 'src/ledger/a.ts': "const folder = 'runtime/agent_comms/project_boards';\n" },
				expected: ['oneDoor src/ledger/a.ts:2'],
			},
			{
				name: 'a barrel',
				files: {
					'src/core/a.ts': "export * from './b.ts';\nexport type { B } from './b.ts';\n",
					'src/core/b.ts': '',
				},
				expected: ['barrel src/core/a.ts:2', 'barrel src/core/a.ts:3'],
			},
			{
				name: 'default exports',
				files: {
					'src/core/a.ts': 'export default 1;\n',
					'src/core/b.ts': 'const b = 1;\nexport { b as default };\n',
				},
				expected: ['defaultExport src/core/a.ts:2', 'defaultExport src/core/b.ts:3'],
			},
			{
				name: 'a fifth door',
				files: { 'src/server.ts': '' },
				expected: ['place src/server.ts:1'],
			},
			{
				name: 'a floor nobody named',
				files: { 'src/utils/a.ts': '' },
				expected: ['place src/utils/a.ts:1'],
			},
			{
				name: 'a file that is too long',
				files: { 'test/unit/a.test.ts': '\n'.repeat(400) },
				expected: ['length test/unit/a.test.ts:400'],
			},
		];
		for (const { name, files, expected } of planted) {
			it(name, () => assert.deepEqual(rulesFor(files), expected));
		}

		it('a missing or empty head comment', () => {
			const files = new Map([
				['src/core/a.ts', 'export const a = 1;\n'],
				['src/core/b.ts', '//\nexport const b = 1;\n'],
				['src/core/c.ts', ''],
			]);
			const found = checkArchitecture(files).map(({ rule, file }) => `${rule} ${file}`);
			assert.deepEqual(found, [
				'headComment src/core/a.ts',
				'headComment src/core/b.ts',
				'headComment src/core/c.ts',
			]);
		});
	});

	it('lets good files pass', () => {
		const files = {
			'src/extension.ts': "import { start } from './editor/container.ts';\nimport type { Uri } from 'vscode';\n",
			'src/editor/container.ts':
				"import { t } from '../core/t.ts';\nimport { acp } from '../drivers/drivers.ts';\n",
			'src/host/a.ts': "import type { T } from '../mcp/t.ts';\n",
			'src/mcp/t.ts': "import { T } from '@modelcontextprotocol/sdk/types.js';\n",
			'src/editor/commands/commandRegistry.ts': "commands.registerCommand('dreamos.x', run);\n",
			'src/drivers/drivers.ts':
				"import { acp } from './acp/acp.ts';\nimport { command } from './command/command.ts';\n",
			'src/drivers/acp/acp.ts':
				"import { s } from './session.ts';\nimport { Client } from '@agentclientprotocol/sdk';\n",
			'src/drivers/acp/session.ts': "import { sink } from '../sink.ts';\n",
			'src/drivers/sink.ts': '',
			'src/drivers/command/command.ts': '',
			'src/core/t.ts': "// import { x } from '../node/x.ts';\nconst text = `\nimport y from 'left-pad';\n`;\n",
			'src/protocol/p.ts':
				"import type { T } from '../core/t.ts';\nimport * as z from 'zod';\nimport type { infer } from 'zod';\n",
			'webviews/a/main.ts': "import './a.css';\nimport { p } from '../../src/protocol/p.ts';\n",
			'test/unit/a.test.ts': "import { t } from '../../src/core/t.ts';\nimport sinon from 'anything';\n",
		};
		assert.deepEqual(rulesFor(files), []);
	});
});
