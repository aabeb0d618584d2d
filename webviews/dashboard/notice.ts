// Owns what is said instead of the tabs where there are no boards of ours to work with, and the command that helps.

import * as l10n from '@vscode/l10n';
import type { DashboardCommand, toEditor } from '../../src/protocol/dashboardApi.ts';
import type { Post } from '../../src/protocol/define.ts';
import { byCount } from '../../src/base/words.ts';
import type { DashboardModel } from '../../src/protocol/viewModels.ts';
import { element, setText } from '../shared/dom.ts';

interface Notice {
	readonly text: string;
	readonly command?: { readonly id: DashboardCommand; readonly title: string };
}

/** What is said instead of the sections where there are no boards of ours to work with. */
function noticeOf({ workspace, reason, isTrusted, total }: DashboardModel): Notice | undefined {
	switch (workspace) {
		case 'opening':
			return { text: l10n.t('Opening the workspace…') };
		case 'noFolder':
			return { text: l10n.t('No folder is open. Dream.OS keeps its tasks in a folder of your project.') };
		case 'unusable':
			return {
				text: reason || l10n.t('This workspace cannot be used.'),
				command: { id: 'logs.show', title: l10n.t('Show Logs') },
			};
		case 'none':
			return {
				text: l10n.t('This folder has no task boards yet.'),
				command: { id: 'workspace.initialize', title: l10n.t('Initialize Workspace') },
			};
		case 'foreign':
			return {
				text: byCount(
					total,
					l10n.t(
						'Dream.OS did not make these boards ({0} task): they are read-only until you adopt them.',
						total,
					),
					l10n.t(
						'Dream.OS did not make these boards ({0} tasks): they are read-only until you adopt them.',
						total,
					),
				),
				command: { id: 'workspace.adopt', title: l10n.t('Adopt These Boards…') },
			};
		case 'ours':
			return isTrusted
				? undefined
				: { text: l10n.t('This folder is not trusted: its boards are shown, and nothing is run or written.') };
	}
}

export function createNotice(post: Post<typeof toEditor>) {
	let command: DashboardCommand | undefined;
	const text = element('p');
	const button = element('button', {
		className: 'primary',
		onClick: () => command !== undefined && post('perform', { command }),
	});
	const notice = element('div', { className: 'notice hidden' }, [text, button]);
	return {
		element: notice,
		/** Returns what is said; undefined when nothing is. */
		render(model: DashboardModel): string | undefined {
			const said = noticeOf(model);
			command = said?.command?.id;
			notice.classList.toggle('hidden', said === undefined);
			setText(text, said?.text ?? '');
			button.classList.toggle('hidden', command === undefined);
			setText(button, said?.command?.title ?? '');
			return said?.text;
		},
	};
}
