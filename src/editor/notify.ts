// Owns what the person is told: errors with what to do about them, and news nobody asked for, as far as the settings want it.

import path from 'node:path';
import { Uri, commands, env, l10n, window } from 'vscode';
import type { DreamError } from '../base/errors.ts';
import { describeError, isDreamError } from '../base/errors.ts';
import type { NotificationKind, Settings } from '../core/settings.ts';
import type { EditorLog } from './log.ts';
import type { CommandId } from './manifest.ts';
import { settingsSection, unsetNotifications } from './manifest.ts';
import { askWhichToMute, muteNotifications, openMutedNotifications } from './mutedNotifications.ts';
import { plainMessage } from './plainText.ts';

export interface Choice {
	readonly title: string;
	readonly run: () => unknown;
}

const command = (title: string, id: CommandId | 'workbench.trust.manage'): Choice => ({
	title,
	run: () => commands.executeCommand(id),
});

/** What can be done about an error with one click, by its code. */
const choicesByCode: Readonly<Record<string, readonly Choice[]>> = {
	'workspace.none': [command(l10n.t('Initialize Workspace'), 'dreamos.workspace.initialize')],
	'workspace.notInitialized': [command(l10n.t('Initialize Workspace'), 'dreamos.workspace.initialize')],
	'workspace.notChosen': [command(l10n.t('Initialize Workspace'), 'dreamos.workspace.initialize')],
	'workspace.foreign': [command(l10n.t('Adopt These Boards…'), 'dreamos.workspace.adopt')],
	'workspace.noFolder': [{ title: l10n.t('Open Folder'), run: () => commands.executeCommand('vscode.openFolder') }],
	'checkpoint.inUse': [command(l10n.t('Release Task'), 'dreamos.task.release')],
	'workspace.notTrusted': [command(l10n.t('Manage Trust'), 'workbench.trust.manage')],
	'swarm.notTrusted': [command(l10n.t('Manage Trust'), 'workbench.trust.manage')],
	'git.missing': [
		{ title: l10n.t('Get Git'), run: () => env.openExternal(Uri.parse('https://git-scm.com/downloads')) },
	],
};

/** What tells of no failure. */
const calmKinds: readonly NotificationKind[] = ['question', 'review', 'branch', 'done'];

type MessageKind = 'info' | 'warning' | 'error';

const neverAgain = l10n.t("Don't Show Again");

export class Notifier {
	private readonly log: EditorLog;
	private readonly settings: () => Settings | undefined;

	constructor(log: EditorLog, settings: () => Settings | undefined) {
		this.log = log;
		this.settings = settings;
	}

	/** Answers a command that could not do what was asked. Always shown: silence would be worse. */
	refuse(what: string, error: unknown): void {
		this.log.error(`${what} failed.`, error);
		const message = plainMessage(isDreamError(error) ? describeError(error) : `${what}: ${describeError(error)}`);
		// A refusal is an answer, not a failure of the product; anything else is.
		if (isDreamError(error)) {
			void this.ask('warning', message, this.choicesFor(error));
		} else {
			void this.ask('error', message, [this.showLogs]);
		}
	}

	/** Answers a command that cannot be done yet, with the way to get there. */
	offer(message: string, choices: readonly Choice[]): void {
		void this.ask('warning', plainMessage(message), choices);
	}

	/** Answers a command with something worth saying. */
	answer(message: string, choices: readonly Choice[] = []): void {
		void this.ask('info', plainMessage(message), choices);
	}

	/** Whether the settings want notifications of this kind. */
	wants(kind: NotificationKind): boolean {
		const { notifications, mutedNotifications } = this.settings() ?? unsetNotifications;
		const level = kind === 'done' ? ['all'] : ['all', 'problems'];
		return level.includes(notifications) && !mutedNotifications.includes(kind);
	}

	/**
	 * Tells what nobody asked for, as far as the settings want one of its kinds. Resolves when the message is gone, or at once when
	 * it is not wanted. Never rejects.
	 */
	tell(kinds: readonly NotificationKind[], message: string, choices: readonly Choice[]): Promise<void> {
		const isProblem = kinds.some((kind) => !calmKinds.includes(kind));
		this.log[isProblem ? 'warn' : 'info'](message);
		return kinds.some((kind) => this.wants(kind))
			? this.ask(isProblem ? 'warning' : 'info', plainMessage(message), [...choices, this.mute(kinds)])
			: Promise.resolve();
	}

	private readonly showLogs: Choice = { title: l10n.t('Show Logs'), run: () => this.log.show() };

	private mute(kinds: readonly NotificationKind[]): Choice {
		const isOne = kinds.length === 1;
		return {
			title: isOne ? neverAgain : `${neverAgain}…`,
			run: async () => {
				const chosen = isOne ? kinds : await askWhichToMute(kinds);
				if (chosen !== undefined && chosen.length > 0) {
					await muteNotifications(chosen);
				}
				if (chosen?.includes('question') === true) {
					this.answer(
						l10n.t('Agents that ask still wait for you: the status bar and the dashboard say so.'),
						[{ title: l10n.t('Open Setting'), run: openMutedNotifications }],
					);
				}
			},
		};
	}

	private choicesFor(error: DreamError): readonly Choice[] {
		const { file, path: other, setting } = error.details;
		const named = choicesByCode[error.code] ?? [];
		const place = typeof file === 'string' ? file : other;
		const isOurs = /^(?:ledger|host)\./u.test(error.code);
		const reload = {
			title: l10n.t('Reload Window'),
			run: () => commands.executeCommand('workbench.action.reloadWindow'),
		};
		return [
			...named,
			...(typeof setting === 'string' ? [openSetting(setting)] : []),
			...(typeof place === 'string' && path.isAbsolute(place) && named.length === 0 && !isOurs
				? [openFile(place)]
				: []),
			...(error.code.startsWith('ledger.') ? [reload] : []),
			...(isOurs ? [this.showLogs] : []),
		];
	}

	private async ask(kind: MessageKind, message: string, choices: readonly Choice[]): Promise<void> {
		const show = {
			info: window.showInformationMessage,
			warning: window.showWarningMessage,
			error: window.showErrorMessage,
		}[kind];
		const chosen = await show(message, ...choices.map(({ title }) => title));
		try {
			await choices.find(({ title }) => title === chosen)?.run();
		} catch (error) {
			this.log.error(`"${chosen}" failed.`, error);
		}
	}
}

function openFile(file: string): Choice {
	return { title: l10n.t('Open File'), run: () => commands.executeCommand('vscode.open', Uri.file(file)) };
}

function openSetting(setting: string): Choice {
	const name = setting.startsWith(`${settingsSection}.`) ? setting : `${settingsSection}.${setting}`;
	return { title: l10n.t('Open Setting'), run: () => commands.executeCommand('workbench.action.openSettings', name) };
}
