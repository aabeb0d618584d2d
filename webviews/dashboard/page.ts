// Owns the page as a whole: its head with the swarm's buttons, its sections, and what is said when there is no workspace of ours.

import type { toEditor } from '../../src/protocol/dashboardApi.ts';
import type { DashboardCommand } from '../../src/protocol/dashboardApi.ts';
import type { Post } from '../../src/protocol/define.ts';
import { countOf } from '../../src/base/words.ts';
import type { DashboardModel } from '../../src/protocol/viewModels.ts';
import { element, setAttribute, setText } from '../shared/dom.ts';
import { createAgents } from './renderAgents.ts';
import { createAttention } from './renderAttention.ts';
import { createCounts } from './renderCounts.ts';
import { createEvents } from './renderEvents.ts';
import { createProblems } from './renderProblems.ts';
import type { Section } from './section.ts';
import type { Layout } from './state.ts';
import { withSection } from './state.ts';

export interface PageParts {
	readonly post: Post<typeof toEditor>;
	readonly layout: Layout;
	readonly keepLayout: (layout: Layout) => void;
}

export interface Page {
	readonly element: HTMLElement;
	render(model: DashboardModel): void;
}

interface Notice {
	readonly text: string;
	readonly command?: { readonly id: DashboardCommand; readonly title: string };
}

/** What is said instead of the sections where there are no boards of ours to work with. */
function noticeOf({ workspace, reason, isTrusted, total }: DashboardModel): Notice | undefined {
	switch (workspace) {
		case 'opening':
			return { text: 'Opening the workspace…' };
		case 'noFolder':
			return { text: 'No folder is open. Dream.OS keeps its tasks in a folder of your project.' };
		case 'unusable':
			return {
				text: reason || 'This workspace cannot be used.',
				command: { id: 'logs.show', title: 'Show Logs' },
			};
		case 'none':
			return {
				text: 'This folder has no task boards yet.',
				command: { id: 'workspace.initialize', title: 'Initialize Workspace' },
			};
		case 'foreign':
			return {
				text: `Dream.OS did not make these boards (${countOf(total, 'task')}): they are read-only until you adopt them.`,
				command: { id: 'workspace.adopt', title: 'Adopt These Boards…' },
			};
		case 'ours':
			return isTrusted
				? undefined
				: { text: 'This folder is not trusted: its boards are shown, and nothing is run or written.' };
	}
}

const swarmTexts = { running: 'Swarm running', starting: 'Swarm is being started', stopped: 'Swarm stopped' } as const;

function createHead({ post }: PageParts) {
	const perform = (command: DashboardCommand) => () => post('perform', { command });
	const folder = element('span', { className: 'folder' });
	const state = element('span', { className: 'swarm' });
	const start = element('button', { className: 'primary', text: 'Start Swarm', onClick: perform('swarm.start') });
	const stop = element('button', { text: 'Stop Swarm', onClick: perform('swarm.stop') });
	const create = element('button', { text: 'Create Task', onClick: perform('task.create') });
	const check = element('button', { text: 'Check Boards', onClick: perform('boards.check') });
	const buttons = element('div', { className: 'buttons' }, [start, stop, create, check]);
	const head = element('header', {}, [
		element('div', { className: 'heading' }, [element('h1', { text: 'Dream.OS' }), folder, state]),
		buttons,
	]);
	return {
		head,
		render({ workspace, isTrusted, swarm, folder: name }: DashboardModel) {
			const isOurs = workspace === 'ours';
			setText(folder, name);
			setText(state, isOurs ? swarmTexts[swarm] : '');
			setAttribute(state, 'data-state', isOurs ? swarm : undefined);
			buttons.classList.toggle('hidden', !isOurs);
			start.classList.toggle('hidden', swarm === 'running');
			stop.classList.toggle('hidden', swarm === 'stopped');
			for (const button of [start, stop, create]) {
				button.disabled = !isTrusted;
			}
		},
	};
}

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

const workingStatuses = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING'];

/** What a screen reader is told when it changes: the figures people wait for, nothing that ticks. */
function spokenSummary({ counts, swarm }: DashboardModel): string {
	const sum = (statuses: readonly string[]) =>
		counts.reduce((total, { status, count }) => total + (statuses.includes(status) ? count : 0), 0);
	return `${swarmTexts[swarm]}. ${countOf(sum(workingStatuses), 'task')} in work, ${sum(['REVIEW'])} to review, ${sum(['COMPLETED'])} completed.`;
}

export function createPage(parts: PageParts): Page {
	let { layout } = parts;
	const { head, render: renderHead } = createHead(parts);
	const noticeText = element('p');
	const noticeButton = element('button', { className: 'primary' });
	const notice = element('div', { className: 'notice hidden' }, [noticeText, noticeButton]);
	let noticeCommand: DashboardCommand | undefined;
	noticeButton.addEventListener(
		'click',
		() => noticeCommand !== undefined && parts.post('perform', { command: noticeCommand }),
	);
	const spoken = element('div', { className: 'spoken', attributes: { role: 'status' } });

	const toFrame = (section: Section) =>
		frame(section, !layout.closed.includes(section.id), (isOpen) => {
			// The browser also tells of the state a section began with.
			if (isOpen === layout.closed.includes(section.id)) {
				layout = withSection(layout, section.id, isOpen);
				parts.keepLayout(layout);
			}
		});
	const left = [createAttention(parts.post), createCounts(parts.post), createAgents(parts.post)].map(toFrame);
	const right = [createProblems(parts.post), createEvents(parts.post)].map(toFrame);
	const columns = element('div', { className: 'columns' }, [
		element(
			'div',
			{ className: 'column' },
			left.map(({ details }) => details),
		),
		element(
			'div',
			{ className: 'column' },
			right.map(({ details }) => details),
		),
	]);
	return {
		element: element('main', { attributes: { id: 'page' } }, [head, notice, columns, spoken]),
		render(model) {
			const said = noticeOf(model);
			renderHead(model);
			notice.classList.toggle('hidden', said === undefined);
			setText(noticeText, said?.text ?? '');
			noticeCommand = said?.command?.id;
			noticeButton.classList.toggle('hidden', noticeCommand === undefined);
			setText(noticeButton, said?.command?.title ?? '');
			columns.classList.toggle('hidden', model.workspace !== 'ours' && model.workspace !== 'foreign');
			for (const each of [...left, ...right]) {
				each.render(model);
			}
			setText(spoken, model.workspace === 'ours' ? spokenSummary(model) : (said?.text ?? ''));
		},
	};
}
