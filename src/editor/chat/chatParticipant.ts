// Owns `@dreamos` in the editor's chat: the board in words, without a model. It looks, finds, explains and writes a task down; for
// everything else there are buttons to the commands. A model that is to do more gets our tools (chatTools.ts).

import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { isDreamError } from '../../base/errors.ts';
import type { SearchPage } from '../../core/search/searchTasks.ts';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import { readTaskLine } from '../../core/task/readTaskLine.ts';
import type { Task } from '../../core/task/task.ts';
import { countOfTasks } from '../counts.ts';
import type { CommandId } from '../manifest.ts';
import { chatParticipantId } from '../manifest.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

type Stream = Pick<vscode.ChatResponseStream, 'markdown' | 'button'>;

export interface ChatParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
}

/** What a person typed behind `@dreamos`. */
export interface ChatQuestion {
	readonly command?: string | undefined;
	readonly prompt: string;
}

const shownTasks = 10;

export function registerChatParticipant(parts: ChatParts): vscode.Disposable {
	const store = new DisposableStore();
	// Older and other editors lack what the types promise.
	const chat: Partial<typeof vscode.chat> | undefined = vscode.chat;
	if (typeof chat?.createChatParticipant === 'function') {
		const participant = chat.createChatParticipant(chatParticipantId, async (question, _context, stream) =>
			answerChat(parts, question, stream),
		);
		participant.iconPath = new vscode.ThemeIcon('rocket');
		store.add(participant);
	}
	return store;
}

/** Answers a question; a refusal is an answer, too, with what to do. */
export async function answerChat(parts: ChatParts, { command, prompt }: ChatQuestion, stream: Stream): Promise<void> {
	const words = prompt.trim();
	try {
		parts.performer.assertReady();
		if (command === 'create') {
			await createTask(parts, words, stream);
		} else if (command === 'why') {
			await explain(parts, words, stream);
		} else if (command === 'find' || (command === undefined && words !== '')) {
			await find(parts, words, stream);
		} else {
			tellBoard(parts.session.snapshot, stream);
		}
	} catch (error) {
		if (!isDreamError(error)) {
			throw error;
		}
		say(stream, error.fullMessage);
	}
}

/** Text of tasks and people: shown as it is, never as Markdown. */
function say(stream: Stream, text: string): void {
	stream.markdown(new vscode.MarkdownString().appendText(`${text}\n\n`));
}

function offer(stream: Stream, title: string, command: CommandId, ...rest: unknown[]): void {
	stream.button({ title, command, arguments: rest });
}

function list(stream: Stream, tasks: readonly Pick<Task, 'task_id' | 'name' | 'status'>[]): void {
	const lines = new vscode.MarkdownString();
	for (const { task_id, name, status } of tasks) {
		lines
			.appendMarkdown('- ')
			.appendText(`${plainLabel(name, 120)} (${task_id}, ${status})`)
			.appendMarkdown('\n');
	}
	stream.markdown(lines);
}

function tellBoard({ counts, tasks, boards, agents, swarm }: SwarmSnapshot, stream: Stream): void {
	const working = agents.filter(({ run }) => run !== undefined).length;
	const said = Object.entries(counts).filter(([, count]) => count > 0);
	say(
		stream,
		said.length === 0
			? vscode.l10n.t('There are no tasks yet.')
			: `${said.map(([status, count]) => `${count} ${status}`).join(', ')}. ${
					working === 1 ? vscode.l10n.t('1 agent at work.') : vscode.l10n.t('{0} agents at work.', working)
				}`,
	);
	const next = [...boards.working_tasks, ...boards.task_ready_queue].slice(0, shownTasks);
	list(
		stream,
		next.flatMap((key) => tasks.get(key)?.task ?? []),
	);
	offer(stream, vscode.l10n.t('Open Dashboard'), 'dreamos.dashboard.open');
	if (!swarm.shouldRun) {
		offer(stream, vscode.l10n.t('Start Swarm'), 'dreamos.swarm.start');
	}
}

async function find({ performer }: ChatParts, query: string, stream: Stream): Promise<void> {
	const { total, hits, notes } = await performer.perform<SearchPage>('task.search', { query, limit: shownTasks });
	notes.forEach((note) => say(stream, note));
	say(stream, total === 0 ? vscode.l10n.t('No task says that.') : vscode.l10n.t('{0} found.', countOfTasks(total)));
	list(stream, hits);
	offer(stream, vscode.l10n.t('Search Tasks'), 'dreamos.task.search');
}

async function explain({ performer }: ChatParts, taskId: string, stream: Stream): Promise<void> {
	if (taskId === '') {
		say(stream, vscode.l10n.t('Name the task: /why TASK-…'));
		return;
	}
	const { why } = await performer.perform<{ readonly why: string }>('task.why', { task_id: taskId });
	say(stream, why);
	offer(stream, vscode.l10n.t('Show History'), 'dreamos.task.history', { taskId });
}

async function createTask({ session, performer }: ChatParts, line: string, stream: Stream): Promise<void> {
	if (line === '') {
		say(stream, vscode.l10n.t('Say what is to be done: /create Fix the login !high @Agent-1 #auth'));
		return;
	}
	const agents = session.snapshot.agents.map(({ agent }) => agent.id);
	const { task } = await performer.perform<{ readonly task: Task }>('task.create', readTaskLine(line, agents));
	say(stream, vscode.l10n.t('{0} is {1}: {2}', task.task_id, task.status, plainLabel(task.name, 200)));
	offer(stream, vscode.l10n.t('Open Task in Board'), 'dreamos.task.openInBoard', { taskId: task.task_id });
}
