// Owns asking for leave before a tool of ours does something for a model. The model never asks by itself: what it calls is what it
// wants to do.

import { displayLine } from '../../base/text.ts';
import type { DriverUpdate, PermissionDoor } from '../../core/driver/driver.ts';
import type { ToolKind } from '../../core/policy/policyRule.ts';
import type { SecretFilter } from '../secretFilter.ts';
import type { WorktreeFence } from '../worktreeFence.ts';

export interface WantedUse {
	readonly kind: ToolKind;
	/** What a person reads of it. */
	readonly title: string;
	readonly paths?: readonly string[];
	readonly command?: string;
}

export interface LmPermissions {
	/** Why something may not be done; undefined when it may. Takes as long as a person does where the rules say to ask. */
	refuse(use: WantedUse, signal: AbortSignal): Promise<string | undefined>;
}

export function createLmPermissions(parts: {
	readonly door: PermissionDoor;
	readonly fence: WorktreeFence;
	readonly hide: SecretFilter;
	readonly tell: (update: DriverUpdate) => void;
}): LmPermissions {
	const { door, fence, hide, tell } = parts;
	return {
		async refuse({ kind, title, paths = [], command }, signal) {
			const verdict = await door.decide(
				{
					title: displayLine(title, 300),
					kinds: [kind],
					paths: await Promise.all(paths.map((path) => fence.place(path))),
					commands: command === undefined ? [] : [command],
					isComplete: true,
					offered: [],
					isServed: true,
				},
				signal,
				hide,
			);
			if (verdict.isAllowed) {
				return undefined;
			}
			const answer = verdict.isCancelled ? 'cancelled' : 'rejected';
			tell({
				kind: 'permission',
				text: `${verdict.isCancelled ? 'Cancelled' : 'Rejected'}: ${displayLine(title, 300)} (${verdict.why})`,
				data: { title: displayLine(title, 300), answer, ...verdict.data },
			});
			return verdict.why;
		},
	};
}
