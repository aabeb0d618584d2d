// Owns what the page remembers over a restart: which sections are closed. Everything else comes with the next snapshot.

export interface Layout {
	readonly closed: readonly string[];
}

/** Reads what was kept; anything unexpected means the usual layout. */
export function readLayout(kept: unknown): Layout {
	const closed: unknown = typeof kept === 'object' && kept !== null && 'closed' in kept ? kept.closed : undefined;
	return { closed: Array.isArray(closed) ? closed.filter((each): each is string => typeof each === 'string') : [] };
}

/** The layout with a section opened or closed. */
export function withSection(layout: Layout, section: string, isOpen: boolean): Layout {
	const others = layout.closed.filter((each) => each !== section);
	return { closed: isOpen ? others : [...others, section] };
}
