// Owns the shape of a section of the page.

import type { DashboardModel } from '../../../src/protocol/viewModels.ts';

/** A section renders the part of the model it shows; hidden when it has nothing. */
export interface Section {
	readonly id: string;
	readonly title: string;
	readonly element: HTMLElement;
	/** Returns what stands beside the title, or undefined when the section has nothing to show. */
	render(model: DashboardModel): string | undefined;
}
