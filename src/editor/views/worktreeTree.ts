// Owns the Worktrees view's data: one row for each worktree of ours on this machine.

import type { Event, TreeDataProvider } from 'vscode';
import { EventEmitter, TreeItem } from 'vscode';
import { jsonEquals } from '../../base/json.ts';
import type { JsonValue } from '../../base/json.ts';
import type { WorktreeRow } from '../../core/worktree/worktreeInventory.ts';
import { toIcon } from './taskTree.ts';
import { worktreeRow, worktreeTooltip } from './worktreeRows.ts';

export interface WorktreeNode {
	readonly kind: 'worktree';
	readonly worktreeId: string;
	readonly row: WorktreeRow;
}

export class WorktreeTree implements TreeDataProvider<WorktreeNode> {
	private readonly changed = new EventEmitter<WorktreeNode[] | undefined>();
	private nodes: readonly WorktreeNode[] = [];

	readonly onDidChangeTreeData: Event<WorktreeNode[] | undefined> = this.changed.event;

	get rows(): readonly WorktreeRow[] {
		return this.nodes.map(({ row }) => row);
	}

	update(rows: readonly WorktreeRow[]): void {
		if (!jsonEquals(rows as unknown as JsonValue, this.rows as unknown as JsonValue)) {
			this.nodes = rows.map((row) => ({ kind: 'worktree', worktreeId: row.id, row }));
			this.changed.fire(undefined);
		}
	}

	/** Refreshes what changes with time alone. */
	tick(): void {
		if (this.nodes.length > 0) {
			this.changed.fire([...this.nodes]);
		}
	}

	getChildren(node?: WorktreeNode): WorktreeNode[] {
		return node === undefined ? [...this.nodes] : [];
	}

	getParent(): undefined {
		return undefined;
	}

	getTreeItem({ worktreeId, row }: WorktreeNode): TreeItem {
		const { label, description, icon, contextValue } = worktreeRow(row, Date.now());
		const item = new TreeItem(label);
		item.id = `worktree:${worktreeId}`;
		item.description = description;
		item.iconPath = toIcon(icon);
		item.contextValue = contextValue;
		// A string, not Markdown: nothing in it can be a link or a command.
		item.tooltip = worktreeTooltip(row);
		item.accessibilityInformation = { label: `${label}, ${description}` };
		return item;
	}

	dispose(): void {
		this.changed.dispose();
	}
}
