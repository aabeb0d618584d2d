// Owns the Agents view's data: agents and, beneath each, its last runs. A click on a run opens its log, or
// asks for the answer it waits for.

import type { Event, TreeDataProvider } from 'vscode';
import { EventEmitter, TreeItem, TreeItemCollapsibleState, l10n } from 'vscode';
import { jsonEquals } from '../../base/json.ts';
import type { JsonValue } from '../../base/json.ts';
import type { Run } from '../../core/run/run.ts';
import type { ShownAgent, SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import { emptySnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { CommandId } from '../manifest.ts';
import { describeShared } from '../../core/run/sharedFiles.ts';
import { agentRow, agentTooltip, isTicking, questionOf, runRow, runTooltip } from './agentRows.ts';
import { sharedOf } from './sharedOf.ts';
import { toIcon } from './taskTree.ts';

export interface AgentNode {
	readonly kind: 'agent';
	readonly agentId: string;
}
export interface RunNode {
	readonly kind: 'run';
	readonly runId: string;
	readonly taskId: string;
	readonly agent: AgentNode;
}
export type AgentTreeNode = AgentNode | RunNode;

const showLog: CommandId = 'dreamos.run.log';
const answerQuestion: CommandId = 'dreamos.question.answer';

/** Agents and runs are small plain objects that are read anew for each picture: they are compared by content. */
const isSame = (left: unknown, right: unknown): boolean => jsonEquals(left as JsonValue, right as JsonValue);

export class AgentTree implements TreeDataProvider<AgentTreeNode> {
	private readonly changed = new EventEmitter<AgentTreeNode[] | undefined>();
	private nodes = new Map<string, AgentNode>();
	private snapshot: SwarmSnapshot = emptySnapshot;

	readonly onDidChangeTreeData: Event<AgentTreeNode[] | undefined> = this.changed.event;

	update(next: SwarmSnapshot): void {
		const previous = this.snapshot;
		this.snapshot = next;
		const ids = next.agents.map(({ agent }) => agent.id);
		if (
			!isSame(
				ids,
				previous.agents.map(({ agent }) => agent.id),
			)
		) {
			this.nodes = new Map(ids.map((id) => [id, this.nodes.get(id) ?? { kind: 'agent', agentId: id }]));
			this.changed.fire(undefined);
			return;
		}
		const changes = next.agents.filter((shown, index) => !this.looksSame(shown, previous.agents[index], previous));
		this.fire(changes);
	}

	/** Refreshes what changes with time alone. */
	tick(): void {
		this.fire(this.snapshot.agents.filter(isTicking));
	}

	getChildren(node?: AgentTreeNode): AgentTreeNode[] {
		if (node === undefined) {
			return [...this.nodes.values()];
		}
		return node.kind === 'run' ? [] : (this.agentOf(node.agentId)?.runs ?? []).map((run) => toNode(run, node));
	}

	getParent(node: AgentTreeNode): AgentTreeNode | undefined {
		return node.kind === 'run' ? node.agent : undefined;
	}

	getTreeItem(node: AgentTreeNode): TreeItem {
		return node.kind === 'agent' ? this.agentItem(node) : this.runItem(node);
	}

	resolveTreeItem(item: TreeItem, node: AgentTreeNode): TreeItem {
		const run = node.kind === 'run' ? this.runOf(node) : undefined;
		const agent = node.kind === 'agent' ? this.agentOf(node.agentId) : undefined;
		// Strings, not Markdown: nothing in them can be a link or a command.
		if (run !== undefined) {
			item.tooltip = runTooltip(this.snapshot, run);
		} else if (agent !== undefined) {
			item.tooltip = agentTooltip(agent);
		}
		return item;
	}

	dispose(): void {
		this.changed.dispose();
	}

	private agentItem(node: AgentNode): TreeItem {
		const shown = this.agentOf(node.agentId);
		if (shown === undefined) {
			return new TreeItem('');
		}
		const row = agentRow(this.snapshot, shown, Date.now());
		// Also without runs: rows with and without an arrow would not stand in one line.
		const item = new TreeItem(row.label, TreeItemCollapsibleState.Collapsed);
		item.id = `agent:${node.agentId}`;
		item.description = row.description;
		item.iconPath = toIcon(row.icon);
		item.contextValue = row.contextValue;
		item.accessibilityInformation = { label: `${row.label}, ${row.description}` };
		return item;
	}

	private runItem(node: RunNode): TreeItem {
		const run = this.runOf(node);
		if (run === undefined) {
			return new TreeItem('');
		}
		const row = runRow(this.snapshot, run, Date.now());
		const item = new TreeItem(row.label);
		item.id = `run:${node.runId}`;
		item.description = row.description;
		item.iconPath = toIcon(row.icon);
		item.contextValue = row.contextValue;
		const isAsking = questionOf(this.snapshot, node.runId) !== undefined;
		item.command = {
			command: isAsking ? answerQuestion : showLog,
			title: isAsking ? l10n.t('Answer Question') : l10n.t('Show Run Log'),
			arguments: [{ runId: node.runId }],
		};
		item.accessibilityInformation = { label: `${row.label}, ${row.description}` };
		return item;
	}

	private agentOf(id: string): ShownAgent | undefined {
		return this.snapshot.agents.find(({ agent }) => agent.id === id);
	}

	private runOf({ agent, runId }: RunNode): Run | undefined {
		return this.agentOf(agent.agentId)?.runs.find(({ run_id }) => run_id === runId);
	}

	private looksSame(now: ShownAgent, before: ShownAgent | undefined, previous: SwarmSnapshot): boolean {
		const names = (snapshot: SwarmSnapshot, { runs }: ShownAgent) =>
			runs.map((run) => [
				snapshot.tasks.get(run.task_id)?.task.name ?? '',
				questionOf(snapshot, run.run_id)?.question_id ?? '',
			]);
		const shared = (snapshot: SwarmSnapshot, { runs }: ShownAgent) =>
			runs.map(({ run_id }) => describeShared(sharedOf(snapshot, run_id)));
		return (
			before !== undefined &&
			isSame(now, before) &&
			isSame(names(this.snapshot, now), names(previous, before)) &&
			isSame(shared(this.snapshot, now), shared(previous, before))
		);
	}

	private fire(agents: readonly ShownAgent[]): void {
		const changes = agents.flatMap(({ agent }) => this.nodes.get(agent.id) ?? []);
		if (changes.length > 0) {
			this.changed.fire(changes);
		}
	}
}

const toNode = ({ run_id, task_id }: Run, agent: AgentNode): RunNode => ({
	kind: 'run',
	runId: run_id,
	taskId: task_id,
	agent,
});
