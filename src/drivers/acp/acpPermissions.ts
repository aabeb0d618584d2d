// Owns the answers to `session/request_permission`, and the same question for what we do ourselves for an agent. It brings what is
// asked for to the one door that decides, and gives the answer back by the kind of an option, never by its position or id.

import { displayLine } from '../../base/text.ts';
import type { DriverUpdate, PermissionDoor, PermissionVerdict } from '../../core/driver/driver.ts';
import type { PermissionRequest } from '../../core/policy/permissionRequest.ts';
import { chooseOption } from '../../core/question/chooseOption.ts';
import type { SecretFilter } from '../secretFilter.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, objectsAt, textAt } from './acpRead.ts';
import { namedCommands, namedKinds, namedPaths } from './toolPaths.ts';
import type { WorktreeFence } from './worktreeFence.ts';

export type PermissionOutcome =
	| { readonly outcome: 'cancelled' }
	| { readonly outcome: 'selected'; readonly optionId: string };

export interface Permissions {
	/** Answers one request; tells the answer and its reason as an update. `signal` aborts when the agent takes it back. */
	answer(request: Foreign, signal?: AbortSignal): Promise<{ outcome: PermissionOutcome }>;
	/** Why a command may not be run for the agent, which asked no permission for it; undefined when it may. */
	refuseCommand(command: string): Promise<string | undefined>;
	/** Why a file may not be read or written for the agent; undefined when it may. */
	refuseFile(kind: 'read' | 'edit', path: string): Promise<string | undefined>;
	/** From now on, and for what is still open, the answer is `cancelled`. */
	cancelAll(): void;
	/** Takes `cancelAll` back for what is asked from here on. */
	answerAgain(): void;
	/** Titles of what was rejected, for the reason of a run that ended because of it. */
	readonly rejected: readonly string[];
}

export interface PermissionsOptions {
	readonly door: PermissionDoor;
	readonly fence: WorktreeFence;
	/** What is known of a tool call from earlier updates, with what the request says laid over it. */
	readonly toolCall: (announced: Foreign) => Foreign;
	/** Whether a call is of a tool of ours, which needs no permission. */
	readonly isOwnTool?: (toolCall: Foreign) => boolean;
	/** Takes the values of secrets out of a text. */
	readonly hide: SecretFilter;
	readonly tell: (update: DriverUpdate) => void;
}

const ownTool: PermissionVerdict = {
	isAllowed: true,
	why: 'it is a tool of Dream.OS',
	isCancelled: false,
	isRemembered: false,
	data: {},
};

export function createPermissions(options: PermissionsOptions): Permissions {
	const { door, fence, tell } = options;
	const rejected: string[] = [];
	const noteRejected = (title: string) => {
		if (rejected.length < mostRejected) {
			rejected.push(title);
		}
	};
	let cancelled = new AbortController();

	const decide = async (toolCall: Foreign, title: string, offered?: readonly string[], signal?: AbortSignal) => {
		const request = await requestOf(fence, toolCall, title, offered);
		const either = signal === undefined ? cancelled.signal : AbortSignal.any([cancelled.signal, signal]);
		const isOwn = options.isOwnTool?.(toolCall) === true;
		return { request, verdict: isOwn ? ownTool : await door.decide(request, either, options.hide) };
	};
	const refuse = async (toolCall: Foreign, title: string): Promise<string | undefined> => {
		const { request, verdict } = await decide(toolCall, title);
		if (verdict.isAllowed) {
			return undefined;
		}
		noteRejected(title);
		tell({
			kind: 'permission',
			text: `Rejected: ${title} (${verdict.why})`,
			data: { title, answer: 'rejected', ...verdict.data, paths: shownPaths(request) },
		});
		return verdict.why;
	};

	return {
		rejected,
		refuseCommand: (command) => refuse({ title: command, kind: 'execute' }, displayLine(command)),
		refuseFile: (kind, path) =>
			refuse(
				{ kind, locations: [{ path }] },
				`${kind === 'read' ? 'Read' : 'Write'} ${displayLine(fence.show(path))}`,
			),
		cancelAll() {
			cancelled.abort();
		},
		answerAgain() {
			cancelled = cancelled.signal.aborted ? new AbortController() : cancelled;
		},
		async answer(request, signal) {
			const { signal: cancelSignal } = cancelled;
			const toolCall = options.toolCall(objectAt(request, 'toolCall') ?? {});
			const title = nameOf(toolCall, fence);
			const offered = objectsAt(request, 'options');
			const kinds = offered.flatMap((option) =>
				textAt(option, 'optionId') === undefined ? [] : (textAt(option, 'kind') ?? []),
			);
			const { request: asked, verdict } = await decide(toolCall, title, kinds, signal);
			const isCancelled = cancelSignal.aborted || signal?.aborted === true || verdict.isCancelled;
			const kind = isCancelled ? undefined : chooseOption(kinds, verdict);
			const option = offered.find(
				(each) => kind !== undefined && each['kind'] === kind && textAt(each, 'optionId') !== undefined,
			);
			const isAllowed = kind === 'allow_once' || kind === 'allow_always';
			if (!isAllowed) {
				noteRejected(title);
			}
			const optionId = textAt(option, 'optionId');
			tell({
				kind: 'permission',
				text: answerText(title, verdict, { isCancelled, isAllowed, hasOption: optionId !== undefined }),
				data: {
					toolCallId: textAt(toolCall, 'toolCallId'),
					title,
					answer: optionId === undefined ? 'cancelled' : isAllowed ? 'allowed' : 'rejected',
					optionId,
					optionKind: kind,
					...verdict.data,
					paths: shownPaths(asked),
					offered: offered.slice(0, 20).map((item) => displayLine(textAt(item, 'kind') ?? '')),
				},
			});
			return { outcome: optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } };
		},
	};
}

/** More than a person would read. */
const mostCommands = 100;
const mostRejected = 20;

/** What the door is asked: kinds, commands and paths of the tool call, with every path followed to where it leads. */
async function requestOf(
	fence: WorktreeFence,
	toolCall: Foreign,
	title: string,
	offered: readonly string[] | undefined,
): Promise<Omit<PermissionRequest, 'agent'>> {
	const { paths, isComplete } = namedPaths(toolCall, await fence.roots());
	const commands = namedCommands(toolCall);
	return {
		title,
		kinds: namedKinds(toolCall),
		paths: await Promise.all(paths.map((path) => fence.place(path))),
		commands: commands.slice(0, mostCommands),
		isComplete: isComplete && commands.length <= mostCommands,
		offered: offered ?? [],
		isServed: offered === undefined,
	};
}

const shownPaths = ({ paths }: Omit<PermissionRequest, 'agent'>): string[] =>
	paths.slice(0, 20).map(({ named }) => displayLine(named));

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

function answerText(
	title: string,
	verdict: PermissionVerdict,
	answer: { readonly isCancelled: boolean; readonly isAllowed: boolean; readonly hasOption: boolean },
): string {
	if (answer.isCancelled) {
		return `Cancelled: ${title} (the work was cancelled)`;
	}
	if (answer.isAllowed) {
		return `Allowed: ${title} (${verdict.why})`;
	}
	const why = verdict.isAllowed ? 'the agent offers no way to allow it just once' : verdict.why;
	return answer.hasOption
		? `Rejected: ${title} (${why})`
		: `Cancelled: ${title} (${why}, and there is no option to reject)`;
}
