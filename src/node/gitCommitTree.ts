// Owns making a commit object of a tree, by nobody's hand: no hook runs and nothing is signed.

import { commitIdentity } from './gitEnvironment.ts';
import type { IndexedTree } from './gitIndex.ts';

export async function commitTree(
	tree: Pick<IndexedTree, 'run'>,
	object: string,
	parents: readonly string[],
	message: string,
): Promise<string> {
	const { output } = await tree.run(
		['commit-tree', object, ...parents.flatMap((parent) => ['-p', parent]), '--no-gpg-sign', '-F', '-'],
		// git takes no NUL in a message.
		{ input: `${message.replaceAll('\0', '')}\n`, environment: commitIdentity },
	);
	return output.trim();
}
