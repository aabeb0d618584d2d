// Owns the overview: what needs the person first, then who works and what was done today, then what went wrong and happened.

import * as l10n from '@vscode/l10n';
import type { DashboardModel } from '../../../src/protocol/viewModels.ts';
import { element, setText } from '../../shared/dom.ts';
import { withSection } from '../layout.ts';
import type { Tab, TabParts } from '../tab.ts';
import { createAgents } from './agentsSection.ts';
import { createAttention } from './attentionSection.ts';
import { createCounts } from './countsSection.ts';
import { createEvents } from './eventsSection.ts';
import { createProblems } from './problemsSection.ts';
import type { Section } from './section.ts';
import { createToday } from './todaySection.ts';

/** Frames a section with a title that opens and closes it. */
function frame(section: Section, isOpen: boolean, onToggle: (isOpen: boolean) => void) {
	const note = element('span', { className: 'note' });
	const heading = element('h2', { text: section.title });
	const details = element('details', { className: 'section' }, [
		element('summary', {}, [heading, note]),
		section.element,
	]);
	details.open = isOpen;
	details.addEventListener('toggle', () => onToggle(details.open));
	return {
		details,
		render(model: DashboardModel) {
			const text = section.render(model);
			details.classList.toggle('hidden', text === undefined);
			setText(note, text ?? '');
		},
	};
}

export function createOverview({ post, layout, keep }: TabParts): Tab {
	const toFrame = (section: Section) =>
		frame(section, !layout().closed.includes(section.id), (isOpen) => {
			const { closed } = layout();
			// The browser also tells of the state a section began with.
			if (isOpen === closed.includes(section.id)) {
				keep({ closed: withSection(closed, section.id, isOpen) });
			}
		});
	const left = [createAttention(post), createAgents(post), createToday(post), createCounts(post)].map(toFrame);
	const right = [createProblems(post), createEvents(post)].map(toFrame);
	const column = (frames: typeof left) =>
		element(
			'div',
			{ className: 'column' },
			frames.map(({ details }) => details),
		);
	return {
		id: 'overview',
		title: l10n.t('Overview'),
		element: element('div', { className: 'columns' }, [column(left), column(right)]),
		render({ overview }) {
			if (overview !== undefined) {
				[...left, ...right].forEach((each) => each.render(overview));
			}
		},
	};
}
