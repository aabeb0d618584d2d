// Owns the drawing of a tree as indented text, for tests and for people who report what they see.

import type { TreeItem } from 'vscode';
import { TreeItemCollapsibleState } from 'vscode';

export interface DrawableTree<Node> {
	getChildren(node?: Node): Node[];
	getTreeItem(node: Node): TreeItem;
}

const labelOf = ({ label }: TreeItem): string => (typeof label === 'string' ? label : (label?.label ?? ''));

/** One line a row, as if every row were open: `Ready [2]`, two spaces for each level, descriptions in brackets. */
export function drawTree<Node>(tree: DrawableTree<Node>): string {
	const draw = (nodes: readonly Node[], level: number): string[] =>
		nodes.flatMap((node) => {
			const item = tree.getTreeItem(node);
			const description =
				typeof item.description === 'string' && item.description !== '' ? ` [${item.description}]` : '';
			const line = `${'  '.repeat(level)}${labelOf(item)}${description}`;
			const children = item.collapsibleState === TreeItemCollapsibleState.None ? [] : tree.getChildren(node);
			return [line, ...draw(children, level + 1)];
		});
	return draw(tree.getChildren(), 0).join('\n');
}
