// Owns the one line a task is made from, and what is said below it while one types: how it is understood, and what is like it.

import { l10n } from 'vscode';
import { readTaskLine } from '../../core/task/readTaskLine.ts';
import type { Performer } from '../performer.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { refuseName } from './guidedTask.ts';
import { similarHint } from './similarHint.ts';
import { askLine } from './stepQuestions.ts';

export interface QuickQuestion {
	readonly title: string;
	/** What it is about, said above the line. */
	readonly prompt: string;
	readonly value: string;
}

/** Asks for the line; its answer is input of `task.create`, undefined when the person leaves. */
export async function askTaskLine(
	session: WorkspaceSession,
	performer: Performer,
	{ title, prompt, value }: QuickQuestion,
): Promise<object | undefined> {
	const agents = session.snapshot.agents.map(({ agent }) => agent.id);
	const read = (text: string) => readTaskLine(text, agents);
	let latest = '';
	const outcome = await askLine(
		{ title, step: 1, totalSteps: 1 },
		{
			prompt,
			placeholder: l10n.t('Fix the login !high @Agent-1 #auth: priority, agent and tags stand at the end'),
			value,
			refuse: (text) => refuseName(read(text).name),
			hint: async (text) => {
				latest = text;
				const { name, priority, assigned_agent, tags } = read(text);
				const understood = [
					priority ?? '',
					assigned_agent === undefined ? '' : l10n.t('for {0}', assigned_agent),
					...tags.map((tag) => `#${tag}`),
				].filter(Boolean);
				const similar = await similarHint(performer, name, () => latest === text);
				const lines = [understood.join(' · '), similar ?? ''].filter(Boolean);
				return lines.length === 0 ? undefined : lines.join(' — ');
			},
		},
	);
	if (!('value' in outcome)) {
		return undefined;
	}
	const { tags, ...fields } = read(outcome.value);
	return { ...fields, ...(tags.length === 0 ? {} : { tags }) };
}
