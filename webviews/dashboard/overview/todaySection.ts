// Owns what was done since midnight and what it took. Each figure shows its tasks on the board; one nobody told is left out, never
// guessed.

import * as l10n from '@vscode/l10n';
import type { toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import type { DashboardModel } from '../../../src/protocol/viewModels.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/numbers.ts';
import type { Section } from './section.ts';

export function createToday(post: Post<typeof toEditor>): Section {
	const door = (of: keyof DashboardModel['today'] | 'budget', label: string) => {
		const figure = element('span', { className: 'figure' });
		const button = element(
			'button',
			{ className: 'count', onClick: () => post('openFigure', { key: `today ${of}` }) },
			// With a space, so that what is seen is what is said.
			[figure, document.createTextNode(' '), element('span', { className: 'label', text: label })],
		);
		button.dataset['outcome'] = of;
		const item = element('li', {}, [button]);
		return {
			item,
			button,
			show(text: string | undefined) {
				setText(figure, text ?? '');
				setAttribute(button, 'aria-label', l10n.t('{0} {1} today. Show on the board', text ?? '', label));
				button.disabled = text === '0';
				item.classList.toggle('hidden', text === undefined);
			},
		};
	};
	const [completed, failed] = [door('completed', l10n.t('Completed')), door('failed', l10n.t('Failed'))];
	const [tokens, cost] = [door('tokens', l10n.t('Tokens')), door('cost', l10n.t('Cost'))];
	const budget = door('budget', l10n.t('Budget used'));
	return {
		id: 'today',
		title: l10n.t('Today'),
		element: element(
			'ul',
			{ className: 'counts today' },
			[completed, failed, tokens, cost, budget].map(({ item }) => item),
		),
		render({ today, budget: limit, workspace }) {
			completed.show(formatNumber(today.completed));
			failed.show(formatNumber(today.failed));
			tokens.show(today.tokens === null ? undefined : formatNumber(today.tokens));
			cost.show(today.cost === null ? undefined : formatNumber(today.cost, 2));
			budget.show(limit === null ? undefined : usedOfLimit(limit));
			setAttribute(budget.button, 'data-level', limit?.level);
			return workspace === 'ours' ? '' : undefined;
		},
	};
}

/** `16.20 / 20 USD`: what was used of the limit that is used most. */
function usedOfLimit({ kind, used, limit, currency }: NonNullable<DashboardModel['budget']>): string {
	const figure = (value: number) =>
		formatNumber(kind === 'tokens' || kind === 'turns' ? Math.round(value) : Number(value.toFixed(2)));
	const words = {
		money: (most: string) => `${most} ${currency}`,
		tokens: (most: string) => l10n.t('{0} tokens', most),
		minutes: (most: string) => l10n.t('{0} minutes', most),
		turns: (most: string) => l10n.t('{0} turns', most),
	};
	return `${figure(used)} / ${words[kind](figure(limit))}`;
}
