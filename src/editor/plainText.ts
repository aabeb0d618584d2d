// Owns how foreign text becomes a label in the editor. The editor reads icons in quick picks and links in messages: neither may work here.

import { displayLine } from '../base/text.ts';

/** One line in which `$(icon)` is shown as written. For quick picks and the status bar. */
export function plainLabel(text: string, limit = 200): string {
	return displayLine(text, limit).replace(/\$\([a-z0-9-]+(?:~[a-z]+)?\)/giu, String.raw`\$&`);
}

/** One line in which `[text](target)` is no link. For notifications and dialogs. */
export function plainMessage(text: string, limit = 600): string {
	return displayLine(text, limit).replaceAll('](', '] (');
}
