// Owns doors of permission for driver tests: the real decision over a setting and rules, without a ledger. Where the rules say to
// ask, a test says what the person answers.

import type { PermissionDoor } from '../../src/core/driver/driver.ts';
import { decidePermission } from '../../src/core/policy/decidePermission.ts';
import type { PermissionRequest } from '../../src/core/policy/permissionRequest.ts';
import { readPolicy } from '../../src/core/policy/readPolicy.ts';
import type { Settings } from '../../src/core/settings.ts';

export interface DoorParts {
	readonly setting?: Settings['agents.permissions'];
	/** Text of `.dreamos/policies.yaml`. */
	readonly rules?: string;
	/** What the person answers; never answered without it. */
	readonly answer?: (request: PermissionRequest) => Promise<{ isAllowed: boolean; isRemembered?: boolean }>;
}

export function permissionDoor({ setting = 'allowInWorktree', rules = '', answer }: DoorParts = {}): PermissionDoor {
	return {
		mayRunCommands: setting !== 'deny',
		waitedMilliseconds: () => 0,
		async decide(asked, signal) {
			const request = { ...asked, agent: 'Agent-1' };
			const { decision, why } = decidePermission({ reading: await readPolicy(rules), setting }, request);
			if (decision !== 'ask') {
				return { isAllowed: decision === 'allow', why, isRemembered: false, isCancelled: false, data: {} };
			}
			const cancelled = new Promise<{ isAllowed: boolean; isRemembered?: boolean }>((resolve) => {
				signal.addEventListener('abort', () => resolve({ isAllowed: false }), { once: true });
			});
			const given = await Promise.race([cancelled, ...(answer === undefined ? [] : [answer(request)])]);
			return { isRemembered: false, isCancelled: false, ...given, why: 'the person chose so', data: {} };
		},
	};
}
