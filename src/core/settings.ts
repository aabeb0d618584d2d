// Owns every setting: name, type, default, one sentence. package.json is compared with this file by a test.

import * as z from 'zod';
import type { JsonValue } from '../base/json.ts';
import { isJsonObject } from '../base/json.ts';
import { gateSetSchema } from './gate/gateSet.ts';
import { budgetSchema, windowBudgetSchema } from './budget/budgetLimits.ts';
import { defaultIdPattern, idPatternProblem } from './task/taskId.ts';
import type { ArchivePolicy } from './task/archive.ts';

/**
 * What a notification can be about, each to be muted by itself: a question of an agent, a change that waits for review, one that
 * did not fit, a task that could not be finished, a change on a branch, a task that is done, a budget, a hook, a ledger that was
 * rebuilt, the swarm's own program, a setting that cannot be used.
 */
export const notificationKinds = [
	'question',
	'review',
	'returned',
	'stopped',
	'branch',
	'done',
	'budget',
	'hook',
	'rebuilt',
	'host',
	'settings',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export const settingsSchema = z.object({
	'landing.mode': z
		.enum(['automatic', 'review', 'branch'])
		.default('automatic')
		.describe(
			'Whether a change lands by itself once its gates pass, waits for Review Change, or goes to a branch of its own',
		),
	'landing.save': z
		.boolean()
		.default(true)
		.describe(
			'Whether text that lands in an open editor window is saved; otherwise it is left unsaved, for you to look at, and agents do not see it until you save it',
		),
	'landing.conflictRetries': z
		.number()
		.int()
		.min(0)
		.max(10)
		.default(1)
		.describe('How often a change that conflicts goes back to its agent, with both sides, before you are asked'),
	autonomy: z
		.enum(['ask', 'askForRisky', 'runWithinBudget'])
		.default('runWithinBudget')
		.describe('Whether the swarm asks you before it begins a task: each, risky ones, or none'),
	'swarm.maxConcurrentRuns': z
		.number()
		.int()
		.min(1)
		.max(64)
		.default(4)
		.describe('How many tasks are worked on at once'),
	'swarm.maxRunsPerDriver': z
		.record(z.string(), z.number().int().min(1).max(64))
		.default({})
		.describe('How many tasks are worked on at once by agents of one kind, such as { "acp": 2 }'),
	'swarm.separateTouches': z
		.boolean()
		.default(true)
		.describe('Whether tasks whose touches can mean the same file wait for each other'),
	'swarm.preferProven': z
		.boolean()
		.default(true)
		.describe('Whether a free agent that did clearly better at such work, or did not fail at the task, goes first'),
	'swarm.minFreeMegabytes': z
		.number()
		.min(0)
		.max(1_000_000)
		.default(256)
		.describe('How much memory of the machine must be free for another agent to begin; 0 means any'),
	'swarm.maxProcessorPercent': z
		.number()
		.min(0)
		.max(100)
		.default(0)
		.describe('How busy the processors of the machine may be for another agent to begin; 0 means any'),
	'swarm.keepRunning': z
		.boolean()
		.default(false)
		.describe('Whether the swarm host goes on when the last window of the workspace closes'),
	'worktrees.folder': z
		.string()
		.default('')
		.describe('Where agents get their worktrees; empty means the cache folder of the system'),
	'worktrees.poolSize': z
		.number()
		.int()
		.min(0)
		.max(16)
		.default(1)
		.describe('How many worktrees are made ahead, so that an agent does not wait for one; 0 means none'),
	'worktrees.base': z
		.string()
		.default('')
		.describe('Branch, tag or commit agents begin from; empty means the open files as they are'),
	'worktrees.copy': z
		.array(z.string().min(1))
		.default([])
		.describe(
			'Files git ignores that each worktree gets a copy of, such as .env; patterns from the workspace folder',
		),
	'worktrees.setup': z
		.string()
		.default('')
		.describe('Command that is run in each new worktree before its agent begins, such as npm ci'),
	'worktrees.setupTimeoutSeconds': z
		.number()
		.positive()
		.max(86_400)
		.default(600)
		.describe('Longest time for the set-up command'),
	'worktrees.caches': z
		.record(
			z.string().regex(/^(?!DREAMOS_)[A-Za-z_][A-Za-z0-9_]*$/u, 'the name of an environment variable'),
			z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/u, 'a plain folder name'),
		)
		.default({})
		.describe('Folders all worktrees share, by the environment variable that tells programs where they are'),
	'worktrees.maxGigabytes': z
		.number()
		.min(0)
		.max(100_000)
		.default(0)
		.describe('How much of the disk worktrees may take together; 0 means no limit'),
	'checkpoints.kept': z
		.number()
		.int()
		.min(0)
		.max(1_000)
		.default(10)
		.describe('How many checkpoints of a run are kept, the last ones; 0 makes none'),
	'checkpoints.days': z
		.number()
		.min(0)
		.max(3_650)
		.default(14)
		.describe('After how many days a checkpoint is forgotten; 0 means never for that reason'),
	'checkpoints.maxMegabytes': z
		.number()
		.min(1)
		.max(1_000_000)
		.default(1024)
		.describe('How much of the disk checkpoints may take together; the oldest go first'),
	'drift.sensitivity': z
		.enum(['off', 'low', 'normal', 'high'])
		.default('normal')
		.describe(
			'How soon an agent that repeats itself, stands still or works on something else is reminded of its task; off measures nothing',
		),
	'checkpoints.ignoredMegabytes': z
		.number()
		.min(0)
		.max(10_000)
		.default(20)
		.describe('How much of the files git ignores a checkpoint keeps, too; 0 means none'),
	'gates.timeoutSeconds': z
		.number()
		.positive()
		.max(86_400)
		.default(600)
		.describe('Longest time for one gate command'),
	'gates.workspace': gateSetSchema.default({}).describe('Gates every task has to pass besides its own'),
	'gates.byType': z
		.record(z.string(), gateSetSchema)
		.default({})
		.describe('Gates tasks of a type have to pass besides, by the type'),
	'agents.turnTimeoutSeconds': z
		.number()
		.positive()
		.max(86_400)
		.default(1800)
		.describe('Longest time an agent may work on one attempt at a task'),
	'agents.startTimeoutSeconds': z
		.number()
		.positive()
		.max(3_600)
		.default(30)
		.describe('Longest time until an agent that was started answers'),
	'agents.sessionTimeoutSeconds': z
		.number()
		.positive()
		.max(3_600)
		.default(90)
		.describe('Longest time until an agent has opened a session with its tools'),
	'agents.silenceTimeoutSeconds': z
		.number()
		.min(0)
		.max(86_400)
		.default(900)
		.describe('Longest time without a sign of life of an agent that uses no tool; 0 means any time'),
	'agents.permissions': z
		.enum(['allowInWorktree', 'ask', 'deny'])
		.default('allowInWorktree')
		.describe(
			'What is answered when an agent asks for permission and no rule in .dreamos/policies.yaml says anything',
		),
	'agents.protocolLog': z
		.boolean()
		.default(false)
		.describe('Whether the messages between Dream.OS and its agents are recorded, for looking into an agent'),
	'tasks.maxAttempts': z
		.number()
		.int()
		.min(1)
		.max(20)
		.default(2)
		.describe('How often a task is tried before it fails for good, unless the task says otherwise'),
	'tasks.idPattern': z
		.string()
		.check((context) => {
			const problem = idPatternProblem(context.value);
			if (problem !== undefined) {
				context.issues.push({ code: 'custom', message: problem, input: context.value });
			}
		})
		.default(defaultIdPattern)
		.describe('How ids of new tasks are made, from {random}, {slug} and {date}'),
	'boards.completedKept': z
		.number()
		.int()
		.min(0)
		.max(10_000)
		.default(300)
		.describe(
			'How many finished tasks stay in completed_tasks.json before older ones go to the archive of their month',
		),
	'boards.completedDays': z
		.number()
		.int()
		.min(0)
		.max(36_500)
		.default(0)
		.describe(
			'After how many days a finished task goes to the archive even when few are kept; 0 means never for that reason',
		),
	'budgets.task': budgetSchema.describe('What one task may take in all its attempts'),
	'budgets.agent': budgetSchema.describe('What one agent may take in all'),
	'budgets.swarm': budgetSchema.describe('What the swarm may take in this workspace in all'),
	'budgets.day': budgetSchema.describe('What the swarm may take from midnight to midnight'),
	'budgets.window': windowBudgetSchema.describe(
		'What one agent may take in any so many hours, as subscriptions count it',
	),
	'budgets.currency': z
		.string()
		.min(1)
		.max(10)
		.default('USD')
		.describe('Currency of budgets; a cost an agent reports in another one is shown, and no budget counts it'),
	'budgets.unchangedTurns': z
		.number()
		.int()
		.min(0)
		.max(1_000)
		.default(8)
		.describe('After how many turns in a row that changed no file a run is stopped; 0 means never'),
	'budgets.unchangedTokens': z
		.number()
		.int()
		.min(0)
		.max(1e12)
		.default(2_000_000)
		.describe('After how many tokens in turns that changed no file a run is stopped; 0 means never'),
	notifications: z
		.enum(['all', 'problems', 'none'])
		.default('problems')
		.describe('Which notifications are shown; everything is in the trees and the log in any case'),
	mutedNotifications: z
		.array(z.enum(notificationKinds))
		.default([])
		.describe("Kinds of notifications that are not shown, as Don't Show Again leaves them"),
});
export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

export const defaultSettings: Settings = settingsSchema.parse({});

export const archivePolicy = (settings: Settings): ArchivePolicy => ({
	kept: settings['boards.completedKept'],
	days: settings['boards.completedDays'],
});

export interface SettingProblem {
	readonly setting: string;
	readonly message: string;
}

/** Reads settings from several layers, later ones stronger. A wrong value is reported and the layer below stands. */
export function readSettings(layers: readonly (JsonValue | undefined)[]): {
	readonly settings: Settings;
	readonly problems: SettingProblem[];
} {
	const problems: SettingProblem[] = [];
	const values: Record<string, unknown> = { ...defaultSettings };
	for (const layer of layers) {
		if (!isJsonObject(layer)) {
			continue;
		}
		for (const name of Object.keys(settingsSchema.shape) as SettingName[]) {
			const value = layer[name];
			if (value === undefined) {
				continue;
			}
			const parsed = settingsSchema.shape[name].safeParse(value);
			if (parsed.success) {
				values[name] = parsed.data;
			} else {
				problems.push({
					setting: `dreamos.${name}`,
					message: `dreamos.${name} has a value that cannot be used (${parsed.error.issues[0]?.message ?? 'invalid'}); ${JSON.stringify(values[name])} is used instead.`,
				});
			}
		}
	}
	return { settings: settingsSchema.parse(values), problems };
}
