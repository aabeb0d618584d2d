// Owns the decision: allow, ask or deny. Pure, and the only place that decides. A rule that denies wins wherever it stands; among
// the others the first that applies does. What forbids looks through guises; what allows must cover everything as it is written.

import { displayLine } from '../../base/text.ts';
import { dreamosFolder, policyPath } from '../paths.ts';
import type { Settings } from '../settings.ts';
import type { CommandPart } from './commandLine.ts';
import { commandParts } from './commandLine.ts';
import type { PermissionRequest, PlacedPath } from './permissionRequest.ts';
import { hasJoker, isAnyText, matchesPath, isOutsidePattern, matchesText, mayLieBelow } from './policyPattern.ts';
import type { PolicyReading } from './readPolicy.ts';
import type { PolicyDecision, PolicyRule, ToolKind } from './policyRule.ts';

export interface PolicyFacts {
	readonly reading: PolicyReading;
	/** What holds inside the worktree where no rule says anything. */
	readonly setting: Settings['agents.permissions'];
}

export interface Judgement {
	readonly decision: PolicyDecision;
	/** One phrase, to be read after "Allowed", "Asked" or "Denied". */
	readonly why: string;
	/** The rule that decided; undefined where none did. */
	readonly rule?: PolicyRule;
}

/** One thing of a request: each of its kinds with each of its paths and commands. */
interface Part {
	readonly kind: ToolKind;
	readonly path: PlacedPath | undefined;
	readonly command: CommandPart | undefined;
	/** Whether `command` says everything it runs. */
	readonly isCertain: boolean;
}

/** Kinds that may be allowed outside the worktree at all, by a rule that names the place. Nothing is ever written there. */
const liftableKinds: readonly ToolKind[] = ['read', 'search', 'execute'];
const writingKinds: readonly ToolKind[] = ['edit', 'delete', 'move', 'other', 'execute'];
/** Kinds that change nothing; the setting "ask" does not ask about them. */
const lookingKinds: readonly ToolKind[] = ['read', 'search', 'think'];
const takingKinds: readonly ToolKind[] = ['delete', 'move'];
const strictness: Readonly<Record<PolicyDecision, number>> = { allow: 0, ask: 1, deny: 2 };
/** More combinations than a person could mean; what names so much is denied. */
const mostParts = 2000;

/** Judges each part of a request; the strictest judgement is the whole's. */
export function decidePermission(facts: PolicyFacts, request: PermissionRequest): Judgement {
	if (!request.isComplete) {
		return { decision: 'deny', why: 'it names more paths than can be checked' };
	}
	const refusal = request.paths.map(refusePath).find((why) => why !== undefined);
	if (refusal !== undefined) {
		return { decision: 'deny', why: refusal };
	}
	const parts = partsOf(request);
	if (parts === undefined) {
		return { decision: 'deny', why: 'it names more than can be checked' };
	}
	let worst: Judgement | undefined;
	for (const part of parts) {
		const judgement = judge(facts, request, part);
		if (worst === undefined || strictness[judgement.decision] > strictness[worst.decision]) {
			worst = judgement;
		}
		if (worst.decision === 'deny') {
			break;
		}
	}
	return worst ?? byDefault(facts, request, 'other');
}

/** What a request is made of, as keys: a person who allowed these allowed our doing them. */
export function partKeys(request: PermissionRequest): string[] {
	const keys = (partsOf(request) ?? []).map(({ kind, path, command }) =>
		JSON.stringify([kind, command === undefined ? (path?.names[0] ?? null) : command.text]),
	);
	return [...new Set(keys)];
}

function refusePath({ place, named }: PlacedPath): string | undefined {
	return place === 'unknown' ? `it names ${displayLine(named)}, which is not inside the worktree` : undefined;
}

function partsOf({ kinds, paths, commands }: PermissionRequest): Part[] | undefined {
	const parts: Part[] = [];
	const everywhere = paths.length === 0 ? [undefined] : paths;
	for (const kind of new Set<ToolKind>(kinds.length === 0 ? ['other'] : kinds)) {
		const read = kind === 'execute' ? commands.map((line) => commandParts(line)) : [];
		const lines = read.flatMap(({ parts: each, isCertain }) => each.map((command) => ({ command, isCertain })));
		for (const line of lines.length === 0 ? [{ command: undefined, isCertain: true }] : lines) {
			for (const path of everywhere) {
				parts.push({ kind, path, ...line });
			}
			if (parts.length > mostParts) {
				return undefined;
			}
		}
	}
	return parts;
}

function judge(facts: PolicyFacts, request: PermissionRequest, part: Part): Judgement {
	const { rules, doubt } = facts.reading;
	const denying = rules.find((rule) => rule.decision === 'deny' && appliesLoosely(rule, request, part));
	if (denying !== undefined) {
		return byRule(denying);
	}
	const isOutside = part.path?.place === 'outside';
	const outside = `it names ${displayLine(part.path?.named ?? '')}, which is not inside the worktree`;
	if (isOutside && !liftableKinds.includes(part.kind)) {
		return { decision: 'deny', why: outside };
	}
	if (part.path?.names.some(isForPeople) === true && writingKinds.includes(part.kind)) {
		return { decision: 'deny', why: `${dreamosFolder}/ is changed by people only` };
	}
	for (const rule of rules) {
		// Only a rule that names the very place opens anything outside; one without a place does not mean the whole machine.
		if (isOutside && !namesOutside(rule, part)) {
			continue;
		}
		if (rule.decision === 'ask' && appliesLoosely(rule, request, part)) {
			return byRule(rule);
		}
		if (rule.decision === 'allow' && appliesStrictly(rule, request, part)) {
			return doubt === undefined ? byRule(rule) : byDefault(facts, request, part.kind);
		}
	}
	return isOutside ? { decision: 'deny', why: outside } : byDefault(facts, request, part.kind);
}

/** Whether a rule names the place of a path outside, by a pattern that begins there. */
const namesOutside = ({ paths }: PolicyRule, { path }: Part): boolean =>
	paths?.some(
		(pattern) => isOutsidePattern(pattern) && (path?.names ?? []).some((name) => matchesPath(pattern, name, false)),
	) === true;

const isForPeople = (name: string): boolean => `${name}/`.toLowerCase().startsWith(`${dreamosFolder}/`);

function byRule(rule: PolicyRule): Judgement {
	const reason = rule.reason === undefined ? '' : `: ${displayLine(rule.reason)}`;
	return { decision: rule.decision, why: `${policyPath}, line ${rule.line}${reason}`, rule };
}

function byDefault({ reading, setting }: PolicyFacts, { paths }: PermissionRequest, kind: ToolKind): Judgement {
	if (setting === 'deny') {
		return { decision: 'deny', why: 'the setting dreamos.agents.permissions is "deny"' };
	}
	if (reading.doubt !== undefined) {
		const { line, message } = reading.doubt;
		return { decision: 'ask', why: `${policyPath} cannot be relied on (line ${line}: ${message})` };
	}
	const shown = paths.slice(0, 3).map(({ names: [name = ''] }) => displayLine(name));
	const list =
		paths.length > shown.length ? `${shown.join(', ')} and ${paths.length - shown.length} more` : shown.join(', ');
	return setting === 'ask' && !lookingKinds.includes(kind)
		? { decision: 'ask', why: 'no rule says anything, and the setting dreamos.agents.permissions is "ask"' }
		: { decision: 'allow', why: paths.length === 0 ? 'it names no path' : `it stays in the worktree: ${list}` };
}

/** Where in doubt, it applies. */
function appliesLoosely(rule: PolicyRule, request: PermissionRequest, { kind, path, command }: Part): boolean {
	const texts = command === undefined ? [] : [command.text, ...command.guises];
	const isUnread = command?.isRead === false;
	return (
		rule.kinds?.includes(kind) !== false &&
		isAmong(rule.agents, [request.agent]) &&
		isAmong(rule.titles, [request.title]) &&
		(isUnread || isAmong(rule.commands, [...texts, ...(kind === 'execute' ? request.commands : [])])) &&
		(isUnread ||
			rule.paths === undefined ||
			rule.paths.some((pattern) => meansLoosely(pattern, kind, path, command?.words ?? [])))
	);
}

function meansLoosely(
	pattern: string,
	kind: ToolKind,
	path: PlacedPath | undefined,
	words: readonly string[],
): boolean {
	return (
		path?.names.some((name) => matchesPath(pattern, name, true)) === true ||
		words.some((word) => matchesPath(pattern, word, true)) ||
		(takingKinds.includes(kind) && path?.place === 'inside' && mayLieBelow(pattern, path.names[0] ?? ''))
	);
}

/** Only what certainly is meant. */
function appliesStrictly(
	rule: PolicyRule,
	request: PermissionRequest,
	{ kind, path, command, isCertain }: Part,
): boolean {
	return (
		rule.kinds?.includes(kind) !== false &&
		isAmong(rule.agents, [request.agent]) &&
		isAmong(rule.titles, [request.title]) &&
		(rule.commands === undefined ||
			(command !== undefined &&
				rule.commands.some(
					(pattern) =>
						matchesText(pattern, command.text) && (isCertain || isAnyText(pattern) || !hasJoker(pattern)),
				))) &&
		(rule.paths === undefined ||
			(path !== undefined &&
				rule.paths.some((pattern) => path.names.some((name) => matchesPath(pattern, name, false)))))
	);
}

const isAmong = (patterns: readonly string[] | undefined, texts: readonly string[]): boolean =>
	patterns === undefined || patterns.some((pattern) => texts.some((text) => matchesText(pattern, text)));
