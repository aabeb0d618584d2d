// Owns the problems of the board files; the Problems panel of the editor has all of them, each on its line.

import * as l10n from '@vscode/l10n';
import type { toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import type { ProblemLine } from '../../../src/protocol/viewModels.ts';
import { createList, element } from '../../shared/dom.ts';
import type { Section } from './section.ts';

const severityTexts: Readonly<Record<ProblemLine['severity'], string>> = {
	error: l10n.t('Error'),
	warning: l10n.t('Warning'),
};

export function createProblems(post: Post<typeof toEditor>): Section {
	const list = element('ul', { className: 'rows problems' });
	const open = element('button', {
		text: l10n.t('Open Problems Panel'),
		onClick: () => post('perform', { command: 'boards.check' }),
	});
	const render = createList<ProblemLine>(
		list,
		({ place, message }) => `${place} ${message}`,
		({ severity, place, message }) => ({
			element: element('li', { attributes: { 'data-severity': severity } }, [
				element('span', { className: 'badge', text: severityTexts[severity] }),
				element('div', { className: 'what' }, [
					element('span', { text: message }),
					element('span', { className: 'note', text: place }),
				]),
			]),
			update: () => undefined,
		}),
	);
	return {
		id: 'problems',
		title: l10n.t('Problems'),
		element: element('div', {}, [list, open]),
		render({ problems, problemTotal }) {
			render(problems);
			return problemTotal === 0 ? undefined : String(problemTotal);
		},
	};
}
