// Owns reading sources with the compiler's own parser: every node of files that lie in memory, so that one can be planted. No file
// is resolved or checked; what a name means elsewhere is not known.

import type { Node } from 'typescript/unstable/ast';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';
import type { SourceFiles } from './architectureRules.ts';

/** Where a node stands, as `file:line`. */
export type PlaceOf = (node: Node) => string;

/** Calls `look` with every node of every file, parents first. */
export function forEachNode(files: SourceFiles, look: (node: Node, placeOf: PlaceOf) => void): void {
	const names = [...files.keys()];
	const config = { compilerOptions: { noLib: true, noResolve: true, types: [] }, files: names };
	const virtual = new Map([...files, ['tsconfig.json', JSON.stringify(config)]]);
	const root = '/sources';
	const paths = Object.fromEntries([...virtual].map(([name, text]) => [`${root}/${name}`, text]));
	const api = new API({ cwd: root, fs: createVirtualFileSystem(paths) });
	try {
		const [project] = api.updateSnapshot({ openProjects: [`${root}/tsconfig.json`] }).getProjects();
		for (const name of names) {
			const source = project?.program.getSourceFile(`${root}/${name}`);
			if (source === undefined) {
				throw new Error(`${name} was not read by the compiler.`);
			}
			const placeOf: PlaceOf = (node) => `${name}:${source.text.slice(0, node.getStart()).split('\n').length}`;
			const visit = (node: Node): void => {
				look(node, placeOf);
				node.forEachChild(visit);
			};
			visit(source);
		}
	} finally {
		api.close();
	}
}
