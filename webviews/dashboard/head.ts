// Owns the head of the page: whose dashboard it is, whether the swarm runs, and the buttons that are always there.

import * as l10n from '@vscode/l10n';
import type { DashboardCommand, toEditor } from '../../src/protocol/dashboardApi.ts';
import type { Post } from '../../src/protocol/define.ts';
import type { DashboardModel } from '../../src/protocol/viewModels.ts';
import { element, setAttribute, setText } from '../shared/dom.ts';

export const swarmTexts = {
	running: l10n.t('Swarm running'),
	paused: l10n.t('Swarm paused'),
	draining: l10n.t('Swarm is ending what runs'),
	starting: l10n.t('Swarm is being started'),
	stopped: l10n.t('Swarm stopped'),
} as const;

export function createHead(post: Post<typeof toEditor>) {
	const perform = (command: DashboardCommand) => () => post('perform', { command });
	const folder = element('span', { className: 'folder' });
	const state = element('span', { className: 'swarm' });
	const start = element('button', {
		className: 'primary',
		text: l10n.t('Start Swarm'),
		onClick: perform('swarm.start'),
	});
	const stop = element('button', { text: l10n.t('Stop Swarm'), onClick: perform('swarm.stop') });
	const pause = element('button', { text: l10n.t('Pause All'), onClick: perform('swarm.pause') });
	const resume = element('button', {
		className: 'primary',
		text: l10n.t('Resume All'),
		onClick: perform('swarm.resume'),
	});
	const create = element('button', { text: l10n.t('Create Task'), onClick: perform('task.create') });
	const check = element('button', { text: l10n.t('Check Boards'), onClick: perform('boards.check') });
	// What can be done is not known before the first telling.
	const buttons = element('div', { className: 'buttons hidden' }, [start, resume, pause, stop, create, check]);
	return {
		element: element('header', {}, [
			element('div', { className: 'heading' }, [element('h1', { text: 'Dream.OS' }), folder, state]),
			buttons,
		]),
		render({ workspace, isTrusted, swarm, agents, folder: name }: DashboardModel) {
			const isOurs = workspace === 'ours';
			setText(folder, name);
			setText(state, isOurs ? swarmTexts[swarm] : '');
			setAttribute(state, 'data-state', isOurs ? swarm : undefined);
			buttons.classList.toggle('hidden', !isOurs);
			start.classList.toggle('hidden', swarm !== 'stopped' && swarm !== 'starting');
			pause.classList.toggle('hidden', swarm !== 'running');
			resume.classList.toggle(
				'hidden',
				swarm !== 'paused' &&
					swarm !== 'draining' &&
					(swarm !== 'running' || !agents.some(({ isPaused }) => isPaused)),
			);
			stop.classList.toggle('hidden', swarm === 'stopped');
			for (const button of [start, resume, pause, stop, create]) {
				button.disabled = !isTrusted;
			}
		},
	};
}
