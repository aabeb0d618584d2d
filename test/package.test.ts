// Owns the check of the packed .vsix. Run by `npm run package`, which has just made it; without one it fails.

import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { checkPackage, expectedPackage, packageBudget } from './support/packageRules.ts';
import type { PackageFacts } from './support/packageRules.ts';
import type { BundleMetafile } from './support/staticImports.ts';
import { zipEntries } from './support/zipFile.ts';

const root = path.join(import.meta.dirname, '..');

function readJson(file: string): unknown {
	return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

function realPackage(): PackageFacts {
	const { name, version } = readJson('package.json') as { readonly name: string; readonly version: string };
	const packed = readFileSync(path.join(root, `${name}-${version}.vsix`));
	const entries = zipEntries(packed);
	const doors = ['extension', 'host', 'cli', 'mcp'].filter((door) => existsSync(path.join(root, `src/${door}.ts`)));
	const webviews = readdirSync(path.join(root, 'webviews')).filter((folder) =>
		existsSync(path.join(root, 'webviews', folder, 'main.ts')),
	);
	const isText = /\.(?:cjs|js|css|json|svg)$/u;
	return {
		files: entries.map((entry) => ({ name: entry.name, bytes: entry.bytes })),
		packageBytes: packed.length,
		expectedFiles: expectedPackage(doors, webviews),
		metafiles: Object.values(readJson('dist/meta.json') as Record<string, BundleMetafile>),
		texts: Object.fromEntries(
			entries
				.filter((entry) => isText.test(entry.name))
				.map((entry) => [entry.name, entry.read().toString('utf8')]),
		),
		forbiddenTexts: ['enabledApiProposals', 'sourceMappingURL=', root],
	};
}

describe('package', () => {
	it('holds exactly what it should', () => {
		assert.equal(checkPackage(realPackage()).join('\n'), '');
	});

	describe('finds a planted fault:', () => {
		const good: PackageFacts = {
			files: [{ name: 'extension/dist/extension.cjs', bytes: 1000 }],
			packageBytes: 1000,
			expectedFiles: ['extension/dist/extension.cjs'],
			metafiles: [],
			texts: { 'extension/dist/extension.cjs': 'run()' },
			forbiddenTexts: ['enabledApiProposals'],
		};
		const problemsOf = (change: Partial<PackageFacts>) => checkPackage({ ...good, ...change });

		it('none in a good package', () => assert.deepEqual(problemsOf({}), []));

		it('a stray file', () => {
			const files = [...good.files, { name: 'extension/.env', bytes: 1 }];
			assert.deepEqual(problemsOf({ files }), ['extension/.env ships, and should not.']);
		});

		it('a missing file', () => {
			assert.deepEqual(problemsOf({ files: [] }), ['extension/dist/extension.cjs is missing.']);
		});

		it('a package over its budget', () => {
			assert.deepEqual(problemsOf({ packageBytes: packageBudget + 1024 }), [
				'The package has 3073 KB; 3072 KB at most.',
			]);
		});

		it('a bundle over its budget, with what makes it so large', () => {
			const inputs = Object.fromEntries(
				[3, 9, 1, 7, 5, 8].map((size) => [`in${size}`, { bytesInOutput: size * 1024 }]),
			);
			const problems = problemsOf({
				files: [{ name: 'extension/dist/extension.cjs', bytes: 257 * 1024 }],
				metafiles: [{ outputs: { 'dist/extension.cjs': { inputs } } }],
			});
			assert.deepEqual(problems, [
				'extension/dist/extension.cjs has 257 KB; 256 KB at most. ' +
					'Largest inputs: 9 KB in9, 8 KB in8, 7 KB in7, 5 KB in5, 3 KB in3',
			]);
		});

		it('schemas that are made while the extension is activated, and by which import', () => {
			const sources = [
				'src/extension.ts',
				'src/editor/panel.ts',
				'src/core/schema.ts',
				'node_modules/zod/index.js',
			];
			const bundle = (kind: string) => ({
				inputs: Object.fromEntries(
					sources.map((source, index) => [
						source,
						{ imports: sources.slice(index + 1, index + 2).map((path) => ({ path, kind })) },
					]),
				),
				outputs: {
					'dist/extension.cjs': {
						inputs: Object.fromEntries(sources.map((source) => [source, { bytesInOutput: 1 }])),
					},
				},
			});
			assert.deepEqual(problemsOf({ metafiles: [bundle('import-statement')] }), [
				'Activation makes schemas it does not need, by way of src/extension.ts > src/editor/panel.ts > src/core/schema.ts',
			]);
			assert.deepEqual(problemsOf({ metafiles: [bundle('dynamic-import')] }), []);
		});

		it('a proposed API', () => {
			const texts = { 'extension/package.json': '{ "enabledApiProposals": ["chat"] }' };
			assert.deepEqual(problemsOf({ texts }), ['extension/package.json contains enabledApiProposals']);
		});

		it('bytes that are no zip file', () => {
			assert.throws(() => zipEntries(Buffer.alloc(100)), /no zip file/u);
		});
	});
});
