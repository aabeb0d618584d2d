// Owns the answers to `session/request_permission`: by policy and by the kind of an option, never by its position or id.
// It refuses to allow anything for good: rules that outlive one question belong to the person, not to the agent.

import { displayLine } from '../../base/text.ts';
import type { DriverUpdate, PermissionPolicy } from '../../core/driver/driver.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, objectsAt, textAt } from './acpRead.ts';
import { namedPaths } from './toolPaths.ts';
import type { WorktreeFence } from './worktreeFence.ts';

export type PermissionOutcome =
	| { readonly outcome: 'cancelled' }
	| { readonly outcome: 'selected'; readonly optionId: string };

export interface Permissions {
	/** Answers one request; tells the answer and its reason as an update. */
	answer(request: Foreign): Promise<{ outcome: PermissionOutcome }>;
	/** Why a command may not be run for the agent, which nobody was asked about; undefined when it may. */
	refuseCommand(command: string): Promise<string | undefined>;
	/** From now on, and for what is still open, the answer is `cancelled`. */
	cancelAll(): void;
	/** Titles of what was rejected, for the reason of a run that ended because of it. */
	readonly rejected: readonly string[];
}

export interface PermissionsOptions {
	readonly policy: PermissionPolicy;
	readonly fence: WorktreeFence;
	/** What is known of a tool call from earlier updates, with what the request says laid over it. */
	readonly toolCall: (announced: Foreign) => Foreign;
	/** Whether a call is of a tool of ours, which needs no permission. */
	readonly isOwnTool?: (toolCall: Foreign) => boolean;
	readonly tell: (update: DriverUpdate) => void;
}

interface Decision {
	readonly isAllowed: boolean;
	/** Why, to be read after "Allowed" or "Rejected". */
	readonly why: string;
	readonly paths: readonly string[];
}

const ownTool: Decision = { isAllowed: true, why: 'it is a tool of Dream.OS', paths: [] };

export function createPermissions(options: PermissionsOptions): Permissions {
	const rejected: string[] = [];
	let isCancelled = false;

	return {
		rejected,
		async refuseCommand(command) {
			const toolCall = { title: command, kind: 'execute' };
			const { isAllowed, why, paths } = await decide(options, toolCall);
			if (isAllowed) {
				return undefined;
			}
			const data = {
				title: displayLine(command),
				answer: 'rejected',
				policy: options.policy,
				paths: paths.slice(0, 20),
			};
			options.tell({ kind: 'permission', text: `Rejected: ${displayLine(command)} (${why})`, data });
			return why;
		},
		cancelAll() {
			isCancelled = true;
		},
		async answer(request) {
			const toolCall = options.toolCall(objectAt(request, 'toolCall') ?? {});
			const title = nameOf(toolCall, options.fence);
			const decision = options.isOwnTool?.(toolCall) === true ? ownTool : await decide(options, toolCall);
			const offered = objectsAt(request, 'options');
			const option = isCancelled ? undefined : choose(offered, decision.isAllowed);
			const isAllowed = option?.['kind'] === 'allow_once';
			if (!isAllowed && rejected.length < 20) {
				rejected.push(title);
			}
			const optionId = textAt(option, 'optionId');
			options.tell({
				kind: 'permission',
				text: answerText(title, decision, { isCancelled, isAllowed, hasOption: optionId !== undefined }),
				data: {
					toolCallId: textAt(toolCall, 'toolCallId'),
					title,
					answer: optionId === undefined ? 'cancelled' : isAllowed ? 'allowed' : 'rejected',
					optionId,
					optionKind: textAt(option, 'kind'),
					policy: options.policy,
					paths: decision.paths.slice(0, 20),
					offered: offered.slice(0, 20).map((item) => displayLine(textAt(item, 'kind') ?? '')),
				},
			});
			return { outcome: optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } };
		},
	};
}

/** What is asked for: the title, and what it is about where the title does not say. */
function nameOf(toolCall: Foreign, fence: WorktreeFence): string {
	const title = textAt(toolCall, 'title') ?? textAt(toolCall, 'toolCallId') ?? 'an unnamed tool';
	const command = objectAt(toolCall, 'rawInput')?.['command'];
	const line = Array.isArray(command) ? command.filter((word) => typeof word === 'string').join(' ') : command;
	const said = objectsAt(toolCall, 'content').map((content) => textAt(objectAt(content, 'content'), 'text'));
	const detail = typeof line === 'string' ? line : said.find((text) => text !== undefined);
	const name = detail === undefined || title.includes(detail) ? title : `${title}: ${detail}`;
	return displayLine(fence.shorten(name), 300);
}

async function decide(options: PermissionsOptions, toolCall: Foreign): Promise<Decision> {
	const { paths, isComplete } = namedPaths(toolCall, await options.fence.roots());
	if (options.policy === 'deny') {
		return { isAllowed: false, why: 'the setting dreamos.agents.permissions is "deny"', paths };
	}
	if (!isComplete) {
		return { isAllowed: false, why: 'it names more paths than can be checked', paths };
	}
	for (const path of paths) {
		if ((await options.fence.resolve(path)) === undefined) {
			return { isAllowed: false, why: `it names ${displayLine(path)}, which is not inside the worktree`, paths };
		}
	}
	const why = paths.length === 0 ? 'it names no path' : `it stays in the worktree: ${pathList(options.fence, paths)}`;
	return { isAllowed: true, why, paths };
}

/** The option to take; undefined when none fits and `cancelled` is all that is left to say. */
function choose(offered: readonly Foreign[], isAllowed: boolean): Foreign | undefined {
	const kinds = isAllowed ? ['allow_once', 'reject_once', 'reject_always'] : ['reject_once', 'reject_always'];
	const usable = offered.filter((option) => textAt(option, 'optionId') !== undefined);
	for (const kind of kinds) {
		const option = usable.find((candidate) => candidate['kind'] === kind);
		if (option !== undefined) {
			return option;
		}
	}
	return undefined;
}

function answerText(
	title: string,
	decision: Decision,
	answer: { readonly isCancelled: boolean; readonly isAllowed: boolean; readonly hasOption: boolean },
): string {
	if (answer.isCancelled) {
		return `Cancelled: ${title} (the work was cancelled)`;
	}
	if (answer.isAllowed) {
		return `Allowed: ${title} (${decision.why})`;
	}
	const why = decision.isAllowed ? 'the agent offers no way to allow it just once' : decision.why;
	return answer.hasOption
		? `Rejected: ${title} (${why})`
		: `Cancelled: ${title} (${why}, and there is no option to reject)`;
}

function pathList(fence: WorktreeFence, paths: readonly string[]): string {
	const shown = paths.slice(0, 3).map((path) => displayLine(fence.show(path)));
	return paths.length > shown.length
		? `${shown.join(', ')} and ${paths.length - shown.length} more`
		: shown.join(', ');
}
