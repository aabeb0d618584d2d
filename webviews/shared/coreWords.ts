// Owns the words of core and protocol that pages show: what is kept and sent stays English, and becomes the person's language here.
// A test holds them against the tables they come from.

import * as l10n from '@vscode/l10n';

/** By their English text. */
export const coreWords: Readonly<Record<string, string>> = {
	// Statuses of tasks.
	Backlog: l10n.t('Backlog'),
	Ready: l10n.t('Ready'),
	Claimed: l10n.t('Claimed'),
	'In progress': l10n.t('In progress'),
	Checking: l10n.t('Checking'),
	'To review': l10n.t('To review'),
	Completed: l10n.t('Completed'),
	Blocked: l10n.t('Blocked'),
	Failed: l10n.t('Failed'),
	Cancelled: l10n.t('Cancelled'),
	// Priorities of tasks.
	CRITICAL: l10n.t('CRITICAL'),
	HIGH: l10n.t('HIGH'),
	MEDIUM: l10n.t('MEDIUM'),
	LOW: l10n.t('LOW'),
	// States of runs.
	claimed: l10n.t('claimed'),
	preparing: l10n.t('preparing'),
	working: l10n.t('working'),
	validating: l10n.t('validating'),
	review: l10n.t('review'),
	landing: l10n.t('landing'),
	completed: l10n.t('completed'),
	failed: l10n.t('failed'),
	released: l10n.t('released'),
	cancelled: l10n.t('cancelled'),
	blocked: l10n.t('blocked'),
	lost: l10n.t('lost'),
	// What agents do.
	idle: l10n.t('idle'),
	paused: l10n.t('paused'),
	disabled: l10n.t('disabled'),
	'waits for review': l10n.t('waits for review'),
	'asks you': l10n.t('asks you'),
	// Which time figures are about.
	'Last day': l10n.t('Last day'),
	'Last 7 days': l10n.t('Last 7 days'),
	'Last 30 days': l10n.t('Last 30 days'),
	'Last year': l10n.t('Last year'),
	// How old tasks are.
	'less than a day': l10n.t('less than a day'),
	'1 to 3 days': l10n.t('1 to 3 days'),
	'3 to 7 days': l10n.t('3 to 7 days'),
	'7 to 30 days': l10n.t('7 to 30 days'),
	'more than 30 days': l10n.t('more than 30 days'),
	// Why tasks are blocked.
	'needs input': l10n.t('needs input'),
	dependency: l10n.t('dependency'),
	capability: l10n.t('capability'),
	conflict: l10n.t('conflict'),
	budget: l10n.t('budget'),
	transient: l10n.t('transient'),
	// What figures are called.
	'with a cycle time': l10n.t('with a cycle time'),
	'the slowest tenth': l10n.t('the slowest tenth'),
	'with a lead time': l10n.t('with a lead time'),
	'Recovered by itself': l10n.t('Recovered by itself'),
	'Completed without a person': l10n.t('Completed without a person'),
};

/** A word of core in the person's language; any other text as it is. */
export const wordOf = (english: string): string =>
	Object.hasOwn(coreWords, english) ? (coreWords[english] ?? english) : english;
