// Owns the menu by which tasks are moved from the keyboard: every place, and for one where they may not be put why. Esc leaves.

import * as l10n from '@vscode/l10n';
import type { DropAnswer } from '../../../src/protocol/dashboardApi.ts';
import { element } from '../../shared/dom.ts';
import { sayMove, whatOf } from './moveWords.ts';
import type { Status } from './boardGroups.ts';

export interface MoveMenuParts {
	readonly labelOf: (status: Status) => string;
	readonly onMove: (taskIds: readonly string[], to: Status) => void;
	/** The focus goes back to where it came from. */
	readonly onClose: () => void;
}

export function createMoveMenu({ labelOf, onMove, onClose }: MoveMenuParts) {
	const menu = element('div', { className: 'moveMenu hidden', attributes: { role: 'menu' } });
	const close = () => {
		if (!menu.classList.contains('hidden')) {
			menu.classList.add('hidden');
			menu.replaceChildren();
			onClose();
		}
	};
	const step = (by: number) => {
		const items = [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
		const at = items.indexOf(document.activeElement as HTMLElement);
		items[(at + by + items.length) % items.length]?.focus();
	};
	menu.addEventListener('keydown', (event) => {
		const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
		const by = steps[event.key];
		if (event.key === 'Escape' || event.key === 'Tab') {
			event.preventDefault();
			close();
		} else if (by !== undefined) {
			event.preventDefault();
			step(by);
		}
	});
	menu.addEventListener('focusout', ({ relatedTarget }) => {
		if (!(relatedTarget instanceof Node && menu.contains(relatedTarget))) {
			close();
		}
	});
	return {
		element: menu,
		open({ taskIds, places }: DropAnswer) {
			menu.setAttribute('aria-label', l10n.t('Move {0} to', whatOf(taskIds)));
			menu.replaceChildren(
				...places.map(({ status, why, move }) => {
					const item = element('button', {
						className: 'menuItem',
						attributes: { role: 'menuitem', 'aria-disabled': String(why !== null), tabindex: '-1' },
						onClick: () => {
							if (why === null) {
								close();
								onMove(taskIds, status);
							}
						},
					});
					item.append(
						element('span', { text: labelOf(status) }),
						element('span', { className: 'note', text: why ?? sayMove(move, taskIds) }),
					);
					return item;
				}),
			);
			menu.classList.remove('hidden');
			const first =
				menu.querySelector<HTMLElement>('[aria-disabled="false"]') ?? menu.querySelector<HTMLElement>('button');
			first?.focus();
		},
		close,
	};
}
