// Owns which kinds of notifications are muted: a setting of the person's own, which the settings page lists and takes back.

import { ConfigurationTarget, commands, l10n, window, workspace } from 'vscode';
import type { NotificationKind } from '../core/settings.ts';
import { settingsSection } from './manifest.ts';
import { notificationTitles } from './newsWords.ts';

const setting = 'mutedNotifications';

/** Mutes kinds from now on; what was muted stays so. Where the folder has a list of its own, that one counts and is changed. */
export async function muteNotifications(kinds: readonly NotificationKind[]): Promise<void> {
	const configuration = workspace.getConfiguration(settingsSection);
	const { workspaceValue, globalValue } = configuration.inspect<readonly string[]>(setting) ?? {};
	const target = workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
	const muted = new Set([...(workspaceValue ?? globalValue ?? []), ...kinds]);
	await configuration.update(setting, [...muted], target);
}

/** Asks which of several kinds to mute; undefined when it is left with Esc. */
export async function askWhichToMute(
	kinds: readonly NotificationKind[],
): Promise<readonly NotificationKind[] | undefined> {
	const chosen = await window.showQuickPick(
		kinds.map((muted) => ({ muted, label: notificationTitles[muted] })),
		{
			title: l10n.t("Don't Show Again"),
			placeHolder: l10n.t('Tick what should not be shown again'),
			canPickMany: true,
		},
	);
	return chosen?.map(({ muted }) => muted);
}

/** Opens the list of what is muted. */
export const openMutedNotifications = () =>
	commands.executeCommand('workbench.action.openSettings', `${settingsSection}.${setting}`);
