// Owns the row of tabs: which one is seen, and that only that one renders.

import * as l10n from '@vscode/l10n';
import '@vscode-elements/elements/dist/vscode-tabs/index.js';
import type { DashboardTab } from '../../src/protocol/dashboardApi.ts';
import { element } from '../shared/dom.ts';
import type { Tab } from './tab.ts';

export interface Tabs {
	readonly element: HTMLElement;
	/** The tab that is seen. */
	current(): Tab | undefined;
	open(id: DashboardTab): void;
}

/** `onChange` is called when another tab is seen. */
export function createTabs(tabs: readonly Tab[], first: DashboardTab, onChange: (tab: Tab) => void): Tabs {
	const row = document.createElement('vscode-tabs');
	row.setAttribute('aria-label', l10n.t('Dashboard'));
	const headers = tabs.map(({ title }) => {
		const header = document.createElement('vscode-tab-header');
		header.slot = 'header';
		header.textContent = title;
		// Enter is the library's; space is what people press on a tab as well.
		header.addEventListener('keydown', (event) => {
			if (event.key === ' ') {
				event.preventDefault();
				header.click();
			}
		});
		return header;
	});
	const panels = tabs.map(({ id, element: content }) => {
		const panel = document.createElement('vscode-tab-panel');
		panel.dataset['tab'] = id;
		panel.append(content);
		return panel;
	});
	row.append(...headers, ...panels);
	// In a narrow page the titles go on below each other; the library has no word for it.
	const wrapped = new CSSStyleSheet();
	wrapped.replaceSync('.header, .tablist { flex-wrap: wrap; height: auto; }');
	void row.updateComplete.then(() => row.shadowRoot?.adoptedStyleSheets.push(wrapped));
	row.selectedIndex = Math.max(
		0,
		tabs.findIndex(({ id }) => id === first),
	);
	const current = () => tabs[row.selectedIndex];
	const tell = () => {
		const tab = current();
		if (tab !== undefined) {
			onChange(tab);
		}
	};
	row.addEventListener('vsc-tabs-select', tell);
	return {
		element: element('div', { className: 'tabs' }, [row]),
		current,
		open(id) {
			const index = tabs.findIndex((tab) => tab.id === id);
			if (index >= 0 && index !== row.selectedIndex) {
				// The attribute is what the library follows.
				row.setAttribute('selected-index', String(index));
				tell();
			}
		},
	};
}
