// Owns the questions of Create Task, in their order: what, of which kind, how soon, after what, checked how, by whom.

import { l10n } from 'vscode';
import type { TaskPriority } from '../../core/task/taskPriority.ts';
import { unfinishedTasks } from '../commands/taskChoices.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { similarHint } from './similarHint.ts';
import type { ChoiceItem, Step, StepOutcome } from './stepQuestions.ts';
import { askChoice, askChoices, askLine, askSteps } from './stepQuestions.ts';
import type { TaskDraft } from './taskDraft.ts';
import { emptyDraft } from './taskDraft.ts';

/** The usual one first, so that Enter takes it. */
const priorityDetails: Readonly<Record<TaskPriority, string>> = {
	MEDIUM: l10n.t('in its turn'),
	CRITICAL: l10n.t('before everything else'),
	HIGH: l10n.t('soon'),
	LOW: l10n.t('when there is nothing else'),
};
const priorities: readonly ChoiceItem<TaskPriority>[] = (Object.keys(priorityDetails) as TaskPriority[]).map(
	(value) => ({
		value,
		label: value,
		description: priorityDetails[value],
	}),
);

/** Kinds of work people name again and again; those of the boards come first. */
const commonTypes = ['task', 'feature', 'bug', 'refactoring', 'documentation', 'test'];
const mostTypes = 20;

const longestName = 500;

export const refuseName = (name: string): string | undefined => {
	if (name === '') {
		return l10n.t('A task needs a name.');
	}
	return name.length > longestName
		? l10n.t('At most {0} characters; these are {1}.', longestName, name.length)
		: undefined;
};

/** Puts an answer into the draft. */
async function answered<Value>(
	asked: Promise<StepOutcome<Value>>,
	put: (value: Value) => TaskDraft,
): Promise<StepOutcome<TaskDraft>> {
	const outcome = await asked;
	return 'value' in outcome ? { kind: outcome.kind, value: put(outcome.value) } : outcome;
}

/** Asks; undefined when the person leaves. */
export function askTask(session: WorkspaceSession, performer: Performer): Promise<TaskDraft | undefined> {
	const { snapshot } = session;
	const others = unfinishedTasks(snapshot).map(({ task }) => ({
		value: task.task_id,
		label: plainLabel(task.name === '' ? task.task_id : task.name),
		description: [task.task_id, task.status, task.priority].map((part) => plainLabel(part, 80)).join(' · '),
	}));
	const used = [...new Set([...snapshot.tasks.values()].map(({ task }) => task.task_type))].filter(Boolean);
	const types = [...new Set(['task', ...used.slice(0, mostTypes), ...commonTypes])].map((value) => ({
		value,
		label: plainLabel(value, 80),
	}));
	const agents: ChoiceItem<string | undefined>[] = [
		{ value: undefined, label: l10n.t('Any agent'), description: l10n.t('whoever is free and able') },
		...snapshot.agents.map(({ agent, state }) => ({
			value: agent.id,
			label: plainLabel(agent.id, 80),
			description: plainLabel([agent.role, state].filter(Boolean).join(' · '), 80),
		})),
	];
	let latest = '';
	const steps: (Step<TaskDraft> | undefined)[] = [
		(draft, frame) =>
			answered(
				askLine(frame, {
					prompt: l10n.t('What is to be done?'),
					placeholder: l10n.t('such as: Add a health check to the server'),
					value: draft.name,
					refuse: refuseName,
					hint: (text) => {
						latest = text;
						return similarHint(performer, text, () => latest === text);
					},
				}),
				(name) => ({ ...draft, name }),
			),
		(draft, frame) =>
			answered(askChoice(frame, l10n.t('How urgent is it?'), priorities, draft.priority), (priority) => ({
				...draft,
				priority,
			})),
		(draft, frame) =>
			answered(askChoice(frame, l10n.t('What kind of work is it?'), types, draft.task_type), (task_type) => ({
				...draft,
				task_type,
			})),
		others.length === 0
			? undefined
			: (draft, frame) =>
					answered(
						askChoices(
							frame,
							l10n.t('Tick the tasks that must be completed first; Enter for none'),
							others,
							draft.dependencies,
						),
						(dependencies) => ({ ...draft, dependencies }),
					),
		(draft, frame) =>
			answered(
				askLine(frame, {
					prompt: l10n.t(
						'Gate: shell command that must succeed before it counts as done. Enter to leave it out.',
					),
					placeholder: l10n.t('such as: npm test'),
					value: draft.check,
				}),
				(check) => ({ ...draft, check }),
			),
		(draft, frame) =>
			answered(askChoice(frame, l10n.t('Who is to do it?'), agents, draft.agent), (agent) => ({
				...draft,
				agent,
			})),
		(draft, frame) =>
			answered(
				askLine(frame, {
					prompt: l10n.t('Shell command that does it, for agents without a model. Enter to leave it out.'),
					placeholder: l10n.t('such as: npm run format'),
					value: draft.run,
				}),
				(run) => ({ ...draft, run }),
			),
	];
	return askSteps(
		{ title: l10n.t('Create Task'), finish: l10n.t('Create It Now') },
		emptyDraft,
		steps.filter((step) => step !== undefined),
	);
}
