// Owns changing the name of a task where it stands: a field over its card. Enter keeps it, Esc and leaving do not.

import * as l10n from '@vscode/l10n';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import { element, setAttribute } from '../../shared/dom.ts';

export function createNameBox(board: HTMLElement, onDone: (card: TaskCard, name: string | undefined) => void) {
	const input = element('input', { className: 'nameBox hidden', attributes: { maxlength: '500' } });
	let edited: TaskCard | undefined;
	const close = (name: string | undefined) => {
		const card = edited;
		edited = undefined;
		input.classList.add('hidden');
		if (card !== undefined) {
			onDone(card, name);
		}
	};
	input.addEventListener('keydown', (event) => {
		event.stopPropagation();
		if (event.key === 'Enter') {
			const name = input.value.trim();
			close(name === '' || name === edited?.name ? undefined : name);
		} else if (event.key === 'Escape') {
			close(undefined);
		}
	});
	input.addEventListener('blur', () => close(undefined));
	board.append(input);
	return {
		open(card: TaskCard, over: HTMLElement) {
			edited = card;
			const [box, frame] = [over.getBoundingClientRect(), board.getBoundingClientRect()];
			input.style.left = `${box.left - frame.left + board.scrollLeft}px`;
			input.style.top = `${box.top - frame.top + board.scrollTop}px`;
			input.style.width = `${box.width}px`;
			input.value = card.name;
			setAttribute(input, 'aria-label', l10n.t('Name of {0}', card.id));
			input.classList.remove('hidden');
			input.focus();
			input.select();
		},
	};
}
