// Owns how one item of a run looks: a message, a card of a tool with its changes and output, a question, a note. All text is text.

import * as l10n from '@vscode/l10n';
import { byCount } from '../../src/base/words.ts';
import type { WatchItem } from '../../src/protocol/foldEntries.ts';
import type { DiffCard, ToolFacts } from '../../src/protocol/watchEntry.ts';
import { locale } from '../shared/language.ts';
import type { Row } from '../shared/dom.ts';
import { element, setAttribute, setText } from '../shared/dom.ts';

export interface ItemActions {
	readonly openDiff: (path: string) => void;
	readonly answer: () => void;
	/** Cards a person opened or closed, by key; what they chose stays while rows come and go. */
	readonly folded: Map<string, boolean>;
}

const toolSigns: Readonly<Record<string, string>> = {
	read: 'file',
	edit: 'edit',
	delete: 'trash',
	move: 'edit',
	search: 'search',
	execute: 'terminal',
	think: 'lightbulb',
	fetch: 'globe',
};
const statusSigns: Readonly<Record<string, readonly [string, string]>> = {
	completed: ['check', l10n.t('done')],
	failed: ['error', l10n.t('failed')],
	in_progress: ['sync', l10n.t('running')],
	pending: ['clock', l10n.t('pending')],
	unfinished: ['circle-slash', l10n.t('not finished')],
};
const toneSigns = { good: 'check', bad: 'error', wait: 'question', plain: 'info' } as const;
const names = {
	message: l10n.t('Message of the agent'),
	thought: l10n.t('Thought of the agent'),
	tool: l10n.t('Tool call'),
	output: l10n.t('Output'),
	permission: l10n.t('Permission'),
	note: l10n.t('Note'),
	event: l10n.t('Event'),
} as const;

const sign = (name: string, className = ''): HTMLElement =>
	element('span', { className: `sign ${className}`, attributes: { 'data-sign': name, 'aria-hidden': 'true' } });

const clock = (at: number): string => (at === 0 ? '' : new Date(at).toLocaleTimeString(locale, { hour12: false }));

export function createItemRow(first: WatchItem, actions: ItemActions): Row<WatchItem> {
	const body = element('div', { className: 'body' });
	const time = element('time');
	const row = element('article', { className: `item ${first.kind}` }, [body, time]);
	let drawn = '';
	return {
		element: row,
		update(item) {
			const text = JSON.stringify(item);
			if (text === drawn) {
				return;
			}
			drawn = text;
			row.classList.toggle('continued', item.isContinued);
			setAttribute(row, 'data-tone', item.tone);
			setAttribute(
				row,
				'aria-label',
				item.at === 0 ? names[item.kind] : l10n.t('{0}, {1}', names[item.kind], clock(item.at)),
			);
			setText(time, item.isContinued ? '' : clock(item.at));
			// A selection in a message that grows is kept: the text node stays and only gets longer.
			const known = body.firstElementChild;
			if ((item.kind === 'message' || item.kind === 'thought') && known?.classList.contains('prose') === true) {
				growText(known, item.text);
			} else {
				body.replaceChildren(...contentOf(item, actions));
			}
		},
	};
}

function growText(target: Element, text: string): void {
	const node = target.firstChild;
	if (node instanceof Text && text.startsWith(node.data)) {
		node.appendData(text.slice(node.data.length));
	} else {
		setText(target, text);
	}
}

function contentOf(item: WatchItem, actions: ItemActions): Node[] {
	switch (item.kind) {
		case 'message':
		case 'thought':
			return [element('p', { className: 'prose', text: item.text })];
		case 'tool':
			return [toolCard(item, actions)];
		case 'output':
			return [outputOf(item.output ?? item.text, item.isOutputCut === true)];
		case 'permission':
		case 'event':
			return [
				element('p', { className: 'line' }, [
					sign(item.kind === 'permission' && item.tone === 'plain' ? 'shield' : toneSigns[item.tone]),
					element('span', { className: 'words', text: item.text }),
					...(item.questionId === undefined
						? []
						: [element('button', { className: 'link', text: l10n.t('Answer…'), onClick: actions.answer })]),
				]),
			];
		case 'note':
			return [element('p', { className: 'line', text: item.text })];
	}
}

function toolCard(item: WatchItem, actions: ItemActions): HTMLElement {
	const tool: ToolFacts = item.tool ?? { title: item.text, toolKind: '', status: '', locations: [], diffs: [] };
	const [statusSign, status] = statusSigns[tool.status] ?? ['', tool.status];
	const added = tool.diffs.reduce((sum, diff) => sum + diff.added, 0);
	const removed = tool.diffs.reduce((sum, diff) => sum + diff.removed, 0);
	const places = tool.locations.filter((place) => place !== '.' && !tool.title.includes(place)).slice(0, 3);
	const title = [
		sign(toolSigns[tool.toolKind] ?? 'tools', 'tool-sign'),
		element('span', { className: 'words', text: tool.title }),
		...(places.length === 0 ? [] : [element('span', { className: 'places', text: places.join(', ') })]),
		...(added + removed === 0
			? []
			: [
					element('span', {
						className: 'added',
						text: `+${added}`,
						attributes: {
							'aria-label': byCount(
								added,
								l10n.t('{0} line added', added),
								l10n.t('{0} lines added', added),
							),
						},
					}),
					element('span', {
						className: 'removed',
						text: `−${removed}`,
						attributes: {
							'aria-label': byCount(
								removed,
								l10n.t('{0} line removed', removed),
								l10n.t('{0} lines removed', removed),
							),
						},
					}),
				]),
		...(status === ''
			? []
			: [
					element('span', { className: 'status', attributes: { 'data-status': tool.status } }, [
						sign(statusSign),
						element('span', { text: status }),
					]),
				]),
	];
	const inside = [
		...tool.diffs.map((diff) => diffOf(diff, actions)),
		...(item.output === undefined ? [] : [outputOf(item.output, item.isOutputCut === true)]),
	];
	if (inside.length === 0) {
		return element('div', { className: 'card empty' }, [element('div', { className: 'title' }, title)]);
	}
	const card = element('details', { className: 'card' }, [
		element('summary', { className: 'title' }, title),
		...inside,
	]);
	card.open = actions.folded.get(item.key) ?? (tool.diffs.length > 0 || tool.status === 'failed');
	card.addEventListener('toggle', () => actions.folded.set(item.key, card.open));
	return card;
}

function diffOf(diff: DiffCard, actions: ItemActions): HTMLElement {
	const lines = diff.text.split('\n').map((line) => {
		const mark = line.slice(0, 1);
		const className = mark === '+' ? 'come' : mark === '-' ? 'gone' : mark === '@' ? 'gap' : '';
		return element('span', { className, text: mark === '@' ? '⋯' : line });
	});
	return element('div', { className: 'diff' }, [
		element('div', { className: 'path' }, [
			element('span', { className: 'words', text: diff.path }),
			element('button', {
				className: 'link',
				text: l10n.t('Open Diff'),
				attributes: { 'aria-label': l10n.t('Open Diff of {0}', diff.path) },
				onClick: () => actions.openDiff(diff.path),
			}),
		]),
		element('pre', { attributes: { tabindex: '0', 'aria-label': l10n.t('Change of {0}', diff.path) } }, lines),
		...(diff.isCut ? [element('p', { className: 'faint', text: l10n.t('The rest is not shown here.') })] : []),
	]);
}

function outputOf(text: string, isCut: boolean): HTMLElement {
	return element('div', { className: 'screen' }, [
		...(isCut
			? [
					element('p', {
						className: 'faint',
						text: l10n.t('The beginning is not shown here; the run log has it.'),
					}),
				]
			: []),
		element('pre', { text, attributes: { tabindex: '0', 'aria-label': l10n.t('Output') } }),
	]);
}
