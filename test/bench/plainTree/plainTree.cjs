// The yardstick of `treeExpansion.ts`: one group with as many rows as `plainTree.rows` of the workspace says, each as the Tasks view
// writes it, all of them handed to the editor at once. What is closed is asked for anew when it opens.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');

exports.activate = () => {
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
	const rows = JSON.parse(readFileSync(join(folder, 'plainTree.rows'), 'utf8'));
	const changed = new vscode.EventEmitter();
	const view = vscode.window.createTreeView('plainTree.rows', {
		treeDataProvider: {
			onDidChangeTreeData: changed.event,
			getChildren: (node) => (node === undefined ? ['group'] : rows),
			getTreeItem(node) {
				if (node === 'group') {
					return new vscode.TreeItem('Group', vscode.TreeItemCollapsibleState.Collapsed);
				}
				const item = new vscode.TreeItem(node.name);
				item.id = node.id;
				item.description = node.description;
				item.iconPath = new vscode.ThemeIcon('circle-outline');
				item.contextValue = 'task';
				return item;
			},
		},
	});
	view.onDidCollapseElement(() => changed.fire('group'));
};
