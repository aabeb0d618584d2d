// Owns the product that is measured: built and packed as `npm run package` does it, in a folder of its own, so that a bench never
// touches what somebody is working with in `dist/`.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_FOLDER, projectEnvironment, projectNode } from '../support/project.mjs';

const run = promisify(execFile);

/** What goes into a package, and what makes it. */
const sources = [
	'src',
	'webviews',
	'media',
	'esbuild.mjs',
	'package.json',
	'package.nls.json',
	'package.nls.de.json',
	'l10n',
	'tsconfig.json',
	'.vscodeignore',
	'README.md',
	'CHANGELOG.md',
	'LICENSE',
];

const buildMilliseconds = 3 * 60_000;

export interface Product {
	/** Folder of the bundles: `extension.cjs`, `host.cjs`, `cli.cjs`. */
	readonly bundles: string;
	/** Packs them, once; resolves to the path of the package that users get. */
	readonly pack: () => Promise<string>;
}

/** Builds the product of the sources as they are now, in a folder that does not exist yet. */
export async function buildProduct(folder: string): Promise<Product> {
	await mkdir(folder);
	for (const name of sources.filter((each) => existsSync(join(PROJECT_FOLDER, each)))) {
		// Copies, not links: a file that somebody saves meanwhile must not end up in half of the bundles.
		await cp(join(PROJECT_FOLDER, name), join(folder, name), { recursive: true });
	}
	await symlink(join(PROJECT_FOLDER, 'node_modules'), join(folder, 'node_modules'), 'junction');
	const options = { cwd: folder, env: projectEnvironment(), timeout: buildMilliseconds };
	await run(projectNode(), ['esbuild.mjs', '--production'], options);
	let packed: Promise<string> | undefined;
	const pack = async () => {
		const vsix = join(folder, 'dreamos.vsix');
		const vsce = join('node_modules', '@vscode', 'vsce', 'vsce');
		// A copy has no repository that links in the README could be made to point at.
		const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
		await run(projectNode(), [vsce, 'package', ...flags, '--out', vsix], options);
		return vsix;
	};
	return { bundles: join(folder, 'dist'), pack: () => (packed ??= pack()) };
}
