// Owns one of many processes that claim from the same ledger (see crowdMember.ts).

import { isDreamError } from '../../src/base/errors.ts';
import { claimOne } from './claimRate.ts';
import { joinCrowd, warmUpClaims } from './crowdMember.ts';
import { openBenchLedger } from './seededLedger.ts';
import { taskId } from './taskId.ts';

await joinCrowd(async ({ path, tasks }, number) => {
	const worker = `Agent-${number}`;
	const ledger = await openBenchLedger(path);
	return {
		warmUp: (index) => claimOne(ledger, taskId(tasks + (number - 1) * warmUpClaims + index), worker),
		async claim(index) {
			try {
				await claimOne(ledger, taskId(index), worker);
				return 'granted';
			} catch (error) {
				if (isDreamError(error, 'task.illegalMove')) {
					return 'refused';
				}
				if (isDreamError(error, 'ledger.busy')) {
					return 'busy';
				}
				throw error;
			}
		},
		close: () => ledger.dispose(),
	};
});
