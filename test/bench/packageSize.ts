// Measures what a person downloads and what the editor loads: bytes of the packed .vsix and of the extension's bundle, built for
// production from the sources as they are. No rounds: the figures are exact.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defineBenchmark } from './benchmark.ts';

const megabyte = 1024 * 1024;

export const packageSize = defineBenchmark({
	figures: {
		'package.vsix': { title: 'the packed extension', unit: 'bytes', limit: { atMost: 3 * megabyte } },
		'package.extensionBundle': { title: 'dist/extension.cjs', unit: 'bytes', limit: { atMost: megabyte } },
	},
	async measure({ product }) {
		const { bundles, pack } = await product();
		const [packed, bundle] = await Promise.all([stat(await pack()), stat(join(bundles, 'extension.cjs'))]);
		const share = (bytes: number) => [`${(bytes / megabyte).toFixed(2)} MB`];
		return {
			'package.vsix': { value: packed.size, notes: share(packed.size) },
			'package.extensionBundle': { value: bundle.size, notes: share(bundle.size) },
		};
	},
});
