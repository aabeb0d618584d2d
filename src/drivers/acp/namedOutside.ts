// Owns finding the files outside of its places that an agent's tool calls name as something they change, for whoever looks afterwards
// whether they did. What is only read is nobody's business here.

import { realpath } from 'node:fs/promises';
import { isAbsolutePath } from '../../base/isAbsolutePath.ts';
import type { ContainmentPlan } from '../../core/containment/containmentPlan.ts';
import { mayWrite } from '../../core/containment/containmentPlan.ts';
import type { PlacedPath } from '../../core/policy/permissionRequest.ts';
import type { Foreign } from './acpRead.ts';
import { objectsAt } from './acpRead.ts';
import { namedKinds, namedPaths } from './toolPaths.ts';
import type { WorktreeFence } from '../worktreeFence.ts';

export interface NamedOutside {
	/** `announced` is what the agent said just now, `call` all it said of that call. */
	look(announced: Foreign, call: Foreign): void;
	/** Resolves when everything named so far is told. */
	idle(): Promise<void>;
}

const harmlessKinds = ['read', 'search', 'fetch', 'think', 'switch_mode'];
/** Calls of one session that are looked at: whoever makes more hides nothing from the look at the open tree. */
const mostLooks = 5_000;

export function createNamedOutside(
	fence: Pick<WorktreeFence, 'place' | 'roots'>,
	plan: ContainmentPlan,
	tell: (path: string) => void,
): NamedOutside {
	const places = realPlan(plan);
	const known = new Set<string>();
	let looks = 0;
	let looking: Promise<void> = Promise.resolve();

	const lookAt = async (call: Foreign) => {
		// Output can be huge, and is what a command read as well as what it did.
		const diffs = objectsAt(call, 'content').filter(({ type }) => type === 'diff');
		for (const path of namedPaths({ ...call, content: diffs }, await fence.roots()).paths) {
			if (!known.has(path)) {
				known.add(path);
				const real = realNameOf(await fence.place(path));
				if (real !== undefined && !mayWrite(await places, real)) {
					tell(real);
				}
			}
		}
	};
	return {
		look(announced, call) {
			const saysMore =
				['locations', 'rawInput', 'title'].some((key) => (announced[key] ?? null) !== null) ||
				objectsAt(announced, 'content').some(({ type }) => type === 'diff');
			if (!saysMore || looks >= mostLooks || namedKinds(call).every((kind) => harmlessKinds.includes(kind))) {
				return;
			}
			looks += 1;
			looking = looking.then(() => lookAt(call)).catch(() => undefined);
		},
		idle: () => looking,
	};
}

/** What is git's own cannot be placed, and is named as it is. */
function realNameOf({ place, names, named }: PlacedPath): string | undefined {
	if (place === 'outside') {
		return names[0];
	}
	return place === 'unknown' && isAbsolutePath(named) ? named : undefined;
}

async function realPlan(plan: ContainmentPlan): Promise<ContainmentPlan> {
	const rules = await Promise.all(
		plan.rules.map(async (rule) => ({ ...rule, path: await realpath(rule.path).catch(() => rule.path) })),
	);
	// Devices are there to be written to.
	return { ...plan, rules: [...rules, { access: 'write', path: '/dev' }, { access: 'write', path: '/proc' }] };
}
