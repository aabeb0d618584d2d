// Owns what a decision about permission is made from: what an agent wants to do, with its paths already resolved.

import type { ToolKind } from './policyRule.ts';

/** A path an agent named, after every link was followed. */
export interface PlacedPath {
	/** As the agent named it. */
	readonly named: string;
	/** `unknown`: it cannot be followed to its end, or is git's own; it is never allowed. */
	readonly place: 'inside' | 'outside' | 'unknown';
	/** What rules call it: from the workspace folder when inside (`.` for the folder itself), absolute and from `~` when outside. */
	readonly names: readonly string[];
}

export interface PermissionRequest {
	readonly agent: string;
	/** What the agent calls it; foreign text. */
	readonly title: string;
	/** What it says it does, and what its content shows; each must be allowed. */
	readonly kinds: readonly ToolKind[];
	readonly paths: readonly PlacedPath[];
	/** Whole command lines. */
	readonly commands: readonly string[];
	/** False when it names more than was looked at. */
	readonly isComplete: boolean;
	/** Kinds of the options the agent offers, in its order; empty where it is not the agent who is answered. */
	readonly offered: readonly string[];
	/** Asked for by one of our own services, on its way to do it: what a person just allowed is not asked again. */
	readonly isServed: boolean;
	/** A secret was taken out of it: it is not what was asked any more, and no rule can be made of it. */
	readonly hasHidden?: boolean;
}

/** A request as it may be written down and shown. */
export function withoutSecrets(request: PermissionRequest, hide: (text: string) => string): PermissionRequest {
	const hidden = {
		...request,
		title: hide(request.title),
		commands: request.commands.map(hide),
		paths: request.paths.map((path) => ({ ...path, named: hide(path.named), names: path.names.map(hide) })),
	};
	return { ...hidden, hasHidden: JSON.stringify(hidden) !== JSON.stringify(request) };
}
