// Owns the fields people type and choose in: the editor's look from the library, with a name for screen readers.

import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { setText } from './dom.ts';

export interface TextFieldParts {
	readonly label: string;
	readonly placeholder: string;
	readonly value: string;
	readonly onInput: (value: string) => void;
}

export function createTextField({ label, placeholder, value, onInput }: TextFieldParts) {
	const field = document.createElement('vscode-textfield');
	field.label = label;
	field.placeholder = placeholder;
	field.value = value;
	field.addEventListener('input', () => onInput(field.value));
	return {
		element: field,
		set(next: string) {
			if (field.value !== next) {
				field.value = next;
			}
		},
	};
}

export interface SelectParts {
	readonly label: string;
	readonly options: readonly { readonly id: string; readonly label: string }[];
	readonly value: string;
	readonly onChange: (value: string) => void;
}

export function createSelect({ label, options, value, onChange }: SelectParts) {
	const select = document.createElement('vscode-single-select');
	select.label = label;
	for (const { id, label: text } of options) {
		const option = document.createElement('vscode-option');
		option.value = id;
		setText(option, text);
		option.selected = id === value;
		select.append(option);
	}
	select.addEventListener('change', () => onChange(select.value));
	return {
		element: select,
		set(next: string) {
			if (select.value !== next) {
				select.value = next;
			}
		},
	};
}
