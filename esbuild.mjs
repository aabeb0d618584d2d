// Owns every bundle: the four programs, what one of them loads late, the webviews, the test code that must run outside plain Node;
// and the JSON Schemas that ship.
//   node esbuild.mjs                product and test bundles, for development
//   node esbuild.mjs --production   product only, minified, with third-party notices and dist/meta.json
//   node esbuild.mjs --tests        test bundles only
//   node esbuild.mjs --watch        product and test bundles, rebuilt on every change

import { existsSync, globSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

const root = import.meta.dirname;

/** @typedef {'extension' | 'host' | 'cli' | 'mcp'} Door */
/** @type {readonly Door[]} */
const doors = ['extension', 'host', 'cli', 'mcp'];

/**
 * What is imported with `import()` and is a file of its own, by the source it begins with: activation neither reads nor parses
 * what opens a workspace, nothing but an import of YAML needs that library, and a host serves tools only once an agent runs.
 */
const lateBundles = {
	workspace: 'src/workspace/openWorkspace.ts',
	mirror: 'src/workspace/mirrorProgram.ts',
	attendance: 'src/editor/attendance.ts',
	watch: 'src/protocol/watchInput.ts',
	language: 'src/editor/language/boardLanguage.ts',
	dashboard: 'src/editor/panels/dashboardPage.ts',
	authoring: 'src/editor/authoring/taskAuthoring.ts',
	models: 'src/editor/models/windowModels.ts',
	problems: 'src/editor/diagnostics/windowProblems.ts',
	yaml: 'src/core/yaml.ts',
	tools: 'src/mcp/hostTools.ts',
	person: 'src/core/person/personWork.ts',
};

/** Which of them each program loads. */
/** @type {Readonly<Record<Door, readonly (keyof typeof lateBundles)[]>>} */
const lateOf = {
	extension: ['workspace', 'attendance', 'watch', 'language', 'dashboard', 'authoring', 'yaml'],
	host: ['yaml', 'tools', 'person'],
	cli: ['workspace', 'yaml', 'person'],
	mcp: ['workspace', 'yaml', 'person'],
};

/** The one place a version stands is package.json; every program tells it. */
const productVersion = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version;

/** Sources use `import.meta`; CommonJS has other names for the same things. */
const commonJsLocation = {
	banner: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
	define: {
		'import.meta.dirname': '__dirname',
		'import.meta.filename': '__filename',
		'import.meta.url': 'importMetaUrl',
	},
};

/**
 * What every bundle that runs on Node shares. `vscode` is external nowhere but where an editor is:
 * elsewhere a leak fails the build with "Could not resolve".
 * @param {{ production?: boolean; editor?: boolean; executable?: boolean }} [choices]
 * @returns {import('esbuild').BuildOptions}
 */
export function nodeBundle({ production = false, editor = false, executable = false } = {}) {
	return {
		absWorkingDir: root,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node22',
		// Packages with a UMD `main` cannot be bundled from it; their `module` can.
		mainFields: ['module', 'main'],
		external: editor ? ['vscode'] : [],
		banner: { js: (executable ? '#!/usr/bin/env node\n' : '') + commonJsLocation.banner },
		define: {
			...commonJsLocation.define,
			DREAMOS_VERSION: JSON.stringify(productVersion),
			// The extension host has a getter on `navigator` that throws; libraries probing it must see nothing.
			...(editor ? { navigator: 'undefined' } : {}),
		},
		minify: production,
		keepNames: production,
		sourcemap: production ? false : 'linked',
		charset: 'utf8',
		legalComments: 'none',
		metafile: true,
		logLevel: 'silent',
		// Bundles do not depend on which tsconfig happens to lie nearest.
		tsconfigRaw: { compilerOptions: { target: 'es2023', verbatimModuleSyntax: true } },
	};
}

/**
 * @param {Door} door
 * @param {boolean} production
 * @returns {import('esbuild').BuildOptions}
 */
export function doorBundle(door, production) {
	return {
		...nodeBundle({ production, editor: door === 'extension', executable: door === 'cli' || door === 'mcp' }),
		...withPlugins(loadingLate(lateOf[door]), withoutValidator),
		entryPoints: [`src/${door}.ts`],
		outfile: `dist/${door}.cjs`,
	};
}

/**
 * @param {keyof typeof lateBundles} name
 * @param {boolean} production
 * @returns {import('esbuild').BuildOptions}
 */
function lateBundle(name, production) {
	const source = lateBundles[name];
	// It may run in the extension host, but has business with the editor only where it is a part of it.
	const { external, ...options } = nodeBundle({ production, editor: true });
	const isEditor = source.startsWith('src/editor/');
	return {
		...options,
		...(isEditor ? { external } : {}),
		...withPlugins(loadingLate(['yaml', 'person', 'models', 'problems']), withoutValidator),
		entryPoints: [source],
		outfile: `dist/${name}.cjs`,
	};
}

/**
 * Leaves late bundles out of a bundle, and sees to it that they are loaded late.
 * @param {readonly (keyof typeof lateBundles)[]} names
 * @returns {import('esbuild').BuildOptions}
 */
function loadingLate(names) {
	return {
		// `require` of a file works in every extension host; `import()` does in some only.
		supported: { 'dynamic-import': false },
		plugins: [
			{
				name: 'loadingLate',
				setup(build) {
					build.onResolve({ filter: /\.ts$/ }, ({ kind, resolveDir, path: imported }) => {
						const source = path
							.relative(root, path.resolve(resolveDir, imported))
							.replaceAll(path.sep, '/');
						const late = names.find((name) => lateBundles[name] === source);
						if (late === undefined || kind === 'entry-point') {
							return undefined;
						}
						return kind === 'dynamic-import'
							? { path: `./${late}.cjs`, external: true }
							: { errors: [{ text: `${source} is loaded late: use import(), or a type import.` }] };
					});
				},
			},
		],
	};
}

/**
 * The library of tools brings a validator of JSON Schema, three times its own size, for something we hand it another for
 * (src/mcp/toolSession.ts).
 * @type {import('esbuild').Plugin}
 */
const withoutValidator = {
	name: 'withoutValidator',
	setup(build) {
		build.onLoad({ filter: /[\\/]@modelcontextprotocol[\\/]sdk[\\/].*[\\/]ajv-provider\.js$/ }, () => ({
			contents: 'export class AjvJsonSchemaValidator {}',
		}));
	},
};

/**
 * @param {import('esbuild').BuildOptions} options
 * @param {import('esbuild').Plugin} plugin
 * @returns {import('esbuild').BuildOptions}
 */
function withPlugins(options, plugin) {
	return { ...options, plugins: [...(options.plugins ?? []), plugin] };
}

/**
 * @param {string} name folder under webviews/
 * @param {boolean} production
 * @returns {import('esbuild').BuildOptions}
 */
function webviewBundle(name, production) {
	return {
		...nodeBundle({ production }),
		platform: 'browser',
		format: 'iife',
		// Chromium of the oldest supported editor.
		target: 'chrome138',
		mainFields: ['browser', 'module', 'main'],
		banner: {},
		define: {},
		loader: { '.ttf': 'file' },
		assetNames: '[name]',
		entryPoints: { [name]: `webviews/${name}/main.ts` },
		outdir: 'dist/webviews',
	};
}

/**
 * @param {boolean} production
 * @returns {Record<string, import('esbuild').BuildOptions>}
 */
function productBundles(production) {
	/** @type {Record<string, import('esbuild').BuildOptions>} */
	const bundles = {};
	for (const door of doors) {
		if (existsSync(path.join(root, 'src', `${door}.ts`))) {
			bundles[door] = doorBundle(door, production);
		} else {
			process.stdout.write(`skipped: src/${door}.ts does not exist\n`);
		}
	}
	for (const name of /** @type {(keyof typeof lateBundles)[]} */ (Object.keys(lateBundles))) {
		bundles[name] = lateBundle(name, production);
	}
	for (const name of readdirSync(path.join(root, 'webviews'))) {
		if (existsSync(path.join(root, 'webviews', name, 'main.ts'))) {
			bundles[`webviews/${name}`] = webviewBundle(name, production);
		}
	}
	return bundles;
}

/**
 * Unit, contract and UI tests need no bundle: Node runs their sources. Bundled are only what the extension host
 * loads, and the scripted agents, which are started as programs of their own.
 * @returns {Record<string, import('esbuild').BuildOptions>}
 */
function testBundles() {
	/** @type {Record<string, import('esbuild').BuildOptions>} */
	const bundles = {};
	const integration = globSync(['test/integration/index.ts', 'test/integration/**/*.test.ts'], { cwd: root });
	if (integration.length > 0) {
		const options = nodeBundle({ editor: true });
		bundles['test/integration'] = {
			...options,
			external: ['vscode', 'mocha'],
			entryPoints: integration,
			outbase: 'test',
			outdir: 'out/test',
			outExtension: { '.js': '.cjs' },
		};
	}
	const agents = globSync('test/support/**/*.agent.ts', { cwd: root });
	if (agents.length > 0) {
		bundles['test/agents'] = {
			...nodeBundle({ executable: true }),
			entryPoints: agents,
			outbase: 'test',
			outdir: 'out/test',
			outExtension: { '.js': '.cjs' },
		};
	}
	return bundles;
}

/**
 * Text of the licences of everything that was bundled, as those licences ask for.
 * @param {readonly import('esbuild').Metafile[]} metafiles
 */
function thirdPartyNotices(metafiles) {
	const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
	const folders = new Set(inputs.flatMap((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []));
	const notices = [...folders].toSorted().map((folder) => {
		const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
		const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
		const text =
			file === undefined ? `Licence: ${license}` : readFileSync(path.join(root, folder, file), 'utf8').trim();
		return `${name} ${version}\n\n${text}\n`;
	});
	return `Dream.OS contains these packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The schemas the manifest contributes, made from the one zod schema the product reads with. */
async function writeSchemas() {
	const { agentsFileSchema, boardFileSchema, policiesFileSchema } = await import('./src/core/board/fileSchemas.ts');
	mkdirSync(path.join(root, 'dist/schemas'), { recursive: true });
	const schemas = { 'task-board': boardFileSchema(), agents: agentsFileSchema(), policies: policiesFileSchema() };
	for (const [name, schema] of Object.entries(schemas)) {
		writeFileSync(path.join(root, `dist/schemas/${name}.schema.json`), `${JSON.stringify(schema, null, '\t')}\n`);
	}
}

/** @returns {import('esbuild').Plugin} */
function announceWatch() {
	return {
		name: 'announceWatch',
		setup(build) {
			build.onStart(() => void process.stdout.write('[watch] build started\n'));
			build.onEnd((result) => {
				for (const { text, location } of result.errors) {
					const where = location === null ? '' : `${location.file}:${location.line}:${location.column}: `;
					process.stdout.write(`${where}error: ${text}\n`);
				}
				process.stdout.write('[watch] build finished\n');
			});
		},
	};
}

/** @param {Record<string, import('esbuild').BuildOptions>} bundles */
async function watch(bundles) {
	for (const options of Object.values(bundles)) {
		const context = await esbuild.context({ ...options, plugins: [...(options.plugins ?? []), announceWatch()] });
		await context.watch();
	}
}

/** @param {Record<string, import('esbuild').BuildOptions>} bundles */
async function buildAll(bundles) {
	const names = Object.keys(bundles);
	const results = await Promise.all(
		Object.values(bundles).map((options) => esbuild.build({ ...options, logLevel: 'warning', metafile: true })),
	);
	return Object.fromEntries(results.map((result, index) => [names[index] ?? '', result.metafile]));
}

/** @param {readonly string[]} flags */
async function main(flags) {
	const known = ['--production', '--tests', '--watch'];
	const unknown = flags.find((flag) => !known.includes(flag));
	if (unknown !== undefined) {
		throw new Error(`Unknown flag ${unknown}. Known: ${known.join(', ')}`);
	}
	const production = flags.includes('--production');
	const product = flags.includes('--tests') ? {} : productBundles(production);
	const tests = production ? {} : testBundles();
	if (!flags.includes('--tests')) {
		await writeSchemas();
	}
	if (flags.includes('--watch')) {
		await watch({ ...product, ...tests });
		return;
	}
	const [metafiles] = await Promise.all([buildAll(product), buildAll(tests)]);
	if (production) {
		mkdirSync(path.join(root, 'dist'), { recursive: true });
		writeFileSync(path.join(root, 'dist/meta.json'), JSON.stringify(metafiles));
		writeFileSync(path.join(root, 'dist/thirdPartyNotices.txt'), thirdPartyNotices(Object.values(metafiles)));
		for (const { outputs } of Object.values(metafiles)) {
			for (const [file, { bytes }] of Object.entries(outputs)) {
				process.stdout.write(`${(bytes / 1024).toFixed(0).padStart(6)} KB  ${file}\n`);
			}
		}
	}
}

// argv keeps symbolic links, import.meta does not; a test imports this file without running it.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
	try {
		await main(process.argv.slice(2));
	} catch (error) {
		// esbuild has already printed what it could not build.
		const isBuildFailure = error instanceof Error && 'errors' in error;
		process.stderr.write(isBuildFailure ? 'The build failed.\n' : `${String(error)}\n`);
		process.exitCode = 1;
	}
}
